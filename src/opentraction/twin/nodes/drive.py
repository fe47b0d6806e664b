"""The simulated drive: a CiA 402 state machine that takes the lesser of two speeds and keeps its own limits.

What it may do is decided by `table/two_words.py`; here are the states, the limits that were written into it, and what
it does when it hears nobody: it takes its torque away. A quick stop stops the drum and holds it; it lets nothing out.
The guard's letting out is above states: a drive that control has stopped, or that has faulted, still obeys it.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from opentraction.table.canopen import drive_states as d
from opentraction.table.canopen import objects as o
from opentraction.table.canopen import words as w
from opentraction.table.canopen.hearing import CYCLE, GOOD_FOR
from opentraction.table.canopen.sdo import Server
from opentraction.table.two_words import Moving, lesser

HEARTBEAT_ERROR: Final = 0x8130
"""Emergency code of CiA 301: life guard or heartbeat error."""
LATE: Final = round(GOOD_FOR / CYCLE)
"""Cycles, after which a word that comes is no word: it waited somewhere."""
_ENABLED: Final = (d.SWITCHED_ON, d.OPERATION_ENABLED, d.QUICK_STOP_ACTIVE)
_POWERED: Final = (d.OPERATION_ENABLED, d.QUICK_STOP_ACTIVE)


class Sight(NamedTuple):
    """What the drive measures of itself."""

    travel: float  # [m]
    tension: float  # [N] by its current


class Heard(NamedTuple):
    """Words, and the cycle each was said in."""

    asked: w.Asked
    asked_in: int
    permitted: w.Permitted
    permitted_in: int


LONG_AGO: Final = -(1 << 40)
NOTHING: Final = Heard(w.Asked(0, 0.0, 0), LONG_AGO, w.Permitted(0.0, False, False, 0, 0), LONG_AGO)


def said_in(cycle: int, counter: int) -> int | None:
    """The whole cycle that a word's counter means, at `cycle`; None for one that is old or not yet there."""
    late = -w.ahead(counter, cycle % w.COUNT)
    return cycle - late if 0 <= late <= LATE else None


class Drive:
    """States, words, and limits from its objects."""

    def __init__(self) -> None:
        self.server = Server(o.as_built(w.DRIVE))
        self.state = d.SWITCH_ON_DISABLED
        self.emergency = 0
        self.ready = False
        self.refused = 0
        """Words that were said twice, or long ago."""
        self._heard = NOTHING
        self._controlword = 0

    def ask(self, word: w.Asked, cycle: int) -> None:
        """Control's word."""
        at = said_in(cycle, word.cycle)
        if at is None or at <= self._heard.asked_in:
            self.refused += 1
            return
        self._heard = self._heard._replace(asked=word, asked_in=at)
        before, self.state = self.state, d.after(self.state, word.controlword, self._controlword)
        self._controlword = word.controlword
        if before == d.FAULT and self.state != d.FAULT:
            self.emergency = 0

    def permit(self, word: w.Permitted, cycle: int) -> None:
        """The guard's word."""
        at = said_in(cycle, word.cycle)
        if at is None or at <= self._heard.permitted_in:
            self.refused += 1
            return
        self._heard = self._heard._replace(permitted=word, permitted_in=at)

    def moving(self, cycle: int, sight: Sight, control_beats: bool, guard_beats: bool) -> Moving:
        """What it does in this cycle. A node without a heartbeat has said nothing."""
        h = self._heard
        asked_age = (cycle - h.asked_in) * CYCLE if control_beats else math.inf
        permitted_age = (cycle - h.permitted_in) * CYCLE if guard_beats else math.inf
        asked_age += self._shorter(o.CONTROL_LASTS, 0.150)
        permitted_age += self._shorter(o.GUARD_LASTS, 0.100)
        speed = h.asked.speed * self._sign if self.state == d.OPERATION_ENABLED else 0.0
        powered = self.state in _POWERED
        made = lesser(speed, powered, asked_age, h.permitted.fastest, h.permitted.pull, permitted_age)
        mute = asked_age > 0.150 and permitted_age > 0.100
        self._react(mute)
        self.ready = asked_age <= 0.150 and permitted_age <= 0.100 and self.state != d.FAULT
        lets_out = made.torque and h.permitted.fastest < 0.0 and permitted_age <= 0.100
        return Moving(self._capped(made.speed, sight), made.torque and (powered or lets_out))

    @property
    def _sign(self) -> float:
        return -1.0 if o.number(self._data(o.POLARITY)) & 0xC0 else 1.0

    def _react(self, mute: bool) -> None:
        if mute and self.state in _ENABLED:
            self.state, self.emergency = d.FAULT, HEARTBEAT_ERROR

    def _capped(self, speed: float, sight: Sight) -> float:
        """Within speed, travel and torque as they were written into it; a limit of nothing is nothing."""
        pull = o.number(self._data(o.FASTEST_PULL)) / w.PER_METRE
        fastest = o.number(self._data(o.FASTEST)) / w.PER_METRE
        speed = min(max(speed, -fastest), pull, fastest)
        if sight.tension > o.number(self._data(o.MOST_TORQUE)):
            speed = min(speed, 0.0)
        if sight.travel >= o.number(self._data(o.INNERMOST), signed=True) / w.PER_METRE:
            speed = min(speed, 0.0)
        if sight.travel <= o.number(self._data(o.OUTERMOST), signed=True) / w.PER_METRE:
            speed = max(speed, 0.0)
        return speed

    def _shorter(self, key: tuple[int, int], most: float) -> float:
        """By how much a word is good for less than it should be [s]; a drive that was never set hears nobody."""
        return most - min(o.number(self._data(key)) / 1e3, most)

    def _data(self, key: tuple[int, int]) -> bytes:
        return self.server.objects[key].data
