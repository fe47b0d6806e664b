"""The lockout: two faults of the machine lock the table; only a recorded reset ends that, no rebinding, no restart."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opentraction.quantities import BadInput
from opentraction.quantities import vocabulary as v
from opentraction.session.lockout import MACHINE_FAULTS, UNREADABLE, Lockout
from opentraction.session.log_chain import verify

NOW = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
REASON = "Cable replaced, cells compared at 0 N and 300 N."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table" / "lockouts.jsonl"


def locked(path: Path | None) -> Lockout:
    made = Lockout(path)
    made.fault(v.SENSORS_DISAGREE, "session-1", NOW)
    made.fault(v.CABLE_LOOSE, "session-2", NOW)
    made.flush()
    return made


def test_one_fault_does_not_lock_and_a_completed_session_clears_it(path: Path) -> None:
    lockout = Lockout(path)
    lockout.fault(v.SENSOR_FROZEN, "session-1", NOW)
    assert not lockout.locked
    lockout.completed("session-2", NOW)
    lockout.fault(v.SENSOR_FROZEN, "session-3", NOW)
    assert not lockout.locked


def test_two_faults_lock_and_say_which(path: Path) -> None:
    assert locked(path).why == "two faults in a row: force sensors disagree, then cable or harness loose"


def test_the_first_fault_is_remembered_over_a_restart(path: Path) -> None:
    before = Lockout(path)
    before.fault(v.DRIVE_FAULT, "session-1", NOW)
    before.flush()
    after = Lockout(path)
    after.fault(v.DRIVE_FAULT, "session-2", NOW)
    assert after.locked


def test_a_restart_does_not_unlock(path: Path) -> None:
    why = locked(path).why
    for _ in range(3):
        after = Lockout(path)
        assert (after.why, after.since) == (why, NOW.isoformat(timespec="seconds"))


def test_a_completed_session_does_not_unlock(path: Path) -> None:
    lockout = locked(path)
    lockout.completed("session-3", NOW)
    assert lockout.locked


def test_a_reset_is_recorded_before_it_counts_and_begins_anew(path: Path) -> None:
    lockout = locked(path)
    lockout.reset("Ada", REASON, NOW)
    assert not lockout.locked
    after = Lockout(path)
    assert not after.locked
    after.fault(v.CABLE_LOOSE, "session-4", NOW)
    assert not after.locked, "the faults before the reset no longer count"
    after.flush()
    log = verify(path)
    assert log.whole
    assert [doc["doc"] for doc in log.documents] == ["fault", "lockout", "reset", "fault"]
    told = log.documents[2]
    assert (told["by"], told["reason"]) == ("Ada", REASON)
    assert told["of"].startswith("two faults in a row")


@pytest.mark.parametrize(
    ("by", "reason", "where"),
    [("", REASON, "operator"), ("  ", REASON, "operator"), ("Ada", "", "reason"), ("Ada", "ok", "reason")],
)
def test_a_reset_needs_an_author_and_a_reason(by: str, reason: str, where: str, path: Path) -> None:
    lockout = locked(path)
    with pytest.raises(BadInput) as caught:
        lockout.reset(by, reason, NOW)
    assert caught.value.where == where
    assert lockout.locked
    assert Lockout(path).locked


def test_a_table_that_is_not_locked_has_nothing_to_reset() -> None:
    with pytest.raises(BadInput, match="a table that is locked"):
        Lockout().reset("Ada", REASON, NOW)


def test_a_reset_that_cannot_be_recorded_does_not_count(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lockout = locked(path)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("os.pwrite", full)
        with pytest.raises(BadInput, match="No space left on device"):
            lockout.reset("Ada", REASON, NOW)
    assert lockout.locked
    lockout.reset("Ada", REASON, NOW)
    assert not Lockout(path).locked


def forged(raw: bytes) -> bytes:
    """The lockout line turned into a reset by hand."""
    lines = raw.splitlines(keepends=True)
    doc = json.loads(lines[-1]) | {"doc": "reset"}
    return b"".join(lines[:-1]) + json.dumps(doc).encode() + b"\n"


SPOILT = {
    "torn": lambda raw: raw[:-5],
    "forged": forged,
    "garbage": lambda raw: b"\x00\xff" * 50,
    "line dropped": lambda raw: b"".join(raw.splitlines(keepends=True)[1:]),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_record_that_cannot_be_believed_means_locked_until_a_reset(how: str, path: Path) -> None:
    locked(path)
    path.write_bytes(SPOILT[how](path.read_bytes()))
    spoilt = path.read_bytes()
    after = Lockout(path)
    assert after.why == UNREADABLE
    after.reset("Ada", REASON, NOW)
    assert not Lockout(path).locked
    aside = [file for file in path.parent.iterdir() if file != path]
    assert [file.read_bytes() for file in aside] == [spoilt], "what was found is kept"


def test_causes_of_the_machine_and_no_others() -> None:
    people = {v.PATIENT_STOP, v.CLINICIAN_STOP, v.CONSOLE_STOP, v.CONSOLE_LOST, v.FINISHED, v.SHUT_DOWN, v.NO_CAUSE}
    patient = {v.PATIENT_RESISTING, v.PATIENT_MOVED, v.REPEATED_SLIP, v.REMOTE_UNPLUGGED, v.TOO_LONG, v.POWER_LOST}
    assert set(range(len(v.CAUSE_TEXTS))) == MACHINE_FAULTS | people | patient


def test_a_table_that_has_treated_and_lost_its_record_is_locked_until_a_reset(path: Path) -> None:
    Lockout(path, now=NOW)
    assert not Lockout(path, treated=True).locked
    path.unlink()
    lost = Lockout(path, treated=True)
    assert lost.locked
    assert "gone" in lost.why
    lost.reset("Ada", "the disk was exchanged, checked by hand", NOW)
    assert not Lockout(path, treated=True).locked


def test_an_emptied_record_is_a_lost_one(path: Path) -> None:
    Lockout(path, now=NOW)
    path.write_bytes(b"")
    assert Lockout(path, treated=True).locked


def test_a_lockout_that_could_not_be_written_is_written_at_the_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lockout = Lockout(path, now=NOW)

    def full(path: Path, doc: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("opentraction.session.lockout.append_line", full)
        lockout.lock("a fault at rest", "session-1", NOW)
        lockout.flush()
    lockout.flush()
    assert Lockout(path, treated=True).locked
