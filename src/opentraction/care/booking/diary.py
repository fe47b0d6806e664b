"""A clinic's diary at one moment: hours, closures, resources, what is booked. Immutable; a change is a new diary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from opentraction.care.booking.hours import Closure, Hours, Stretch, open_stretches
from opentraction.care.booking.kinds import RESOURCES, Kind
from opentraction.care.booking.wall_clock import day_of
from opentraction.prescription.progress import Clinic
from opentraction.quantities import BadInput


@dataclass(frozen=True, slots=True)
class Resource:
    """A table, a room, or somebody of the staff. `takes` are the kinds of appointments it serves; empty is all."""

    id: int
    kind: str
    name: str
    takes: frozenset[str] = frozenset()
    in_service: bool = True

    def __post_init__(self) -> None:
        if self.kind not in RESOURCES:
            raise BadInput("resource.kind", self.kind, "one of " + ", ".join(RESOURCES))

    def serves(self, kind: Kind) -> bool:
        """Whether an appointment of this kind may be given to it."""
        return self.in_service and self.kind in kind.needs and (not self.takes or kind.id in self.takes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """One appointment that stands: who, what, when (aware of its zone), and with which resources."""

    key: str
    patient: str
    kind: Kind
    start: datetime
    resources: tuple[Resource, ...]

    def __post_init__(self) -> None:
        if self.start.tzinfo is None:
            raise BadInput("start", self.start.isoformat(), "a time that knows its zone")
        object.__setattr__(self, "start", self.start.astimezone(UTC))

    @property
    def end(self) -> datetime:
        """When the patient goes."""
        return self.start + self.kind.lasts

    def held(self, resource: Resource) -> Stretch:
        """From when until when a resource is taken by it, cleaning included."""
        return self.start, self.start + self.kind.kept(resource.kind)


@dataclass(frozen=True, slots=True)
class Given:
    """A session that was pulled, booked or not: whose, from when until when (aware of their zones)."""

    patient: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Diary:
    """What a booking is measured against."""

    zone: ZoneInfo
    hours: Hours
    closures: tuple[Closure, ...] = ()
    resources: tuple[Resource, ...] = ()
    booked: tuple[Booked, ...] = ()
    given: tuple[Given, ...] = ()
    """Sessions that were pulled: they take nobody's time any more, but count for one a day and the hours between."""

    def with_booked(self, *more: Booked) -> Diary:
        """The diary with these too."""
        return replace(self, booked=(*self.booked, *more))

    def without(self, key: str) -> Diary:
        """The diary without the appointment of this key."""
        return replace(self, booked=tuple(one for one in self.booked if one.key != key))

    def open_on(self, day: date) -> tuple[Stretch, ...]:
        """When the clinic is open on a day."""
        return open_stretches(self.hours, self.closures, day, self.zone)

    def day(self, at: datetime) -> date:
        """The day on the clinic's wall."""
        return day_of(at, self.zone)

    def serving(self, kind: Kind, need: str) -> tuple[Resource, ...]:
        """Resources of one kind that an appointment may be given."""
        return tuple(one for one in self.resources if one.kind == need and one.serves(kind))

    @cached_property
    def taken(self) -> dict[int, list[Stretch]]:
        """Stretches that each resource is taken, by its id."""
        found: dict[int, list[Stretch]] = {}
        for one in self.booked:
            for resource in one.resources:
                found.setdefault(resource.id, []).append(one.held(resource))
        return found

    def is_taken(self, resource: Resource, stretch: Stretch) -> bool:
        """Whether a resource is taken for any part of a stretch."""
        return any(overlap(one, stretch) for one in self.taken.get(resource.id, ()))

    @cached_property
    def _by_patient(self) -> dict[str, list[Booked]]:
        found: dict[str, list[Booked]] = {}
        for one in self.booked:
            found.setdefault(one.patient, []).append(one)
        return found

    def of(self, patient: str) -> list[Booked]:
        """What one patient has booked."""
        return self._by_patient.get(patient, [])

    def for_course(self) -> Clinic:
        """The same as a course's calendar knows it: weekdays and days that are closed."""
        closed = {day for one in self.closures if one.whole for day in _days(one)}
        return Clinic(self.hours.weekdays, frozenset(closed))


def overlap(one: Stretch, two: Stretch) -> bool:
    """Whether two stretches share a moment; touching ends share none."""
    return one[0] < two[1] and two[0] < one[1]


def _days(closure: Closure) -> Iterator[date]:
    for n in range((closure.last - closure.first).days + 1):
        yield closure.first + timedelta(days=n)
