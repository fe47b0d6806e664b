"""The sessions of a course booked in one go: each on its day of the calendar or soon after, near the wished time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from opentraction.care.booking.diary import Diary
from opentraction.care.booking.kinds import Kind, rules
from opentraction.care.booking.slots import Slot, free_slots
from opentraction.care.booking.wall_clock import minute_of
from opentraction.prescription.progress import Visit


@dataclass(frozen=True, slots=True)
class Placed:
    """One visit and the time found for it; `moved` [days] from the day the calendar asked for. None: none was free."""

    visit: Visit
    slot: Slot | None
    moved: int = 0


def place_series(
    diary: Diary,
    visits: Sequence[Visit],
    kind: Kind,
    *,
    patient: str,
    wished: int,
    now: datetime,
    only: frozenset[int] = frozenset(),
) -> tuple[Placed, ...]:
    """A free time for each visit, near the wished minute of the day; never two on one day, and in their order.

    A visit without a free time on its day goes to the next day that has one, at most some days on.
    """
    found: list[Placed] = []
    after: date | None = None
    for visit in visits:
        begin = visit.day if after is None else max(visit.day, after + timedelta(days=1))
        slot = _first_day(diary, kind, begin, visit.day, (patient, wished, now, only))
        moved = (diary.day(slot.start) - visit.day).days if slot else 0
        found.append(Placed(visit, slot, moved))
        if slot is not None:
            after = diary.day(slot.start)
            diary = diary.with_booked(slot.booked(f"visit {visit.number}", patient))
    return tuple(found)


def nearest(slots: Iterable[Slot], wished: int, diary: Diary) -> Slot | None:
    """The free time nearest to a minute of the day; the earlier of two."""
    return min(slots, key=lambda one: (abs(minute_of(one.start, diary.zone) - wished), one.start), default=None)


def _first_day(
    diary: Diary, kind: Kind, begin: date, asked: date, how: tuple[str, int, datetime, frozenset[int]]
) -> Slot | None:
    patient, wished, now, only = how
    day, last = begin, asked + timedelta(days=rules().series_days)
    while day <= last:
        slot = nearest(free_slots(diary, kind, day, day, patient=patient, now=now, only=only), wished, diary)
        if slot is not None:
            return slot
        day += timedelta(days=1)
    return None
