"""kill -9 at a random microsecond of recording, taking in, migrating and reporting, against a ledger over a pipe.

OPENTRACTION_KILLS is how many are killed in all (default 12; the figure of docs/engineer/durability.md is 1000): half
while recording, a fifth each while taking in and reporting, a tenth while migrating.
"""

from __future__ import annotations

import json
import random
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest

from opentraction.session.log_chain import verify
from opentraction.session.reader import read_session
from opentraction.session.recorder import DOCUMENTS, EDF
from opentraction.session.recovery import recover
from tests.durability.figures import FULL, KILLS, tell_figure
from tests.durability.nursery_client import OUTCOMES, Nursery, asked, copied, whole
from tests.readers import READERS
from tests.table_client import TableClient, start_table

NOW = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
ALL = KILLS or 12
RESTART_S = 3.0


class Kills:
    """So many kills of one kind; a run that ended before its kill does not count."""

    def __init__(self, share: float) -> None:
        self.wanted, self.killed, self.runs = max(1, round(ALL * share)), 0, 0

    def left(self) -> bool:
        return self.killed < self.wanted

    def count(self, answer: tuple[list[str], float]) -> list[str]:
        """What was acknowledged by the run that this is the answer of."""
        self.runs += 1
        self.killed += "closed" not in answer[0]
        return answer[0]


def test_a_killed_recording_keeps_what_was_acknowledged(nursery: Nursery, tmp_path: Path) -> None:
    chance = random.Random(1)
    _, whole_s = nursery.do("record", tmp_path / "whole")
    slowest, kills = 0.0, Kills(0.5)
    while kills.left():
        folder = tmp_path / "one"
        said = kills.count(nursery.do("record", folder, chance.uniform(0.0, whole_s)))
        if (folder / DOCUMENTS).exists() or said:
            slowest = max(slowest, _recovered(folder, said, every_reader=kills.runs % 10 == 0))
        shutil.rmtree(folder, ignore_errors=True)
    assert slowest <= RESTART_S
    tell_figure("D1 recording", killed=kills.killed, runs=kills.runs, slowest_restart_s=round(slowest, 3))


def _recovered(folder: Path, said: list[str], every_reader: bool) -> float:
    """How long it took to close it [s]."""
    rows = max((int(line.split()[1]) for line in said if line.startswith("rows")), default=0)
    events = {tuple(json.loads(line.split(" ", 1)[1])) for line in said if line.startswith("event")}
    if not verify(folder / DOCUMENTS).documents:
        assert not said, "a session of which anything was acknowledged has its start"
        return 0.0
    began = time.perf_counter()
    recover(folder, NOW)
    took = time.perf_counter() - began
    recording = read_session(folder)
    assert recording.ending == ("completed" if "closed" in said else recording.ending)
    assert recording.ending in {"interrupted", "completed"}
    assert recording.remarks == []
    assert recording.duration >= rows // 200
    assert events <= {(doc["t"], f"{doc['kind']}: {doc['text']}") for doc in recording.events}
    for name, reader in READERS.items():
        if every_reader or name == "pyedflib":
            seconds, notes = reader(folder / EDF)
            assert seconds >= rows // 200
            assert events <= set(notes)
    return took


@pytest.mark.parametrize("number", range(20 if FULL else 1))
def test_a_table_started_again_closes_what_was_killed(nursery: Nursery, number: int, tmp_path: Path) -> None:
    """The whole process, from its start to its first answer; on a busy machine only the full figure is held to 3 s."""
    folder = tmp_path / "recordings" / "one"
    folder.parent.mkdir()
    chance, said = random.Random(number), list[str]()
    while not said or "closed" in said:
        shutil.rmtree(folder, ignore_errors=True)
        said, _ = nursery.do("record", folder, chance.uniform(0.0, 0.2))
    began = time.perf_counter()
    process = start_table(tmp_path / "s", tmp_path)
    client = TableClient(tmp_path / "s")
    try:
        assert client.ask("hello")["ok"]
        took = time.perf_counter() - began
        assert read_session(folder).ending == "interrupted"
    finally:
        client.socket.close()
        process.kill()
        process.wait()
    assert took <= RESTART_S or not FULL
    tell_figure("D1 restart of the table", number=number, seconds=round(took, 3))


