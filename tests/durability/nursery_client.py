"""The other side of `nursery.py`: asks for jobs, and looks into the databases that they leave."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.table_client import ROOT


class Nursery:
    """The helper process, and how long each whole job takes."""

    def __init__(self, home: Path, url: str = "") -> None:
        environment = {
            **os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "OPENTRACTION_DATA": str(home),
            "OPENTRACTION_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "opentraction.app.settings",
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.durability.nursery"]
        self.process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def do(self, job: str, folder: Path, delay: float | None = None, most: int = 0) -> tuple[list[str], float]:
        """What the child acknowledged, and how long it took [s]. It is killed after `delay` [s].

        No file may grow beyond `most` bytes; 0 is no limit.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"job": job, "folder": str(folder), "delay": delay, "most": most}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        failed = [line for line in answer["said"] if line.startswith("failed")]
        assert not failed, failed
        return answer["said"], answer["seconds"]

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


def copied(template: Path, data: Path) -> Path:
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    for file in template.iterdir():
        if file.is_file() and not file.name.endswith("-shm"):
            shutil.copy(file, data)
    (data / "recordings").symlink_to(template / "recordings")
    return data


def asked(data: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data / "clinic.sqlite3", timeout=30)) as database:
        return database.execute(query).fetchall()


def whole(data: Path) -> None:
    assert asked(data, "PRAGMA integrity_check") == [("ok",)]
    assert asked(data, "PRAGMA foreign_key_check") == []


OUTCOMES = (
    "SELECT hex(id), ending, cause, started, ended, comfort, summary, folder FROM clinic_treatmentsession ORDER BY 1"
)
