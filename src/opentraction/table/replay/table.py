"""The replay: reading by reading what a table once sensed, whatever it is told now.

A recording does not obey. What it can show is what control and guard make of the same readings today; so each command
is held against the one that was given then. After the last reading the table is gone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from opentraction.table.port import Checked, Command, Limits, Reading, Simulation

SAME: Final = 1e-9
"""Speeds nearer than this are the same [m/s]."""


class Moment(NamedTuple):
    """One tick: what was read, and what was asked then where anybody kept it."""

    reading: Reading
    command: Command | None = None


class Departure(NamedTuple):
    """A tick in which something else is asked than then."""

    tick: int
    then: Command
    now: Command


class ReplayTable:
    """Moments, one after the other."""

    kind = "replay"
    guarded = False

    def __init__(self, moments: Sequence[Moment], told: dict[str, Any] | None = None) -> None:
        """`told` describes the table that was recorded. Raises ValueError for no moments at all."""
        if not moments:
            raise ValueError("nothing to replay")
        self._moments = moments
        self._told = told or {}
        self._tick = 0
        self._closed = False
        self.departures: list[Departure] = []

    @property
    def simulation(self) -> Simulation | None:
        """None: nothing can happen that has not happened."""
        return None

    @property
    def over(self) -> bool:
        """Every reading was played."""
        return self._tick >= len(self._moments)

    def prepare(self, limits: Limits) -> None:
        """Nothing to set."""

    def read(self) -> Reading:
        """The reading of this tick. Raises ConnectionError after the last."""
        if self.over:
            raise ConnectionError("the recording is over")
        return self._moments[self._tick].reading

    def write(self, command: Command) -> None:
        """On to the next tick; a command that differs from the one given then is noted."""
        if self.over or self._closed:
            return
        then = self._moments[self._tick].command
        if then is not None and not _same(then, command):
            self.departures.append(Departure(self._tick, then, command))
        self._tick += 1

    def own_checks(self) -> Sequence[Checked]:
        """Nothing that could be checked."""
        return ()

    def describe(self) -> dict[str, Any]:
        """What was recorded, as it was told then."""
        return {"kind": "replay", "recorded": self._told}

    def close(self) -> None:
        """Stand still."""
        self._closed = True


def _same(then: Command, now: Command) -> bool:
    """Without torque a speed moves nothing; what is no number is like itself."""
    if then.torque != now.torque or not then.torque:
        return then.torque == now.torque
    if math.isnan(then.speed) or math.isnan(now.speed) or math.isinf(then.speed):
        return str(then.speed) == str(now.speed)
    return abs(then.speed - now.speed) <= SAME
