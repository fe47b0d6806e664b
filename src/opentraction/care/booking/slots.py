"""Free times: on the grid from each opening on, with one free resource of each kind that is needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from opentraction.care.booking.conflicts import conflicts
from opentraction.care.booking.diary import Booked, Diary, Resource
from opentraction.care.booking.kinds import Kind, rules


@dataclass(frozen=True, slots=True)
class Slot:
    """A free time (UTC) for one kind of appointment, and the resources it would take."""

    kind: Kind
    start: datetime
    resources: tuple[Resource, ...]

    @property
    def end(self) -> datetime:
        """When the patient goes."""
        return self.start + self.kind.lasts

    def booked(self, key: str, patient: str) -> Booked:
        """An appointment in it."""
        return Booked(key=key, patient=patient, kind=self.kind, start=self.start, resources=self.resources)


def free_slots(
    diary: Diary,
    kind: Kind,
    first: date,
    last: date,
    *,
    patient: str = "",
    now: datetime | None = None,
    only: frozenset[int] = frozenset(),
    key: str = "",
) -> Iterator[Slot]:
    """Free times from day `first` to day `last`, in order; after `now` where it is given.

    `patient` leaves out what would clash for them; `only` are ids of resources that must be among the taken; `key` is
    an appointment that is to be moved, and so is not in its own way.
    """
    others = diary.without(key) if key else diary
    day = first
    while day <= last:
        for start, end in others.open_on(day):
            yield from _within(others, kind, (start, end), (patient, now, only))
        day += timedelta(days=1)


def slot_at(
    diary: Diary, kind: Kind, start: datetime, *, patient: str = "", now: datetime | None = None,
    only: frozenset[int] = frozenset(),
) -> Slot | None:  # fmt: skip
    """The free time at one moment, None where there is none."""
    found = _free_resources(diary, kind, start, only)
    if found is None:
        return None
    slot = Slot(kind, start, found)
    return None if conflicts(diary, slot.booked("", patient or "nobody"), now) else slot


def _within(
    diary: Diary, kind: Kind, stretch: tuple[datetime, datetime], whose: tuple[str, datetime | None, frozenset[int]]
) -> Iterator[Slot]:
    at, step = stretch[0], timedelta(minutes=rules().grid)
    patient, now, only = whose
    while at + kind.lasts <= stretch[1]:
        slot = slot_at(diary, kind, at, patient=patient, now=now, only=only)
        if slot is not None:
            yield slot
        at += step


def _free_resources(diary: Diary, kind: Kind, start: datetime, only: frozenset[int]) -> tuple[Resource, ...] | None:
    """The first free resource of each kind needed; where `only` names some of that kind, one of those."""
    chosen = []
    for need in kind.needs:
        serving = diary.serving(kind, need)
        named = [one for one in diary.resources if one.kind == need and one.id in only]
        among = [one for one in serving if one in named] if named else serving
        free = next((one for one in among if not diary.is_taken(one, (start, start + kind.kept(need)))), None)
        if free is None:
            return None
        chosen.append(free)
    return tuple(chosen)
