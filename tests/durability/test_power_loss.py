"""Power goes at any step of the recorder's own writing: what was acknowledged is there, nothing is made up.

The shipping recorder's writes and syncs are noted and played back: after every step of them, with unsynced sectors of
512 and 4096 bytes dropped and reordered (`power.py`). A plain run takes some of the steps; OPENTRACTION_KILLS=1000 all.
"""

from __future__ import annotations

import random
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from opentraction.quantities import BadInput
from opentraction.session import documents
from opentraction.session.log_chain import verify
from opentraction.session.reader import read_session
from opentraction.session.recorder import DOCUMENTS, EDF, NO_SYNC, REAL_TIME, Pace, Recorder
from opentraction.session.recovery import recover
from opentraction.session.rows import Rows
from tests.durability.figures import FULL, tell_figure
from tests.durability.power import CHOICES, SECTORS, Disk, Trace, cuts
from tests.readers import READERS
from tests.synthetic import legs, make_rows, story

NOW = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
COLUMN = {"measured": 2, "prescribed": 1}
STEP = 0.03
"""Half of what one digit of a force is, and a little [N]."""


def block() -> Rows:
    return make_rows(legs(cycles=1, hold=4.0, rest=2.0), noise=0.3)


def recorded(root: Path, patch: pytest.MonkeyPatch, pace: Pace = REAL_TIME) -> Trace:
    """A session told to the recorder; what it acknowledged stands in the trace."""
    trace = Trace(root, patch)
    notes = [documents.event(0.43 * k, "note", f"note {k} of café " + "x" * (k * 37 % 460)) for k in range(1, 50)]
    recorder = Recorder(root / "recordings" / "one", pace)
    rows = 0
    for item in story(block(), notes, size=50):
        if isinstance(item, np.ndarray):
            recorder.rows(item)
            rows += len(item)
            trace.told(rows)
        else:
            recorder.document(item)
            trace.told(item)
    recorder.close()
    trace.told("closed")
    return trace


class Left:
    """What a power cut left, held against what was acknowledged."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self.folder = folder / "recordings" / "one"
        self.rows = max((one for one in disk.told if isinstance(one, int)), default=0)
        self.docs = [one for one in disk.told if isinstance(one, dict)]
        self.closed = "closed" in disk.told
        self.lost = 0.0

    def check(self, truth: Rows, readers: bool) -> None:
        if not self.docs:
            self._nothing_promised()
            return
        recover(self.folder, NOW)
        recording = read_session(self.folder)
        said = [{key: value for key, value in doc.items() if key in {"t", "text"}} for doc in recording.documents]
        for doc in self.docs:
            assert {key: value for key, value in doc.items() if key in {"t", "text"}} in said
        assert not self.closed or recording.ending == "completed"
        self.lost = self.rows / 200 - recording.duration
        assert self.lost <= 1.0
        for name, column in COLUMN.items():
            kept = recording.rows[name]
            assert len(kept) <= len(truth)
            known = np.isfinite(kept)
            worst = np.max(np.abs(kept - truth[: len(kept), column])[known], initial=0.0)
            assert worst < STEP, f"a force that nobody measured: {worst:.0f} N off"
        logged = {(round(e["t"], 6), f"{e['kind']}: {e['text']}"[:60]) for e in recording.events}
        for reader in READERS.values() if readers else []:
            assert logged <= {(t, text[:60]) for t, text in reader(self.folder / EDF)[1]}

    def _nothing_promised(self) -> None:
        """Nobody was told of a session yet: it may be there, or be refused in a sentence."""
        try:
            recover(self.folder, NOW)
        except BadInput:
            return
        assert verify(self.folder / DOCUMENTS).whole


def test_the_recording_opens_after_a_cut_at_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        trace = recorded(tmp_path / "disk", patch)
    truth, states, longest = block(), 0, 0.0
    for number, disk in cuts(trace.steps, tmp_path / "disk", every=1 if FULL else 61):
        for sector in SECTORS:
            for choice in CHOICES:
                folder = tmp_path / "left"
                disk.leave(folder, choice, sector, random.Random(f"{number} {sector} {choice}"))
                left = Left(folder, disk)
                try:
                    left.check(truth, readers=states % (5 if FULL else 17) == 0)
                except Exception as error:
                    error.add_note(f"step {number} of {len(trace.steps)}, {choice}, {sector} bytes")
                    raise
                states, longest = states + 1, max(longest, left.lost)
                shutil.rmtree(folder, ignore_errors=True)
    tell_figure("D2 recording", steps=len(trace.steps), states=states, longest_loss_s=round(longest, 3))


def test_a_recorder_that_waits_for_no_disk_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model itself: without syncs the same cuts lose what was acknowledged."""
    with monkeypatch.context() as patch:
        trace = recorded(tmp_path / "disk", patch, NO_SYNC)
    (_, disk), *_ = list(cuts(trace.steps[: len(trace.steps) // 2], tmp_path / "disk", every=1 << 30, first=-1))
    disk.leave(tmp_path / "left", "nothing", 512, random.Random(1))
    with pytest.raises((AssertionError, BadInput)):
        Left(tmp_path / "left", disk).check(block(), readers=False)
