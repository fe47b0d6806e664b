"""Threads beside the control loop are served before other programs, though after the loop.

The loop runs in real time, its helpers do not. But one interpreter runs them all: a helper that is put off by the
system while it holds the interpreter, or the lock of a queue, puts the loop off with it. On a crowded machine that came
to a tenth of a second, and the guard ended the pull for it.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from typing import Final

NICENESS: Final = -15
"""As good as at once beside a machine full of ordinary programs; real time is for the loop alone."""


def be_prompt() -> None:
    """Called first on a helper's own thread; goes on without where it is not granted."""
    with contextlib.suppress(PermissionError, OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def promptly(job: Callable[[], None]) -> Callable[[], None]:
    """The same job, on a thread that is served promptly."""

    def work() -> None:
        be_prompt()
        job()

    return work
