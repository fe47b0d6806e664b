"""kill -9 at any moment: every second and event that was promised is there, in all three readers."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opentraction.session.log_chain import verify
from opentraction.session.reader import read_session
from opentraction.session.recorder import DOCUMENTS, EDF
from opentraction.session.recovery import recover
from tests.readers import READERS

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)


def writer(folder: Path, pace: str, limit: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, str(Path(__file__).with_name("recorder_process.py")), str(folder), pace, str(limit)]
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)


def promises(lines: list[str]) -> tuple[int, set[tuple[float, str]]]:
    """Seconds and events that the writer promised."""
    seconds = max((int(line.split()[1]) for line in lines if line.startswith("second")), default=0)
    events = [line.split(" ", 2) for line in lines if line.startswith("event")]
    return seconds, {(float(t), text.rstrip("\n")) for _, t, text in events}


def killed_after(folder: Path, pace: str, lines: int, more: float) -> list[str]:
    """What the writer had said when it was killed, a fraction of a millisecond after a number of lines."""
    with writer(folder, pace) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(lines)]
        for _ in range(int(more * 20_000)):
            pass
        process.kill()
        said += process.stdout.readlines()
    assert "closed\n" not in said, "the writer finished before it was killed: nothing was tested"
    return [line for line in said if line.endswith("\n")]


def check(folder: Path, said: list[str]) -> None:
    seconds, events = promises(said)
    for reader in READERS.values():
        held, notes = reader(folder / EDF)
        assert held >= seconds
        assert events <= set(notes)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_killed_writer_leaves_a_recording_that_opens(tmp_path, seed):
    chance = random.Random(seed)
    pace = ("real", "fast")[seed % 2]
    said = killed_after(tmp_path, pace, chance.randrange(3, 300), chance.random())
    with warnings.catch_warnings():
        # A second that was written and not yet counted in the header is one more than promised; readers say so.
        warnings.filterwarnings("ignore", "EDF header indicates")
        check(tmp_path, said)
    recover(tmp_path, NOW)
    check(tmp_path, said)
    recording = read_session(tmp_path)
    assert (recording.ending, recording.remarks) == ("interrupted", [])
    assert recording.duration >= promises(said)[0]
    logged = {(doc["t"], f"{doc['kind']}: {doc['text']}") for doc in recording.events}
    assert promises(said)[1] <= logged
    assert logged <= set(recording.annotations)
    assert verify(tmp_path / DOCUMENTS).whole


def test_a_file_that_may_not_grow_alarms_and_keeps_what_it_has(tmp_path):
    """RLIMIT_FSIZE refuses every write beyond 60 kB, as a full disk does."""
    process = writer(tmp_path, "real", limit=60_000)
    said = process.communicate(timeout=60)[0].splitlines()
    assert process.returncode == 0
    assert said[-1] == "closed"
    first = next(k for k, line in enumerate(said) if line.startswith("alarm Not recording"))
    check(tmp_path, said[:first])
    report = verify(tmp_path / DOCUMENTS)
    assert (report.whole, report.torn) == (True, False)
    assert (tmp_path / EDF).stat().st_size <= 60_000
