"""kill -9 of `treat` and of the table process at random moments: the recording opens everywhere, nothing whole is lost.

OPENTRACTION_KILLS sets how many of each are killed (default 4; the figures in docs/engineer/recording.md come from 50).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from opentraction.session.log_chain import verify
from opentraction.session.reader import read_session
from opentraction.session.recovery import recover
from tests.readers import READERS
from tests.table_client import ROOT, TableClient, start_table

KILLS = int(os.environ.get("OPENTRACTION_KILLS", "4"))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PATIENT = ROOT / "examples" / "patient.toml"
PROTOCOL = "vax-d-1997"


def treat(out: Path, speed: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "opentraction", "treat", PROTOCOL, "--patient", str(PATIENT), "--out", str(out)]
    command += ["--speed", speed, "--seed", "5", "--event", "20s:cough", "--no-report"]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, stdout=subprocess.DEVNULL)


def opened(folder: Path) -> tuple[int, set[tuple[float, str]]]:
    """Seconds and events, the same in all three readers."""
    found = [reader(folder / "session.edf") for reader in READERS.values()]
    seconds, notes = found[0]
    assert all(other == seconds for other, _ in found)
    assert all(set(other) == set(notes) for _, other in found)
    return seconds, set(notes)


def events_of(folder: Path, until: float) -> set[str]:
    """The logged events before a second, in the words the EDF file uses."""
    recording = verify(folder / "documents.jsonl")
    return {said(d) for d in recording.documents if d["doc"] == "event" and d["t"] < until}


def said(document: dict[str, Any]) -> str:
    """An event as the EDF file tells it."""
    return f"{document['kind']}: {document['text']}"


def check(folder: Path, at_least: int) -> None:
    seconds, notes = opened(folder)
    assert seconds >= at_least
    # An event is logged first: of the second that was still running its note may be missing until it is recovered.
    assert {text[:40] for text in events_of(folder, seconds - 1)} <= {text[:40] for _, text in notes}
    recover(folder, NOW)
    assert read_session(folder).documents[-1]["ending"] == "interrupted"
    after, notes = opened(folder)
    assert after >= seconds
    assert {text[:40] for text in events_of(folder, after)} <= {text[:40] for _, text in notes}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same treatment, not killed."""
    out = tmp_path_factory.mktemp("whole") / "out"
    assert treat(out, "max").wait(120) == 0
    return out


def samples(folder: Path, seconds: int) -> bytes:
    """Digital samples of the first seconds, without the header and the annotations."""
    import edfio

    edf = edfio.read_edf(folder / "session.edf")
    return b"".join(signal.digital[: seconds * 200].tobytes() for signal in edf.signals)


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_treatment_keeps_every_whole_second(number: int, tmp_path: Path, whole: Path) -> None:
    chance = random.Random(number)
    out = tmp_path / "out"
    process = treat(out, "60")
    edf = out / "session.edf"
    while not edf.exists() or edf.stat().st_size < 20_000:
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(chance.uniform(0.0, 3.0))
    process.kill()
    process.wait()
    seconds, _ = opened(out)
    # The last record may be the second that was still running; all before it is whole.
    assert samples(out, seconds - 1) == samples(whole, seconds - 1), "what was kept is what happened"
    check(out, 1)


class Pulling:
    """A table process in a pull of its own, and a console at it."""

    def __init__(self, data: Path, number: int) -> None:
        self.uid = f"kill-{number:04d}"
        self.folder = data / "recordings" / self.uid
        self.process = start_table(data / "s", data, "--seed", str(number))
        self.client = TableClient(data / "s")
        self.client.prepare(PROTOCOL, PATIENT, self.uid)
        assert self.client.ask("start", operator="test")["ok"]

    def pulls(self) -> bool:
        """Whether it came to a pull; on a machine so busy that the loop is 0.1 s late the guard ends it before."""
        while self.client.telemetry["phase"] not in {"pretension", "safe"}:
            self.client.hear()
        return bool(self.client.telemetry["phase"] == "pretension")

    def listen(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.client.hear()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.client.close()


@pytest.fixture
def pulling(number: int, tmp_path: Path) -> Iterator[Pulling]:
    for attempt in range(5):
        data = tmp_path / str(attempt)
        data.mkdir()
        made = Pulling(data, number)
        if made.pulls():
            break
        made.kill()
    yield made
    made.kill()


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_table_keeps_every_whole_second(number: int, pulling: Pulling) -> None:
    pulling.listen(random.Random(1000 + number).uniform(0.5, 4.0))
    seen = pulling.client.telemetry["t"]
    told = {said(d) for d in pulling.client.documents if d["doc"] == "event" and d["t"] < seen - 0.25}
    pulling.kill()
    # The second that had just ended may still have been on its way to the disk.
    check(pulling.folder, int(seen - 0.25))
    assert told <= events_of(pulling.folder, 1.0e9)
