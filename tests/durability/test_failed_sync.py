"""A sync fails once: that file is never trusted again, another is written from memory, the time in doubt is told."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from opentraction.quantities import BadInput
from opentraction.session import documents
from opentraction.session.lockout import Lockout
from opentraction.session.log_chain import verify
from opentraction.session.reader import read_session
from opentraction.session.recorder import AGAIN, DOCUMENTS, EDF, REAL_TIME, Recorder
from tests.durability.figures import FULL, tell_figure
from tests.readers import READERS
from tests.synthetic import legs, make_rows, story

NOW = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
FAR = 10**9


class Failing:
    """The `number`-th sync of a file fails, and what it should have brought to the disk is dropped by the system.

    As Linux does: later syncs of the same file succeed although those bytes never reach the disk.
    """

    def __init__(self, patch: pytest.MonkeyPatch, name: str, number: int) -> None:
        self.name, self.left, self.failed = name, number, 0
        self.syncs_after = 0
        self._bad: int | None = None
        self._real: dict[str, Callable[..., None]] = {}
        for call in ("fdatasync", "fsync"):
            self._real[call] = getattr(os, call)
            patch.setattr(os, call, lambda descriptor, call=call: self._sync(call, descriptor))

    def _sync(self, call: str, descriptor: int) -> None:
        inode = os.fstat(descriptor).st_ino
        if Path(f"/proc/self/fd/{descriptor}").readlink().name == self.name:
            self.left -= 1
            if self.left == 0:
                self.failed, self._bad = self.failed + 1, inode
                raise OSError(errno.EIO, "Input/output error")
        self.syncs_after += inode == self._bad
        self._real[call](descriptor)


def syncs_in(name: str, folder: Path) -> int:
    """How many a whole session makes of one file."""
    with pytest.MonkeyPatch.context() as patch:
        disk = Failing(patch, name, FAR)
        told(Recorder(folder, REAL_TIME), lambda: None)
        return FAR - disk.left


def told(recorder: Recorder, after: Callable[[], object]) -> None:
    notes = [documents.event(0.9 * k, "note", f"note {k}") for k in range(1, 9)]
    for item in story(BLOCK, notes, size=50):
        recorder.rows(item) if isinstance(item, np.ndarray) else recorder.document(item)
        after()
    recorder.close()


BLOCK = make_rows(legs(cycles=1, hold=2.0, rest=1.0)[:3], noise=0.3)


@pytest.mark.parametrize("name", [EDF, DOCUMENTS])
def test_a_file_that_failed_to_sync_is_written_anew_whenever_it_fails(name: str, tmp_path: Path) -> None:
    count = syncs_in(name, tmp_path / "whole")
    numbers = sorted({*range(1, count + 1, 1 if FULL else 13), count - 1, count})
    for number in numbers:
        folder = tmp_path / str(number)
        _once(name, number, folder, last=count - 2)
    tell_figure(f"D5 {name}", syncs=count, failed=len(numbers))


def _once(name: str, number: int, folder: Path, last: int) -> None:
    """`last` is the number of the last sync before that of the last document."""
    alarms: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        disk = Failing(patch, name, number)
        try:
            recorder = Recorder(folder, REAL_TIME, alarms.append)
            told(recorder, lambda: None)
        except BadInput:
            assert number == 1, "only a session that cannot begin is refused"
            return
    assert (disk.failed, disk.syncs_after) == (1, 0), "a file that failed is never synced again"
    if number <= last:
        assert alarms[0].startswith("Not recording: ")
        assert alarms[-1] == AGAIN
    assert not recorder.degraded
    recording = read_session(folder)
    assert (recording.ending, recording.remarks, recording.duration) == ("completed", [], len(BLOCK) / 200)
    assert (folder / f"{name}.doubtful-1").exists()
    doubts = [e["data"] for e in recording.events if e["data"].get("doubtful")]
    assert len(doubts) == (number <= last), "after the last document nothing more is told"
    for doubt in doubts:
        assert doubt["file"] == name
        assert doubt["from"] < doubt["to"] <= doubt["from"] + 3.0
    assert verify(folder / DOCUMENTS).whole
    logged = {(round(e["t"], 6), f"{e['kind']}: {e['text']}") for e in recording.events}
    for reader in READERS.values():
        assert logged <= set(reader(folder / EDF)[1])


def test_until_it_is_written_anew_nothing_is_called_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alarms: list[str] = []
    seen: list[tuple[bool, str]] = []
    disk = Failing(monkeypatch, EDF, 6)
    recorder = Recorder(tmp_path, REAL_TIME, alarms.append)
    told(
        recorder,
        lambda: seen.append((disk.failed > 0 and not (tmp_path / f"{EDF}.doubtful-1").exists(), recorder.degraded)),
    )
    assert any(failed for failed, _ in seen)
    assert all(degraded for failed, degraded in seen if failed)


def test_a_disk_that_never_syncs_again_keeps_the_alarm_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms: list[str] = []
    recorder = Recorder(tmp_path, REAL_TIME, alarms.append)

    def refuse(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    items = list(story(BLOCK, size=50))
    for k, item in enumerate(items):
        if k == 10:
            monkeypatch.setattr(os, "fdatasync", refuse)
            monkeypatch.setattr(os, "fsync", refuse)
        recorder.rows(item) if isinstance(item, np.ndarray) else recorder.document(item)
    recorder.close()
    assert recorder.degraded.startswith("Not recording: ")
    assert AGAIN not in alarms
    assert read_session(tmp_path).duration == len(BLOCK) / 200
    assert {path.name for path in tmp_path.iterdir()} == {EDF, DOCUMENTS}


def test_a_lockout_that_failed_to_sync_is_not_taken_as_recorded(tmp_path: Path) -> None:
    path = tmp_path / "table" / "lockouts.jsonl"
    lockout = Lockout(path, now=NOW)
    lockout.lock("a fault", "session-1", NOW)
    lockout.flush()
    with pytest.MonkeyPatch.context() as patch:
        Failing(patch, path.name, 1)
        with pytest.raises(BadInput, match="a disk on which the reset can be recorded"):
            lockout.reset("Ada", "Cable replaced and tested.", NOW)
    assert Lockout(path, treated=True).locked, "nobody was told that it was reset"
    lockout.reset("Ada", "Cable replaced and tested.", NOW)
    assert [doc["doc"] for doc in verify(path).documents] == ["begun", "lockout", "reset"]
    assert not Lockout(path, treated=True).locked
