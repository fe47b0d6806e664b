"""The clinic's folder. Names and birth dates lie in it, so nobody but its owner looks inside."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from opentraction.quantities import BadInput

DATABASE: Final = ("clinic.sqlite3", "clinic.sqlite3-wal", "clinic.sqlite3-shm")
OWNER_ONLY: Final = 0o077
"""The umask of every process that writes there."""


def data_folder(data: Path) -> Path:
    """The folder, made where there is none, closed to others. Raises BadInput where there can be none."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_a_clinic(data):
            _close(data)
    except OSError as error:
        raise BadInput("--data", str(data), f"a folder that can be written ({error.strerror})") from None
    return data


def _is_a_clinic(data: Path) -> bool:
    """Empty, or a clinic's already; a folder with other things in it, such as /tmp, may be others' too."""
    held = {path.name for path in data.iterdir()}
    return not held or DATABASE[0] in held or "secret-key" in held


def _close(data: Path) -> None:
    """Whoever does not own it may not, and the files that are made from now on are closed all the same."""
    with contextlib.suppress(PermissionError):
        if not data.stat().st_mode & 0o1000:  # a folder of everybody's
            data.chmod(0o700)
        for name in DATABASE:
            if (data / name).exists():
                (data / name).chmod(0o600)
