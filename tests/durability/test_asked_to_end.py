"""`treat` that is asked to end: a release and whole files the first time, at once the second; nothing left open."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opentraction.app.cli import main
from opentraction.app.progress import Progress
from opentraction.quantities.vocabulary import HOLD
from opentraction.session.reader import read_session
from opentraction.session.recovery import is_closed, recover
from opentraction.session.rows import PHASE, Rows
from tests.readers import READERS
from tests.short import SHORT
from tests.table_client import ROOT

HOW = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]
PATIENT = str(ROOT / "examples" / "patient.toml")
FILES = {"session.edf", "documents.jsonl", "summary.json", "chart.svg", "report.pdf"}
SCRIPT = """
import os, signal, sys
from opentraction.app.cli import main
from opentraction.app.progress import Progress
from opentraction.quantities.vocabulary import {phase}
from opentraction.session.rows import PHASE

signals = {signals}
count = len(signals)
hear = Progress.__call__

def then_signal(self, block):
    hear(self, block)
    if signals and (block[-1, PHASE] == {phase} or len(signals) < count):
        os.kill(os.getpid(), signals.pop(0))

Progress.__call__ = then_signal
sys.exit(main(sys.argv[1:]))
"""


def words(folder: Path) -> list[str]:
    (folder / "short.toml").write_text(SHORT, "utf-8")
    return ["treat", str(folder / "short.toml"), "--patient", PATIENT, "--out", str(folder / "out")]


def treated(
    folder: Path, signals: list[int], phase: str = "HOLD", stderr: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """`treat` as a process that gets the signals one after the other, a block each, from a block in `phase` on."""
    script = SCRIPT.format(signals=[int(number) for number in signals], phase=phase)
    command = [sys.executable, "-c", script, *words(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("how", HOW)
def test_the_first_signal_releases_and_leaves_whole_files(how: int, tmp_path: Path) -> None:
    done = treated(tmp_path, [how])
    assert done.returncode == 3, done.stderr
    assert done.stderr == "Asked to end: releasing, then closing the files. Once more leaves at once.\n"
    assert done.stdout.startswith("Ending: interrupted, program asked to end. Peak 15")
    out = tmp_path / "out"
    assert {file.name for file in out.iterdir()} == FILES
    recording = read_session(out)
    assert (recording.ending, recording.remarks) == ("interrupted", [])
    assert recording.stop is not None
    assert recording.stop["cause"] == "program asked to end"
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["ending"] == "interrupted"
    assert summary["stop"]["max_rate_n_s"] <= 500.0
    assert summary["stop"]["to_20n_s"] <= 4.5
    assert recording.rows["measured"][-1] < 20.0


@pytest.mark.parametrize("how", HOW)
def test_the_second_signal_leaves_at_once_what_recover_closes(how: int, tmp_path: Path) -> None:
    done = treated(tmp_path, [how, how])
    assert done.returncode == 128 + how
    assert done.stderr.splitlines()[-1] == "Left at once; opentraction recover DIR closes the recording if it is open."
    out = tmp_path / "out"
    assert not is_closed(out)
    seconds = {round(reader(out / "session.edf")[0]) for reader in READERS.values()}
    assert len(seconds) == 1
    recover(out, datetime(2026, 3, 4, tzinfo=UTC))
    assert is_closed(out)
    assert read_session(out).ending == "interrupted"


def test_before_the_pull_nothing_is_pulled(tmp_path: Path) -> None:
    done = treated(tmp_path, [signal.SIGTERM], phase="STOP_TEST")
    assert done.returncode == 3, done.stderr
    assert done.stdout.startswith("Not started: asked to end before the pull began.")
    out = tmp_path / "out"
    assert {file.name for file in out.iterdir()} == FILES
    assert is_closed(out)
    assert read_session(out).rows["measured"].max() < 20.0


def test_a_hang_up_that_takes_the_terminal_along_is_no_fault(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    os.close(ours)  # every write on the terminal now fails
    done = treated(tmp_path, [signal.SIGHUP], stderr=theirs)
    os.close(theirs)
    assert done.returncode == 3
    assert is_closed(tmp_path / "out")


def test_a_signal_that_was_ignored_before_stays_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As under nohup."""
    hear = Progress.__call__

    def then_hang_up(self: Progress, block: Rows) -> None:
        hear(self, block)
        if block[-1, PHASE] == HOLD:
            signal.raise_signal(signal.SIGHUP)

    monkeypatch.setattr(Progress, "__call__", then_hang_up)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert main([*words(tmp_path), "--no-report"]) == 0
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
