"""The line of progress: drawn on a terminal, cleared at the end, silent in a pipe."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from opentraction.app.progress import EVERY, Progress
from opentraction.quantities.vocabulary import HOLD
from opentraction.session.rows import MEASURED, N_COLUMNS, PHASE, PRESCRIBED, TREATMENT_TIME
from tests.short import SHORT
from tests.table_client import ROOT


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def block() -> np.ndarray:
    rows = np.zeros((10, N_COLUMNS))
    rows[:, [PHASE, MEASURED, PRESCRIBED, TREATMENT_TIME]] = HOLD, 298.4, 300.0, 615.0
    return rows


def test_a_terminal_sees_force_time_and_phase(block: np.ndarray) -> None:
    out = Terminal()
    progress = Progress(1230.0, live=True, out=out)
    progress(block)
    line = out.getvalue().split("\x1b[K")[-1]
    assert line == "█" * 15 + "·" * 15 + " 10:15    298 N ( 67 lb) of 300 N  hold"
    progress.done()
    assert out.getvalue().endswith("\r\x1b[K")


def test_what_is_not_prescribed_is_a_dash(block: np.ndarray) -> None:
    block[:, PRESCRIBED] = np.nan
    out = Terminal()
    Progress(1230.0, live=True, out=out)(block)
    assert " of – N " in out.getvalue()


def test_a_fast_session_is_drawn_now_and_then(block: np.ndarray) -> None:
    out = Terminal()
    progress = Progress(1230.0, live=False, out=out)
    for _ in range(3 * EVERY):
        progress(block)
    assert out.getvalue().count("\r") == 3


def test_a_pipe_sees_nothing(block: np.ndarray) -> None:
    out = io.StringIO()
    progress = Progress(1230.0, live=True, out=out)
    progress(block)
    progress.done()
    assert out.getvalue() == ""


@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
def test_treat_draws_on_a_terminal_and_is_quiet_in_a_pipe(terminal: bool, tmp_path: Path) -> None:
    (tmp_path / "short.toml").write_text(SHORT, "utf-8")
    patient = ROOT / "examples" / "patient.toml"
    words = ["treat", "short.toml", "--patient", str(patient), "--out", "out", "--speed", "60", "--no-report"]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "opentraction", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        stderr=theirs if terminal else subprocess.PIPE,
    )
    os.close(theirs)
    seen = everything(ours) if terminal else b""
    os.close(ours)
    told, complaints = process.communicate(timeout=120)
    assert process.returncode == 0
    assert told.decode().startswith("Ending: completed. Peak ")
    assert told.count(b"\n") == 1
    if terminal:
        assert "hold" in seen.decode()
        assert seen.endswith(b"\r\x1b[K")
    else:
        assert complaints == b""


def everything(terminal: int) -> bytes:
    """What a terminal was told until its last writer left."""
    seen = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # how Linux says that nobody writes any more
            return seen
        if not piece:
            return seen
        seen += piece
