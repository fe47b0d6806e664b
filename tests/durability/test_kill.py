"""kill -9 at any moment: every second and event that was promised is there, in all three readers."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opentraction.session.edf_format import channels, record_bytes
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


def check_interrupted(folder: Path, said: list[str]) -> None:
    """What was promised is read; readers may add that more lies there: a second not yet counted, or a part of one."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "EDF header indicates")
        warnings.filterwarnings("ignore", "Incomplete data record")
        check(folder, said)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_killed_writer_leaves_a_recording_that_opens(tmp_path, seed):
    chance = random.Random(seed)
    pace = ("real", "fast")[seed % 2]
    said = killed_after(tmp_path, pace, chance.randrange(3, 300), chance.random())
    check_interrupted(tmp_path, said)
    recover(tmp_path, NOW)
    check(tmp_path, said)
    recording = read_session(tmp_path)
    assert (recording.ending, recording.remarks) == ("interrupted", [])
    assert recording.duration >= promises(said)[0]
    logged = {(doc["t"], f"{doc['kind']}: {doc['text']}") for doc in recording.events}
    assert promises(said)[1] <= logged
    assert logged <= set(recording.annotations)
    assert verify(tmp_path / DOCUMENTS).whole


@pytest.mark.slow
def test_a_second_cut_anywhere_in_its_writing_costs_no_other(tmp_path):
    """A kill between two pages of one write leaves a part of a record behind the last whole one."""
    whole = tmp_path / "whole"
    whole.mkdir()
    said = killed_after(whole, "real", 40, 0.0)
    data = (whole / EDF).read_bytes()
    record = record_bytes(channels(simulated=True))
    for k, length in enumerate((1, 2, record // 3, 4096 - len(data) % 4096, record - 2, record - 1)):
        torn = tmp_path / str(k)
        shutil.copytree(whole, torn)
        with (torn / EDF).open("ab") as edf:
            edf.write(data[-record:][:length])
        check_interrupted(torn, said)
        recover(torn, NOW)
        recording = read_session(torn)
        assert (recording.ending, recording.remarks) == ("interrupted", [])
        check(torn, said)


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
