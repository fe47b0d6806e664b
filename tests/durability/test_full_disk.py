"""A disk that is full for a while: the session goes on, the recorder says it, no half files."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import numpy as np
import pytest

from opentraction.app.cli import main
from opentraction.app.progress import Progress
from opentraction.quantities.vocabulary import COMPLETE
from opentraction.session import documents
from opentraction.session.log_chain import verify
from opentraction.session.reader import read_session
from opentraction.session.recorder import AGAIN, DOCUMENTS, EDF, REAL_TIME, Recorder
from opentraction.session.rows import PHASE, Rows
from tests.durability.figures import FULL, tell_figure
from tests.readers import READERS
from tests.short import SHORT
from tests.synthetic import legs, make_rows, story
from tests.table_client import ROOT


class Disk:
    """Stands between the recorder and the file: full, or half full (writes a part, then refuses)."""

    def __init__(self, monkeypatch):
        self.full = self.half = False
        self._pwrite = os.pwrite
        monkeypatch.setattr(os, "pwrite", self.pwrite)

    def pwrite(self, descriptor, data, offset):
        grows = offset + len(data) > os.fstat(descriptor).st_size
        if self.half and grows and len(data) > 1:
            return self._pwrite(descriptor, data[: len(data) // 2], offset)
        if self.full and grows:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._pwrite(descriptor, data, offset)


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


class RefusedAt:
    """From its `number`-th write on the disk is full, until somebody makes room; it writes a part before it refuses."""

    def __init__(self, patch: pytest.MonkeyPatch, number: int) -> None:
        self.writes, self.number, self.room = 0, number, False
        self._pwrite = os.pwrite
        patch.setattr(os, "pwrite", self.pwrite)

    def pwrite(self, descriptor: int, data: bytes, offset: int) -> int:
        self.writes += 1
        if self.writes < self.number or self.room:
            return self._pwrite(descriptor, data, offset)
        if self.writes == self.number and len(data) > 1:
            return self._pwrite(descriptor, data[: len(data) // 2], offset)
        raise OSError(errno.ENOSPC, "No space left on device")


NOTES = [documents.event(0.9 * k, "note", f"note {k}") for k in range(1, 9)]
FEW = make_rows(legs(cycles=1, hold=2.0, rest=1.0)[:2], noise=0.3)


def recorded(folder: Path, number: int) -> tuple[RefusedAt, list[str]]:
    """A session whose disk is full from one write on, for two and a half seconds."""
    alarms: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        disk, refused_since = RefusedAt(patch, number), -1
        recorder = Recorder(folder, REAL_TIME, alarms.append)
        for k, item in enumerate(story(FEW, NOTES, size=50)):
            recorder.rows(item) if isinstance(item, np.ndarray) else recorder.document(item)
            if disk.writes >= number and refused_since < 0:
                refused_since = k
            disk.room = 0 <= refused_since <= k - 12
        disk.room = True
        recorder.close()
    return disk, alarms


def test_a_disk_that_is_full_at_any_write_leaves_no_half_and_loses_nothing(tmp_path: Path) -> None:
    disk, _ = recorded(tmp_path / "whole", 1 << 30)
    first = 3  # before that the session is not begun, and refused in one sentence
    numbers = range(first, disk.writes + 1, 1 if FULL else 11)
    for number in numbers:
        folder = tmp_path / str(number)
        _, alarms = recorded(folder, number)
        recording = read_session(folder)
        assert alarms[:1] == ["Not recording: No space left on device."] or number > disk.writes - 4, number
        assert not alarms or alarms[-1] == AGAIN
        assert (recording.ending, recording.remarks, recording.duration) == ("completed", [], len(FEW) / 200), number
        logged = {(round(e["t"], 6), f"{e['kind']}: {e['text']}") for e in recording.events}
        assert len(logged) == 10
        for reader in READERS.values():
            assert logged <= set(reader(folder / EDF)[1])
    tell_figure("D4 recorder", writes=disk.writes, refused_at=len(numbers))


def test_the_pull_is_the_same_on_a_full_disk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Control, guard and table never hear of the disk: every row of the two treatments is the same."""
    (tmp_path / "short.toml").write_text(SHORT, "utf-8")
    patient = str(ROOT / "examples" / "patient.toml")
    words = ["treat", str(tmp_path / "short.toml"), "--patient", patient, "--seed", "5", "--no-report", "--out"]
    assert main([*words, str(tmp_path / "calm")]) == 0
    with pytest.MonkeyPatch.context() as patch:
        disk = RefusedAt(patch, 60)
        hear = Progress.__call__

        def then_room(progress: Progress, block: Rows) -> None:
            hear(progress, block)
            disk.room = block[-1, PHASE] == COMPLETE

        patch.setattr(Progress, "__call__", then_room)
        assert main([*words, str(tmp_path / "full")]) == 0
    assert "Not recording: No space left on device." in capsys.readouterr().err
    hashes = [
        json.loads((tmp_path / name / "summary.json").read_text("utf-8"))["trace_sha256"] for name in ("calm", "full")
    ]
    assert hashes[0] == hashes[1]
    assert read_session(tmp_path / "full").remarks == []
