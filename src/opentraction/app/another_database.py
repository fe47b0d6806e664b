"""Work on a database other than this process's own: in a process beside it, with its own settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from opentraction.app.data_folder import OWNER_ONLY
from opentraction.quantities import BadInput, State


class Refused(BadInput):
    """What the process beside said, as it said it."""

    def __init__(self, sentence: str) -> None:
        self._said = sentence
        super().__init__("database", State("not usable"), "one that can be opened and is empty")

    def sentence(self) -> str:
        return self._said


def django_on(url: str, data: Path, *words: str) -> str:
    """Run a management command on the database `url` (empty: SQLite in `data`). Raises Refused with its last line."""
    environment = {
        **os.environ,
        "OPENTRACTION_DATABASE_URL": url,
        "OPENTRACTION_DATA": str(data.absolute()),
        "DJANGO_SETTINGS_MODULE": "opentraction.app.settings",
    }
    done = subprocess.run(  # noqa: S603 (our own interpreter and words)
        [sys.executable, "-m", "django", *words],
        env=environment,
        umask=OWNER_ONLY,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise Refused(lines[-1] if lines else f"{words[0]} ended with code {done.returncode} and said nothing")
    return done.stdout


def known_url(where: str, text: str) -> str:
    """`sqlite` or `postgresql://...` as the settings have it: empty for SQLite. Raises BadInput."""
    if text == "sqlite":
        return ""
    if text.startswith(("postgresql://", "postgres://")) and "/" in text.split("://", 1)[1]:
        return text
    raise BadInput(where, State("no address of a database"), "sqlite, or postgresql://user@host:port/name")
