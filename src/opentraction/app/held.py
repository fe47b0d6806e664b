"""Whether a console works on a clinic: each holds a lock for as long as it lives, a move asks for it alone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from opentraction.quantities import BadInput, State

NAME: Final = "console.lock"


def hold(data: Path) -> int:
    """Hold the lock with every other console until this process ends. Raises BadInput while the clinic is moved."""
    descriptor = _open(data)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise BadInput(
            "clinic", State("being moved"), "one that stays where it is; start again when the move ended"
        ) from None
    return descriptor


@contextmanager
def held_alone(data: Path) -> Iterator[None]:
    """No console runs and none starts meanwhile. Raises BadInput where one runs."""
    descriptor = _open(data)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        allowed = "a clinic whose console is not running; end it first (Ctrl-C), then move"
        raise BadInput("clinic", State("in use by a running console"), allowed) from None
    finally:
        os.close(descriptor)


def _open(data: Path) -> int:
    return os.open(data / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
