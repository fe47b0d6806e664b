"""A folder to write into: refuse before any work what could not be kept afterwards."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path

from opentraction.quantities import BadInput
from opentraction.session.room import too_little

LONGEST_NAME = 255  # [bytes]


def check_out(out: Path, files: Sequence[str], total_time: float) -> None:
    """Raises BadInput unless `out` can take a session of `total_time` [s] and holds none of `files`. Makes nothing."""
    try:
        if os.path.lexists(out) and not out.is_dir():
            raise BadInput("--out", str(out), "a folder, new or empty; this is a file")
        held = [name for name in files if (out / name).exists()]
        _may_be_made(out.absolute())
    except OSError as error:
        raise BadInput("--out", str(out), f"a folder that can be written ({error.strerror})") from None
    if held:
        raise BadInput("--out", str(out), f"a folder that holds no recording yet; this one holds {held[0]}")
    if why := too_little(out, total_time, spare=0):
        raise BadInput("--out", str(out), f"a disk with room. {why.rstrip('.')}")


def _may_be_made(place: Path) -> None:
    """Raises OSError where no folder can be made."""
    if any(len(os.fsencode(part)) > LONGEST_NAME for part in place.parts):
        raise _error(errno.ENAMETOOLONG)
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        raise _error(errno.ENOTDIR)
    if not os.access(place, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        raise _error(errno.EACCES)


def _error(number: int) -> OSError:
    return OSError(number, os.strerror(number))
