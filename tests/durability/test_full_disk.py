"""A disk that is full for a while, or fails to sync: the session goes on, the recorder says it, no half files."""

from __future__ import annotations

import errno
import os

import numpy as np
import pytest

from opentraction.session import documents
from opentraction.session.log_chain import verify
from opentraction.session.reader import read_session
from opentraction.session.recorder import DOCUMENTS, EDF, REAL_TIME, Recorder
from tests.readers import READERS
from tests.synthetic import legs, make_rows, story


class Disk:
    """Stands between the recorder and the file: full, half full (writes a part, then refuses), or unable to sync."""

    def __init__(self, monkeypatch):
        self.full = self.half = self.no_sync = False
        self._pwrite, self._sync = os.pwrite, os.fdatasync
        monkeypatch.setattr(os, "pwrite", self.pwrite)
        monkeypatch.setattr(os, "fdatasync", self.sync)

    def pwrite(self, descriptor, data, offset):
        grows = offset + len(data) > os.fstat(descriptor).st_size
        if self.half and grows and len(data) > 1:
            return self._pwrite(descriptor, data[: len(data) // 2], offset)
        if self.full and grows:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._pwrite(descriptor, data, offset)

    def sync(self, descriptor):
        if self.no_sync:
            raise OSError(errno.EIO, "Input/output error")
        return self._sync(descriptor)


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


def told(recorder, items, disk, full_from, full_to):
    """Tell a story during which the disk is full between two items."""
    for k, item in enumerate(items):
        disk.full = full_from <= k < full_to
        disk.half = disk.full and k % 2 == 0
        recorder.rows(item) if isinstance(item, np.ndarray) else recorder.document(item)
        yield


@pytest.mark.parametrize(("full_from", "full_to"), [(3, 9), (10, 11), (12, 40), (20, 90)])
def test_nothing_is_lost_when_space_returns(tmp_path, disk, full_from, full_to):
    block = make_rows(legs(cycles=1, hold=10.0), noise=0.3)
    items = list(story(block, [documents.event(0.5 * k, "note", f"note {k}") for k in range(1, 60)]))
    alarms = []
    recorder = Recorder(tmp_path, REAL_TIME, alarms.append)
    for _ in told(recorder, items, disk, full_from, full_to):
        log = verify(tmp_path / DOCUMENTS)
        assert (log.whole, log.torn) == (True, False)
        READERS["pyedflib"](tmp_path / EDF)
    recorder.close()
    assert alarms[0] == "Not recording: No space left on device."
    assert alarms[-1] == "Recording again; nothing was lost."
    recording = read_session(tmp_path)
    assert recording.duration == len(block) / 200
    np.testing.assert_allclose(recording.rows["measured"], block[:, 2], atol=0.03)
    assert len(recording.events) == sum(not isinstance(i, np.ndarray) and i["doc"] == "event" for i in items)
    assert {(e["t"], f"{e['kind']}: {e['text']}") for e in recording.events} <= set(recording.annotations)


def test_a_disk_full_to_the_end_keeps_what_came_before(tmp_path, disk):
    block = make_rows(legs(cycles=1, hold=10.0))
    recorder = Recorder(tmp_path, REAL_TIME)
    items = list(story(block))
    for _ in told(recorder, items, disk, 20, len(items) + 1):
        pass
    recorder.close()
    assert recorder.degraded
    seconds = sum(len(item) for item in items[:20] if isinstance(item, np.ndarray)) // 200
    for reader in READERS.values():
        assert reader(tmp_path / EDF)[0] >= seconds
    assert read_session(tmp_path).ending == "interrupted"


def test_a_failed_sync_is_never_called_saved(tmp_path, disk):
    alarms = []
    recorder = Recorder(tmp_path, REAL_TIME, alarms.append)
    items = list(story(make_rows(legs(cycles=1, hold=10.0))))
    for k, item in enumerate(items):
        disk.no_sync = k == 10
        recorder.rows(item) if isinstance(item, np.ndarray) else recorder.document(item)
    assert recorder.degraded
    recorder.close()
    assert "Recording again; nothing was lost." not in alarms
    assert read_session(tmp_path).duration > 0.0