def test_a_killed_import_keeps_what_was_acknowledged(
    nursery: Nursery, clinic: tuple[Path, list[str]], tmp_path: Path
) -> None:
    template, names = clinic
    chance = random.Random(2)
    _, whole_s = nursery.do("take in", copied(template, tmp_path / "calm"))
    calm = asked(tmp_path / "calm", OUTCOMES)
    slowest, kills = 0.0, Kills(0.2)
    while kills.left():
        data = copied(template, tmp_path / "shaken")
        said = kills.count(nursery.do("take in", data, chance.uniform(0.0, whole_s)))
        began = time.perf_counter()
        taken = {name for (name,) in asked(data, "SELECT id FROM clinic_treatmentsession WHERE ending <> ''")}
        slowest = max(slowest, time.perf_counter() - began)
        assert {line.split()[1].replace("-", "") for line in said if line.startswith("taken")} <= {
            str(name).replace("-", "") for name in taken
        }
        whole(data)
        nursery.do("take in", data)
        assert asked(data, OUTCOMES) == calm
        acts = asked(data, "SELECT count(*) FROM clinic_auditrow WHERE act = 'take in recording'")
        assert acts == [(len(names),)]
    assert slowest <= RESTART_S
    tell_figure("D1 import", killed=kills.killed, runs=kills.runs, slowest_restart_s=round(slowest, 3))


def test_a_killed_report_is_whole_or_the_one_before(
    nursery: Nursery, clinic: tuple[Path, list[str]], tmp_path: Path
) -> None:
    chance = random.Random(3)
    template, names = clinic
    folder = tmp_path / "one"
    shutil.copytree(template / "recordings" / names[0], folder)
    _, whole_s = nursery.do("report", folder)
    before = (folder / "report.pdf").stat().st_size
    kills = Kills(0.2)
    while kills.left():
        # Half of them in the last twentieth, where the file is written.
        delay = chance.uniform(0.0, whole_s) if chance.random() < 0.5 else chance.uniform(0.95 * whole_s, whole_s)
        kills.count(nursery.do("report", folder, delay))
        content = (folder / "report.pdf").read_bytes()
        assert content.rstrip().endswith(b"%%EOF")
        assert abs(len(content) - before) < 100
    assert len(pypdf.PdfReader(folder / "report.pdf").pages) >= 1
    tell_figure("D1 report", killed=kills.killed, runs=kills.runs)


def test_a_killed_migration_goes_on(nursery: Nursery, old: Path, tmp_path: Path) -> None:
    chance, template = random.Random(4), old
    _, whole_s = nursery.do("migrate", copied(template, tmp_path / "calm"))
    schema = "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"
    calm = asked(tmp_path / "calm", schema)
    data, kills = copied(template, tmp_path / "shaken"), Kills(0.1)
    while kills.left():
        known = set(asked(data, "SELECT app, name FROM django_migrations"))
        said = kills.count(nursery.do("migrate", data, chance.uniform(0.0, 0.6 * whole_s)))
        now = set(asked(data, "SELECT app, name FROM django_migrations"))
        assert known | {tuple(line.split()[1].split(".", 1)) for line in said if line.startswith("applied")} <= now
        whole(data)
        assert asked(data, "SELECT count(*) FROM auth_user WHERE username LIKE 'user-%'") == [(200,)]
        if "closed" in said or not kills.left():
            nursery.do("migrate", data)
            assert asked(data, schema) == calm
            data = copied(template, data)
    tell_figure("D1 migration", killed=kills.killed, runs=kills.runs, whole_s=round(whole_s, 2))
