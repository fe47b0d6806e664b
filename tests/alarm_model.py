"""What alarms should do, told a second time and as plainly as possible; written without looking at the board.

It keeps the whole history and answers every question from it, slowly.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from opentraction.quantities.vocabulary import ALARMS

PRIORITY = {alarm.id: alarm.priority for alarm in ALARMS}
LATCHES = {alarm.id for alarm in ALARMS if alarm.latching}


@dataclass
class Raise:
    """One time that one condition held."""

    id: str
    begun: float
    over: float | None = None
    seen: float | None = None

    def stands(self, now: float) -> bool:
        if self.over is None:
            return True
        if self.seen is not None:
            return False
        return self.id in LATCHES or now < self.begun + 2.0


@dataclass
class Model:
    raises: list[Raise] = field(default_factory=list)
    silent_until: float = 0.0

    def standing(self, now: float) -> dict[str, Raise]:
        newest = {one.id: one for one in self.raises}
        return {id_: one for id_, one in newest.items() if one.stands(now)}

    def conditions(self, on: set[str], now: float) -> None:
        holding = {one.id: one for one in self.raises if one.over is None}
        for id_ in on - holding.keys():
            self.raises.append(Raise(id_, now))
            self.silent_until = now
        for id_ in holding.keys() - on:
            holding[id_].over = now

    def acknowledge(self, ids: set[str], now: float) -> None:
        for id_, one in self.standing(now).items():
            if id_ in ids and one.seen is None:
                one.seen = now

    def pause(self, now: float) -> None:
        if not self.quiet(now) and self.loudest(now):
            self.silent_until = now + 120.0

    def quiet(self, now: float) -> bool:
        """The pause ends with its time, and with the last alarm that it silences."""
        if not self.loudest(now):
            self.silent_until = min(self.silent_until, now)
        return now < self.silent_until

    def loudest(self, now: float) -> str:
        unseen = {PRIORITY[id_] for id_, one in self.standing(now).items() if one.seen is None}
        return next((level for level in ("high", "medium", "low") if level in unseen), "")
