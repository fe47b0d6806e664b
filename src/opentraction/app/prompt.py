"""Threads beside the control loop run in real time too, though after the loop.

One interpreter runs them all: a helper that is put off by the system while it holds the interpreter, or the lock of a
queue, puts the loop off with it. On a crowded machine that came
to a tenth of a second, and the guard ended the pull for it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from typing import Final

REAL_TIME_PRIORITY: Final = 60
"""Of the loop."""
HELPERS: Final = 50
"""Of what works beside it. Niceness counts only within one session's programs (autogroup): with it the loop was late by
127 ms beside two browsers, with this by 5 ms, while an independent thread of its priority was never late."""


def be_prompt() -> None:
    """Called first on a helper's own thread."""
    real_time(HELPERS)


def real_time(priority: int) -> None:
    """For the calling thread, where it is granted; those it starts begin as ordinary ones (RESET_ON_FORK)."""
    with contextlib.suppress(PermissionError, OSError):
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(priority))


def promptly(job: Callable[[], None]) -> Callable[[], None]:
    """The same job, after `be_prompt`."""

    def work() -> None:
        be_prompt()
        job()

    return work
