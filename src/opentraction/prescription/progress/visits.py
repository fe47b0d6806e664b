"""The calendar of a course: which days, which visit reassesses, what was missed, and how it moves."""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate, islice, repeat

from opentraction.prescription.progress.templates import Template, reassess
from opentraction.quantities import BadInput, State

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LOOK_AHEAD = 366
"""A clinic closed for a year has no calendar."""


@dataclass(frozen=True, slots=True)
class Clinic:
    """When the clinic is open: weekdays (0 is Monday) and days it is closed."""

    weekdays: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= set(range(7)):
            raise BadInput("clinic.days", sorted(self.weekdays), "at least one of " + ", ".join(WEEKDAYS))

    def open_on(self, day: date) -> bool:
        """Whether it treats that day."""
        return day.weekday() in self.weekdays and day not in self.holidays

    def from_day(self, day: date) -> Iterator[date]:
        """Open days from `day` on, a year ahead."""
        return (one for n in range(LOOK_AHEAD) if self.open_on(one := day + timedelta(days=n)))


@dataclass(frozen=True, slots=True)
class Visit:
    """One planned session: its number, week of the template (1 is the first), day, and whether scores are due."""

    number: int
    week: int
    day: date
    reassess: bool

    def document(self) -> dict[str, object]:
        """As JSON holds it."""
        return {"number": self.number, "week": self.week, "day": self.day.isoformat(), "reassess": self.reassess}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Scores after the course: months after the last visit, and the day."""

    months: int
    day: date


def course_calendar(template: Template, clinic: Clinic, start: date, done: int = 0) -> tuple[Visit, ...]:
    """The visits of a template from `start` on that are still to come after `done`; at most one a day.

    Each week of the template takes seven days, a week begun already what is left of it. What holidays take is made up
    at the end, as often as in the last week. Raises BadInput where the clinic is not open often enough.
    """
    most = max(template.weeks)
    if most > len(clinic.weekdays):
        raise BadInput("clinic.days", f"{len(clinic.weekdays)} days a week", f"{most} days, as the template asks")
    if not 0 <= done <= template.total:
        raise BadInput("done", done, f"0 to {template.total} sessions")
    days = _days(template, clinic, start, done)
    return tuple(
        Visit(number, week, day, due(number, template)) for number, (week, day) in enumerate(days, start=done + 1)
    )


def _days(template: Template, clinic: Clinic, start: date, done: int) -> list[tuple[int, date]]:
    """Week of the template and day of each visit still to come."""
    found: list[tuple[int, date]] = []
    begin, left = start, template.total - done
    for week, (count, wanted) in enumerate(_weeks(template, done), start=1):
        if wanted is None:
            continue
        span = 7 if wanted == count else math.ceil(7 * wanted / count)
        found += [(week, day) for day in _spread(clinic, begin, min(wanted, left - len(found)), span)]
        begin += timedelta(days=span)
        if len(found) == left:
            break
        if (begin - start).days > LOOK_AHEAD:
            raise BadInput("clinic", State("closed"), "enough open days for the course within a year")
    return found


def _weeks(template: Template, done: int) -> Iterator[tuple[int, int | None]]:
    """Sessions a week, how many are still to come (None for a week that is over); then more like the last."""
    for count, end in zip(template.weeks, accumulate(template.weeks), strict=True):
        over = end <= done and done > 0
        yield count, None if over else min(count, end - done)
    last = [count for count in template.weeks if count][-1]
    yield from repeat((last, last))


def _spread(clinic: Clinic, begin: date, count: int, span: int) -> list[date]:
    """As many open days of the span as are wanted, as evenly as they fall."""
    days = [one for n in range(span) if clinic.open_on(one := begin + timedelta(days=n))]
    if count >= len(days):
        return days
    if count == 1:
        return days[:1]
    return [days[round(n * (len(days) - 1) / (count - 1))] for n in range(count)]


def due(number: int, template: Template) -> bool:
    """Whether scores are due at this visit: the visits of reassessment, and the last."""
    return number in {*reassess().visits, template.total}


def follow_ups(last: date) -> tuple[FollowUp, ...]:
    """When scores are due after the last visit."""
    return tuple(FollowUp(months, add_months(last, months)) for months in reassess().months)


def add_months(day: date, months: int) -> date:
    """The same day some months on; the last of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def missed(visits: Sequence[Visit], done: Sequence[date], today: date) -> tuple[Visit, ...]:
    """Planned visits before today on whose day nobody was treated."""
    treated = set(done)
    return tuple(visit for visit in visits if visit.day < today and visit.day not in treated)


def reschedule(visits: Sequence[Visit], number: int, day: date, clinic: Clinic) -> tuple[Visit, ...]:
    """One visit moved to another day; what stood on that day or would come before it moves on to open days.

    Raises BadInput for a day on which the clinic is closed, or before the visit that comes before.
    """
    at = next((place for place, visit in enumerate(visits) if visit.number == number), None)
    if at is None:
        raise BadInput("number", number, "the number of a visit in this calendar")
    if not clinic.open_on(day):
        raise BadInput("day", day.isoformat(), "a day on which the clinic is open")
    if at > 0 and day <= visits[at - 1].day:
        raise BadInput("day", day.isoformat(), f"a day after {visits[at - 1].day.isoformat()}, the visit before")
    moved = [*visits[:at], replace(visits[at], day=day)]
    for visit in visits[at + 1 :]:
        moved.append(visit if visit.day > moved[-1].day else replace(visit, day=_next_open(clinic, moved[-1].day)))
    return tuple(moved)


def _next_open(clinic: Clinic, day: date) -> date:
    found = next(islice(clinic.from_day(day + timedelta(days=1)), 1), None)
    if found is None:
        raise BadInput("clinic", State("closed"), "an open day within a year")
    return found
