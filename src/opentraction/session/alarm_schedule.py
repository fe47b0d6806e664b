"""Which burst is due now: a pure function of what stands, the time, and what was last begun."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final, NamedTuple

from opentraction.session.alarm_board import ORDER, AlarmBoard, Standing
from opentraction.session.alarm_bursts import Burst, bursts

REMIND_S: Final = 30.0
"""Between two reminders of what was acknowledged and still holds [s]."""
REMINDER: Final = "reminder"
QUIET: Final = "quiet"
LOUDNESS: Final = {"": 4, REMINDER: 3, **ORDER}


class Wanted(NamedTuple):
    """What should be heard: a priority, a reminder, or nothing; and the newest raise of it."""

    name: str
    newest: int
    since: float
    """When the last of what is only reminded of was acknowledged [s]."""


class Played(NamedTuple):
    """The burst that was begun last: its name, when it ends and when the next one is due [s], and for which raise."""

    name: str
    ends: float
    again: float
    newest: int


NOTHING: Final = Wanted("", 0, math.nan)
SILENT: Final = Played("", -math.inf, math.inf, 0)


def wanted(standing: Iterable[Standing], paused: bool) -> Wanted:
    """The highest priority that nobody has acknowledged; else a reminder of what was acknowledged and still holds."""
    if paused:
        return NOTHING
    every = list(standing)
    unseen = [one for one in every if not one.acknowledged]
    if unseen:
        name = min((one.alarm.priority for one in unseen), key=ORDER.__getitem__)
        return Wanted(name, max(one.number for one in unseen if one.alarm.priority == name), math.nan)
    if every:
        return Wanted(REMINDER, 0, max(one.acknowledged_at for one in every))
    return NOTHING


def due(want: Wanted, now: float, last: Played) -> tuple[Burst | None, Played]:
    """The burst that begins now, or None, and what to remember.

    What was not heard yet sounds at once; a new raise of what sounds already, as soon as the burst under way has ended.
    """
    if not want.name:
        return None, last if now < last.ends else SILENT
    if last.name == want.name:
        start = last.ends if want.newest > last.newest else last.again
    else:
        start = want.since + REMIND_S if want.name == REMINDER else now
    if now < start:
        return None, last
    burst = bursts()[want.name]
    ends = now + burst.length_s
    again = ends + burst.every_s if burst.every_s > 0.0 else math.inf
    return burst, Played(want.name, ends, now + REMIND_S if want.name == REMINDER else again, want.newest)


def silenced(want: Wanted, now: float, last: Played) -> bool:
    """Whether what plays now was acknowledged or paused, and is to be cut off."""
    return now < last.ends and LOUDNESS[want.name] > LOUDNESS[last.name]


class Schedule:
    """The last burst of one board; asked each tick, it costs next to nothing while nothing changes."""

    def __init__(self, board: AlarmBoard) -> None:
        self._board = board
        self._version = -1
        self._wanted = NOTHING
        self._last = SILENT

    def due(self, now: float) -> str:
        """The burst to begin at `now` [s]; `QUIET` where one is to be cut off first, "" for nothing to do."""
        if self._board.version != self._version:
            self._version = self._board.version
            self._wanted = wanted(self._board.standing(), self._board.pause_left(now) is not None)
            if silenced(self._wanted, now, self._last):
                self._last = SILENT
                return QUIET
        burst, self._last = due(self._wanted, now, self._last)
        return burst.name if burst is not None else ""
