"""The waiting list: who would take a time that came free, in the order in which they asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from opentraction.care.booking.diary import Diary
from opentraction.care.booking.hours import Stretch
from opentraction.care.booking.kinds import Kind, rules
from opentraction.care.booking.slots import Slot, slot_at
from opentraction.care.booking.wall_clock import MINUTES, minute_of
from opentraction.quantities import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Who waits for what: which days, weekdays (0 is Monday; empty is any), and minutes of the day."""

    key: str
    patient: str
    kind: Kind
    since: datetime
    first: date
    last: date
    weekdays: frozenset[int] = frozenset()
    earliest: int = 0
    latest: int = MINUTES

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadInput("last", self.last.isoformat(), f"{self.first.isoformat()} or later")
        if not 0 <= self.earliest < self.latest <= MINUTES:
            raise BadInput("latest", self.latest, "a time after the earliest one")
        if not self.weekdays <= set(range(7)):
            raise BadInput("weekdays", sorted(self.weekdays), "weekdays from 0 (Monday) to 6")

    def wants(self, start: datetime, diary: Diary) -> bool:
        """Whether somebody waiting would come at this time."""
        day, minute = diary.day(start), minute_of(start, diary.zone)
        weekday = not self.weekdays or day.weekday() in self.weekdays
        return weekday and self.first <= day <= self.last and self.earliest <= minute <= self.latest


def who_fits(
    diary: Diary, waiting: Iterable[Waiting], freed: Stretch, now: datetime
) -> tuple[tuple[Waiting, Slot], ...]:
    """Who could take a time that came free, each with the first time that suits, in the order in which they asked."""
    found = []
    for one in sorted(waiting, key=lambda each: (each.since, each.key)):
        slot = _suits(diary, one, freed, now)
        if slot is not None:
            found.append((one, slot))
    return tuple(found)


def _suits(diary: Diary, one: Waiting, freed: Stretch, now: datetime) -> Slot | None:
    at, step = freed[0], timedelta(minutes=rules().grid)
    while at < freed[1]:
        if one.wants(at, diary):
            slot = slot_at(diary, one.kind, at, patient=one.patient, now=now)
            if slot is not None:
                return slot
        at += step
    return None
