"""A file that is there with all of it or not at all, whatever ends the program that writes it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from opentraction.session.durable import sync_folder

_MODE = 0o666


def write_whole(path: Path, content: bytes) -> None:
    """Write a file; what stood there is replaced only by all of it. Raises OSError."""
    if path.exists() and not path.is_file():  # a pipe or a device is written to, never replaced
        path.write_bytes(content)
        return
    place = path.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{place.name[:100]}.", suffix=".part", dir=place.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(_mode(place))
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(place.parent)


def _mode(path: Path) -> int:
    """What may be done with a file: as with the one that stood there, else as this process makes them."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return _MODE & ~mask
