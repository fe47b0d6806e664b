"""The table's process over its alarms: what it finds at its start, and a log that was altered locks it."""

from __future__ import annotations

from pathlib import Path

from opentraction.app.table_process import TableProcess
from opentraction.quantities.clock import FakeClock
from opentraction.session.lockout import ALARMS_UNREADABLE, Lockout
from tests.unit.test_alarm_log import STOP, Table, altered


def begin(data: Path) -> TableProcess:
    """A table process that has made one tick and sounds nothing."""
    process = TableProcess(data / "s", data, FakeClock(), 1)
    process.conductor.step()
    return process


def stands(process: TableProcess) -> dict[str, str]:
    return {one.alarm.id: one.state for one in process.conductor.board.standing()}


def test_what_nobody_had_seen_stands_and_sounds_in_the_first_tick(tmp_path: Path) -> None:
    table = Table(tmp_path / "table" / "alarms.jsonl")
    table.hear(STOP.bit, 1.0)
    table.cut_off()
    process = begin(tmp_path)
    assert stands(process) == {"A1": "latched"}
    assert process.sound._schedule.due(process.conductor.now) == "high"
    assert not process.conductor.lockout.locked
    process.close()


def test_a_log_that_was_altered_alarms_and_locks_until_a_clinician_resets(tmp_path: Path) -> None:
    path = tmp_path / "table" / "alarms.jsonl"
    table = Table(path)
    table.hear(STOP.bit, 1.0)
    table.cut_off()
    path.write_bytes(altered(path.read_bytes()))
    process = begin(tmp_path)
    assert process.conductor.lockout.why == ALARMS_UNREADABLE
    assert stands(process)["A17"] == "active"
    process.close()
    assert Lockout(tmp_path / "table" / "lockouts.jsonl").locked, "a restart does not forget it"
    process = begin(tmp_path)
    process.conductor.reset("Ada", "Compared with the recordings, nothing is missing.")
    process.conductor.step()
    assert stands(process)["A17"] == "latched"
    process.close()
