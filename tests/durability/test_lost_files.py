"""A recording that is deleted, moved or replaced under a running session: the alarm within a second, nothing lost."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from opentraction.quantities import BadInput
from opentraction.session import documents
from opentraction.session.log_chain import verify
from opentraction.session.reader import read_session
from opentraction.session.recorder import AGAIN, DOCUMENTS, EDF, REAL_TIME, Recorder
from opentraction.session.recovery import recover
from opentraction.session.rows import Rows
from tests.readers import READERS
from tests.synthetic import legs, make_rows, story

NOW = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
LOST_AT = 8
"""Second after which the file goes."""


class Writing:
    """A session being recorded, a second at a time, and what its alarm said at which second."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.block = make_rows(legs(cycles=1, hold=10.0), noise=0.3)
        notes = [documents.event(0.5 * k, "note", f"note {k}") for k in range(1, 60)]
        self.items = list(story(self.block, notes, size=50))
        self.alarms: list[tuple[int, str]] = []
        self.told = 0
        self.recorder = Recorder(folder, REAL_TIME, lambda text: self.alarms.append((self.second, text)))

    @property
    def second(self) -> int:
        return self.told // 200

    def until(self, second: float) -> None:
        while self.items and self.second < second:
            item = self.items.pop(0)
            if isinstance(item, np.ndarray):
                self.told += len(item)
                self.recorder.rows(item)
            else:
                self.recorder.document(item)

    def end(self) -> None:
        self.until(1e9)
        self.recorder.close()

    def whole(self) -> None:
        """All rows and events are in the folder, in every reader."""
        recording = read_session(self.folder)
        assert (recording.ending, recording.remarks) == ("completed", [])
        assert recording.duration == len(self.block) / 200
        np.testing.assert_allclose(recording.rows["measured"], rows_column(self.block), atol=0.03)
        logged = {(round(doc["t"], 6), f"{doc['kind']}: {doc['text']}") for doc in recording.events}
        assert len(logged) >= 59
        for reader in READERS.values():
            assert logged <= set(reader(self.folder / EDF)[1])


def rows_column(block: Rows) -> Rows:
    return np.asarray(block[:, 2])


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    made = Writing(tmp_path / "recordings" / "one")
    made.until(LOST_AT)
    return made


def move_folder(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


LOSSES: dict[str, Callable[[Path], object]] = {
    "waveforms deleted": lambda folder: (folder / EDF).unlink(),
    "log deleted": lambda folder: (folder / DOCUMENTS).unlink(),
    "log moved": lambda folder: (folder / DOCUMENTS).rename(folder / "old.jsonl"),
    "folder deleted": shutil.rmtree,
    "folder above deleted": lambda folder: shutil.rmtree(folder.parent),
    "folder moved": move_folder,
}


@pytest.mark.parametrize("how", LOSSES)
def test_what_is_gone_alarms_within_a_second_and_is_written_again(how: str, writing: Writing) -> None:
    LOSSES[how](writing.folder)
    writing.until(LOST_AT + 1)
    assert writing.alarms[0][0] <= LOST_AT + 1
    assert writing.alarms[0][1].startswith("Not recording: ")
    assert "was deleted or moved" in writing.alarms[0][1]
    writing.until(LOST_AT + 2)
    assert writing.alarms[-1] == (LOST_AT + 2, AGAIN)
    assert verify(writing.folder / DOCUMENTS).whole
    writing.end()
    assert not writing.recorder.degraded
    writing.whole()


def test_a_log_written_again_still_says_that_it_is_being_written(writing: Writing) -> None:
    (writing.folder / DOCUMENTS).unlink()
    writing.until(LOST_AT + 2)
    with pytest.raises(BadInput, match="no longer being recorded"):
        recover(writing.folder, NOW)
    writing.end()


@pytest.mark.parametrize("name", [EDF, DOCUMENTS])
def test_what_took_its_place_is_not_touched_and_the_alarm_stands(name: str, writing: Writing) -> None:
    stranger = writing.folder / "stranger"
    stranger.write_bytes(b"somebody else's work")
    stranger.replace(writing.folder / name)
    writing.until(LOST_AT + 4)
    assert writing.alarms[0][0] <= LOST_AT + 1
    assert writing.alarms[-1][1] == f"Not recording: another file took the place of {name}."
    assert (writing.folder / name).read_bytes() == b"somebody else's work"
    (writing.folder / name).unlink()
    writing.until(LOST_AT + 5)
    assert writing.alarms[-1] == (LOST_AT + 5, AGAIN)
    writing.end()
    writing.whole()


def test_a_copy_put_in_its_place_is_a_stranger_too(writing: Writing) -> None:
    """A synchronising tool writes a copy and renames it over the file: same bytes, another file."""
    shutil.copy(writing.folder / EDF, writing.folder / "copy")
    (writing.folder / "copy").replace(writing.folder / EDF)
    before = (writing.folder / EDF).read_bytes()
    writing.end()
    assert "took the place of session.edf" in writing.recorder.degraded
    assert (writing.folder / EDF).read_bytes() == before


def test_a_folder_that_became_a_file_keeps_the_alarm_and_ends_nothing(writing: Writing) -> None:
    shutil.rmtree(writing.folder)
    writing.folder.write_bytes(b"")
    writing.end()
    assert writing.recorder.degraded.startswith("Not recording: ")
    assert writing.folder.read_bytes() == b""


def test_a_file_deleted_in_the_last_second_is_written_again_at_the_end(writing: Writing) -> None:
    writing.until(1e9)
    shutil.rmtree(writing.folder)
    writing.recorder.close()
    writing.whole()


def test_a_disk_that_became_read_only_alarms_and_catches_up(writing: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as disk:

        def refuse(*_: object) -> int:
            raise OSError(errno.EROFS, "Read-only file system")

        disk.setattr(os, "pwrite", refuse)
        writing.until(LOST_AT + 3)
        assert writing.alarms[0][1] == "Not recording: Read-only file system."
        assert writing.alarms[0][0] <= LOST_AT + 1
    writing.end()
    assert writing.alarms[-1][1] == AGAIN
    writing.whole()
