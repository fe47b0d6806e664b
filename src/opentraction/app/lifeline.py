"""A pipe from parent to child: when the parent dies, however it dies, the child hears the end of it and ends safely.

The parent holds the only writing end and never writes. `kill -9` closes it as surely as a tidy exit does.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading

VARIABLE = "OPENTRACTION_LIFELINE"
"""Number of the reading end, in the child's environment."""


class Lifeline:
    """The parent's side. Pass `reading` in `pass_fds` and `environment` to each child."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        """A child that is given `writing` too holds the others' line with us: they end once both are gone."""

    @property
    def environment(self) -> dict[str, str]:
        """What tells a child where to listen."""
        return {VARIABLE: str(self.reading)}


def end_with_parent() -> None:
    """In the child: ask this very process to end, as its parent would have, once the parent is gone.

    Does nothing for a process that was started by hand.
    """
    number = os.environ.pop(VARIABLE, "")
    if number.isdecimal():
        threading.Thread(target=_wait, args=(int(number),), name="lifeline", daemon=True).start()


def _wait(descriptor: int) -> None:
    with contextlib.suppress(OSError):
        while os.read(descriptor, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
