"""An import is killed again and again with SIGKILL; in the end everything is there once, as if nothing had happened."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from opentraction.care.specialists.synthetic import write_registry

ROWS = 30_000
KILLS = 4
TABLES = {
    "people": "SELECT registry, number, name, city, updated, deactivated FROM directory_specialist ORDER BY 1, 2",
    "professions": "SELECT s.number, p.code, p.leads, l.code FROM directory_profession p "
    "JOIN directory_specialist s ON s.id = p.specialist_id JOIN directory_place l ON l.id = p.place_id ORDER BY 1, 2",
    "places": "SELECT country, code, latitude FROM directory_place ORDER BY 1, 2",
    "runs": "SELECT rows, listed, deactivated, others, bad, line FROM directory_importrun",
}


def started(data: Path, *words: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"OPENTRACTION_DATA": str(data), "OPENTRACTION_DATABASE_URL": "", "PYTHONPATH": "src"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, *words], env=environment, **quiet)  # type: ignore[call-overload]


def ended(process: subprocess.Popen[bytes]) -> None:
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said.decode()


def clinic(folder: Path) -> Path:
    folder.mkdir()
    ended(started(folder, "-m", "django", "migrate", "--verbosity", "0", "--settings", "opentraction.app.settings"))
    return folder


def importing(data: Path, file: Path) -> subprocess.Popen[bytes]:
    return started(data, "-m", "opentraction", "specialists", "import", str(file), "--data", str(data))


def asked(data: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{data / 'clinic.sqlite3'}?mode=ro", uri=True, timeout=30)) as database:
        return database.execute(query).fetchall()


def rows_in(data: Path) -> int:
    found = asked(data, "SELECT rows FROM directory_importrun")
    return int(str(found[0][0])) if found else 0


def killed_after(data: Path, file: Path, rows: int) -> int:
    """Start an import and kill it once its checkpoint has passed `rows`; how far it had come."""
    process = importing(data, file)
    deadline = time.monotonic() + 200
    while rows_in(data) <= rows:
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return rows_in(data)


@pytest.mark.slow
def test_killed_again_and_again_it_ends_with_everything_once(tmp_path: Path) -> None:
    file = tmp_path / "npidata_pfile.csv"
    with file.open("w") as out:
        write_registry(out, ROWS, seed=7, share=0.6)
    calm, shaken = clinic(tmp_path / "calm"), clinic(tmp_path / "shaken")
    ended(importing(calm, file))
    reached = 0
    for _ in range(KILLS):
        now = killed_after(shaken, file, reached)
        assert reached < now < ROWS, "the kill came too late to show anything"
        listed = int(str(asked(shaken, "SELECT listed FROM directory_importrun")[0][0]))
        assert asked(shaken, "SELECT count(*) FROM directory_specialist") == [(listed,)]
        reached = now
    ended(importing(shaken, file))
    for name, query in TABLES.items():
        assert asked(shaken, query) == asked(calm, query), name
    again = importing(shaken, file)
    _, said = again.communicate(timeout=60)
    assert again.returncode == 2
    assert b"in the directory since" in said
