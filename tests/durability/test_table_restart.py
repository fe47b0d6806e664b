"""What a table process must not forget when it is started again: its lockout, and the disk it records on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opentraction.app.plans import read_plan
from opentraction.quantities import vocabulary as v
from opentraction.session.lockout import Lockout
from opentraction.session.reader import read_session
from tests.clearing import binding_of
from tests.table_client import ROOT, TableClient, start_table

NOW = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
PATIENT = ROOT / "examples" / "patient.toml"
PROTOCOL = "vax-d-1997"


class Site:
    """A data folder and the table processes that come and go in it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.begin()

    def begin(self) -> None:
        self.process = start_table(self.data / "s", self.data, "--speed", "5")
        self.client = TableClient(self.data / "s")
        self.client.ask("hello")

    def end(self, how: str = "terminate") -> None:
        self.client.close()
        getattr(self.process, how)()
        self.process.wait(30)
        (self.data / "s").unlink(missing_ok=True)

    def bind(self, uid: str) -> dict[str, object]:
        plan, person = read_plan(PROTOCOL, PATIENT, 1)
        words = binding_of(plan, person)
        return self.client.ask("bind", session=uid, operator="Ada", **words)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    lockout = Lockout(tmp_path / "table" / "lockouts.jsonl")
    lockout.fault(v.SENSORS_DISAGREE, "session-1", NOW)
    lockout.flush()
    made = Site(tmp_path)
    yield made
    made.end()


def break_the_cable(site: Site, uid: str) -> None:
    site.client.prepare(PROTOCOL, PATIENT, uid)
    assert site.client.ask("start", operator="Ada")["ok"]
    site.client.until("rise")
    site.client.ask("simulate", what="cable-break")
    site.client.until("safe")


@pytest.mark.parametrize("how", ["terminate", "kill"])
def test_a_lockout_outlives_the_process_however_it_ends(how: str, site: Site) -> None:
    break_the_cable(site, "locked-0001")
    site.end(how)
    for _ in range(2):
        site.begin()
        refused = site.bind("locked-0002")
        assert refused["ok"] is False
        assert "two faults in a row: force sensors disagree, then " in str(refused["why"])
        site.client.until("lockout")
        site.end(how)
    site.begin()
    assert site.client.ask("reset", operator="Ada", reason="Cable replaced and tested.")["ok"]
    assert site.bind("locked-0003")["ok"]
    site.end(how)
    site.begin()
    assert site.bind("locked-0004")["ok"]


def test_a_recordings_folder_deleted_under_a_treatment_is_told_and_written_again(site: Site) -> None:
    site.client.prepare(PROTOCOL, PATIENT, "deleted-0001")
    assert site.client.ask("start", operator="Ada")["ok"]
    site.client.until("rise")
    shutil.rmtree(site.data / "recordings")
    while not any(alarm["id"] == "A15" for alarm in site.client.telemetry["alarms"]):
        site.client.hear()
    while not site.client.telemetry["recording"]["on"]:
        site.client.hear()
    assert site.client.telemetry["phase"] in {"rise", "hold"}, "the treatment goes on"
    site.client.ask("stop")
    site.client.until("safe")
    site.end()
    recording = read_session(site.data / "recordings" / "deleted-0001")
    assert recording.remarks == []
    assert recording.rows["phase"][0] == v.IDLE or recording.rows["phase"][0] == v.SETUP
    notes = [event["text"] for event in recording.events if event["kind"] == "note"]
    assert any("was deleted or moved" in text for text in notes)
    assert "recording again" in notes
    site.begin()
