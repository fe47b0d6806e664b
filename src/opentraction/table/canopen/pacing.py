"""Waiting for the words of the next cycle, so that an end works in step with the drive and not beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import can

from opentraction.quantities.clock import Clock
from opentraction.table.canopen import words as w
from opentraction.table.canopen.hearing import CYCLE
from opentraction.table.canopen.line import AT_ONCE, Line

SENSED: Final = (w.MOVED, w.TURNED, w.FELT_A, w.FELT_B, w.SWITCHED)
"""What the nodes of the table say in a cycle."""
GRACE: Final = 0.5 * CYCLE
"""[s] after the usual time, after which nobody waits any longer."""
LAST: Final = 0.0015
"""[s] that the last word is waited for, once all others are there."""


class Progress(NamedTuple):
    """How much of the next cycle is there."""

    sensed: bool
    whole: bool


def pace(
    line: Line, clock: Clock, due: float, take: Callable[[can.Message], None], so_far: Callable[[], Progress]
) -> float:
    """Wait for the next cycle that was due at `due` [s]; when it was there [s], or `due` where it was not."""
    began = clock.now()
    # Whoever was kept from listening for long has old words waiting, and hears the next cycle behind them.
    end = due + GRACE if began < due + GRACE else began + CYCLE + GRACE
    for _ in range(AT_ONCE):
        now = clock.now()
        progress = so_far()
        if progress.whole:
            return now
        if now >= end:
            break
        message = line.wait(end - now)
        if message is not None:
            take(message)
            if so_far().sensed and not progress.sensed:
                end = min(end, clock.now() + LAST)
        elif line.gone:
            clock.sleep_until(end)
    return due if not so_far().sensed else clock.now()
