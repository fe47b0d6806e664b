"""A real disk that fills up: the alarm comes before it is full, and nothing is lost once there is room."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from opentraction.session.recorder import AGAIN
from opentraction.session.room import SPARE, free_bytes, session_bytes, too_little
from tests.table_client import ROOT

MOUNT = 'mount -t tmpfs -o size=300k none "$1" && shift && exec "$@"'
SPACE = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", MOUNT, "sh"]


def on_a_tiny_disk(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    words = [*SPACE, str(folder), *command]
    return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_disk_that_fills_up_alarms_before_and_loses_nothing(tmp_path: Path) -> None:
    try:
        if on_a_tiny_disk(tmp_path, "true").returncode != 0:
            pytest.skip("this machine lets nobody mount a small disk in a name space of its own")
    except FileNotFoundError:
        pytest.skip("this machine has no unshare")
    script = Path(__file__).with_name("tiny_disk_process.py")
    done = on_a_tiny_disk(tmp_path, sys.executable, str(script), str(tmp_path))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    texts = [text for text, _ in told["alarms"]]
    assert texts[0].startswith("Recording in danger: 0 MB are free")
    assert told["alarms"][0][1] > 20_000, "the first alarm came while there was room"
    assert texts[1] == "Not recording: No space left on device."
    assert texts[-1] == AGAIN
    assert (told["rows"], told["ending"]) == (told["of"], "completed")


def test_a_whole_session_must_fit_with_room_to_spare(tmp_path: Path) -> None:
    needed = session_bytes(1800.0) + SPARE
    assert too_little(tmp_path, 1800.0, free=lambda _: needed) == ""
    said = too_little(tmp_path, 1800.0, free=lambda _: needed - 1)
    assert f"needs {needed / 1e6:,.0f} MB" in said
    assert f"{(needed - 1) / 1e6:,.0f} MB are free" in said
    assert "\n" not in said


def test_an_hour_is_a_few_megabytes_and_more_than_it_will_take() -> None:
    assert 15e6 < session_bytes(3600.0) < 30e6


def test_free_bytes_are_those_of_the_disk_the_folder_will_be_on(tmp_path: Path) -> None:
    there = os.statvfs(tmp_path)
    assert abs(free_bytes(tmp_path / "not" / "yet") - there.f_bavail * there.f_frsize) < 1e9


def test_a_disk_that_cannot_be_asked_is_no_room(tmp_path: Path) -> None:
    def gone(_: Path) -> int:
        raise OSError(5, "Input/output error")

    assert "cannot be used: Input/output error" in too_little(tmp_path, 60.0, free=gone)
