"""Which alarms stand, as a state machine: conditions and time come in, what happened goes out; no clock, disk or sound.

Behaviours after IEC 60601-1-8, from memory: acknowledging silences and never hides; a latched alarm stays after its
condition until acknowledged; a condition that comes back is new; sound is paused for at most two minutes, and anything
new or worse breaks the pause. Nothing here reaches control: an alarm is told, it never decides.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from opentraction.quantities.vocabulary import ALARMS, Alarm

ORDER: Final = {"high": 0, "medium": 1, "low": 2}
LONGEST_PAUSE: Final = 120.0
"""Of sound [s]."""
SHOWN_AT_LEAST: Final = 2.0
"""What does not latch stands at least so long [s]: a condition of one tick would be on no screen at all."""
Kind = Literal["raised", "over", "acknowledged", "left", "sound paused", "sound on"]
State = Literal["active", "latched", "acknowledged"]


@dataclass
class Standing:
    """One alarm that is shown; `number` is this raise of it and no other."""

    alarm: Alarm
    since: float
    number: int
    active: bool = True
    acknowledged: bool = False
    acknowledged_at: float = math.nan

    @property
    def state(self) -> State:
        """Active: the condition holds. Latched: it is over, and nobody has said that they saw it."""
        return "acknowledged" if self.acknowledged else "active" if self.active else "latched"


class Happening(NamedTuple):
    """What a log wants to know; `alarm` is None where it is about the sound of all."""

    kind: Kind
    t: float
    alarm: Alarm | None
    number: int
    why: str = ""


class AlarmBoard:
    """Everything that stands now. Times are the table's own [s] and never go back."""

    def __init__(self) -> None:
        self._standing: dict[str, Standing] = {}
        self._bits = 0
        self._next = math.inf
        """When something changes by itself."""
        self.numbers = 0
        """Raises so far."""
        self.paused_until = -math.inf
        self.version = 0
        """Counts changes, for whoever looks often."""

    def hear(self, bits: int, t: float) -> list[Happening]:
        """Conditions at time `t` [s], and what that changed."""
        if bits == self._bits and t < self._next:
            return []
        told = [one for alarm in ALARMS for one in self._hear(alarm, bool(bits & alarm.bit), t)]
        if self._paused and (t >= self.paused_until or any(one.kind == "raised" for one in told)):
            told.append(self._sound(t, "two minutes are over" if t >= self.paused_until else "a new alarm"))
        self._bits = bits
        return self._changed(told, t)

    def acknowledge(self, t: float, numbers: Collection[int] | None = None) -> list[Happening]:
        """Somebody has seen these raises (None: all that stand); those whose condition is over leave."""
        told: list[Happening] = []
        for one in list(self._standing.values()):
            if one.acknowledged or not (numbers is None or one.number in numbers):
                continue
            one.acknowledged, one.acknowledged_at = True, t
            told.append(Happening("acknowledged", t, one.alarm, one.number))
            if not one.active:
                told.append(self._leave(one, t))
        return self._changed(told, t)

    def pause_sound(self, t: float) -> list[Happening]:
        """Silence for two minutes what sounds; a pause under way is not made longer."""
        if self._paused or not self._unseen():
            return []
        self.paused_until = t + LONGEST_PAUSE
        return self._changed([Happening("sound paused", t, None, 0)], t)

    def sound_again(self, t: float) -> list[Happening]:
        """End the pause."""
        return self._changed([self._sound(t, "asked")] if self._paused else [], t)

    def restore(self, alarm: Alarm, since: float, number: int) -> None:
        """A latched alarm that stood when the power went and nobody had seen."""
        self._standing[alarm.id] = Standing(alarm, since, number, active=False)
        self.numbers = max(self.numbers, number)
        self.version += 1

    def pause_left(self, t: float) -> float | None:
        """Seconds until the sound is back [s]; None while it is not paused."""
        return max(0.0, self.paused_until - t) if self._paused else None

    def standing(self) -> list[Standing]:
        """Highest priority first; of equals, those nobody has seen; then the oldest."""
        return sorted(self._standing.values(), key=lambda s: (ORDER[s.alarm.priority], s.acknowledged, s.since))

    @property
    def _paused(self) -> bool:
        return self.paused_until > -math.inf

    def _hear(self, alarm: Alarm, on: bool, t: float) -> list[Happening]:
        """One condition. A latched alarm whose condition comes back makes room for a new raise."""
        one = self._standing.get(alarm.id)
        if on and (one is None or not one.active):
            self.numbers += 1
            self._standing[alarm.id] = Standing(alarm, t, self.numbers)
            return [Happening("raised", t, alarm, self.numbers)]
        if on or one is None:
            return []
        told = [Happening("over", t, alarm, one.number)] if one.active else []
        one.active = False
        if one.acknowledged or (not alarm.latching and t >= one.since + SHOWN_AT_LEAST):
            told.append(self._leave(one, t))
        return told

    def _leave(self, one: Standing, t: float) -> Happening:
        del self._standing[one.alarm.id]
        return Happening("left", t, one.alarm, one.number)

    def _sound(self, t: float, why: str) -> Happening:
        self.paused_until = -math.inf
        return Happening("sound on", t, None, 0, why)

    def _unseen(self) -> bool:
        return any(not one.acknowledged for one in self._standing.values())

    def _changed(self, told: list[Happening], t: float) -> list[Happening]:
        if self._paused and not self._unseen():
            told.append(self._sound(t, "nothing is left to silence"))
        self.version += bool(told)
        waits = [s.since + SHOWN_AT_LEAST for s in self._standing.values() if not (s.active or s.alarm.latching)]
        self._next = min([*waits, self.paused_until if self._paused else math.inf])
        return told
