"""A day or a week as a grid: rows of five minutes, a column for each resource or day, placed by class names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from opentraction.care import booking
from opentraction.care.booking import Diary
from opentraction.clinic.agenda.models import Appointment, ResourceRow
from opentraction.clinic.agenda.saying import clock, day_words, kind_words, state_words

ROW: Final = timedelta(minutes=5)
HOUR: Final = 60
MOST_COLUMNS: Final = 16
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: column and first row from 1, rows it spans."""

    column: int
    row: int
    span: int

    @property
    def classes(self) -> str:
        """The class names that put it there."""
        return f"c{self.column} r{self.row} s{self.span}"


@dataclass(frozen=True, slots=True)
class Block:
    """One appointment in one column."""

    row: Appointment
    place: Place
    start: str
    end: str
    kind: str
    state: str

    @property
    def classes(self) -> str:
        held = " held" if self.row.held else ""
        return f"block {self.row.state} {self.row.kind}{held} {self.place.classes}"


@dataclass(frozen=True, slots=True)
class Column:
    """A resource (day view) or a day (week view)."""

    title: str
    number: int
    resource: ResourceRow | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """What the page draws. `hours` are labels with their rows, `closed` what is shaded."""

    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]
    hours: tuple[tuple[Place, str], ...]
    closed: tuple[Place, ...]
    rows: int

    @property
    def empty(self) -> bool:
        """Nothing to draw: no column, or neither hours nor appointments."""
        return not self.columns or self.rows == 0


def day_grid(diary: Diary, resources: Sequence[ResourceRow], rows: Iterable[Appointment], day: date) -> Grid:
    """One day, a column for each resource; what was cancelled or missed takes no place."""
    resources = resources[:MOST_COLUMNS]
    columns = tuple(Column(one.name, n, resource=one) for n, one in enumerate(resources, start=1))
    standing = [row for row in rows if row.stands]
    frame = _Frame.around(diary, [day], standing)
    by_resource = {one.pk: n for n, one in enumerate(resources, start=1)}
    blocks = [
        frame.block(row, day, by_resource[one.pk]) for row in standing for one in row.taken if one.pk in by_resource
    ]
    closed = [place for n in by_resource.values() for place in frame.closed(diary, day, n)]
    return Grid(columns, tuple(blocks), frame.hours(day), tuple(closed), frame.rows)


def week_grid(diary: Diary, rows: Iterable[Appointment], monday: date) -> Grid:
    """Seven days of one resource; days that are never open are left out unless something is booked."""
    standing = [row for row in rows if row.stands]
    week = [monday + timedelta(days=n) for n in range(7)]
    booked = {row.day for row in standing}
    days = [day for day in week if day in booked or diary.hours.week[day.weekday()]]
    columns = tuple(Column(day_words(day), n, day=day) for n, day in enumerate(days, start=1))
    frame = _Frame.around(diary, days, standing)
    blocks = [frame.block(row, row.day, days.index(row.day) + 1) for row in standing if row.day in days]
    closed = [place for n, day in enumerate(days, start=1) for place in frame.closed(diary, day, n)]
    return Grid(columns, tuple(blocks), frame.hours(monday), tuple(closed), frame.rows)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The minutes of the day that are drawn, from a whole hour to a whole hour."""

    begin: int
    end: int
    zone: ZoneInfo

    @classmethod
    def around(cls, diary: Diary, days: Sequence[date], rows: Sequence[Appointment]) -> _Frame:
        zone, opens, closes = diary.zone, [], []
        for day in days:
            for span in diary.hours.week[day.weekday()]:
                opens.append(span.opens)
                closes.append(span.closes)
        for row in rows:
            opens.append(booking.minute_of(row.starts, zone))
            closes.append(booking.minute_of(row.starts, zone) + int(row.lasted.total_seconds() // 60))
        if not opens:
            return cls(0, 0, zone)
        return cls(min(opens) // HOUR * HOUR, -(-min(max(closes), 1440) // HOUR) * HOUR, zone)

    @property
    def rows(self) -> int:
        return (self.end - self.begin) // 5

    def place(self, day: date, stretch: Stretch, column: int) -> Place:
        """Counted in minutes that pass, so that a doubled hour is as long as it is."""
        top = booking.moment(day, self.begin, self.zone)
        first = max(0, (stretch[0] - top) // ROW)
        last = max(first + 1, -(-(stretch[1] - top) // ROW))
        return Place(column, first + 1, last - first)

    def block(self, row: Appointment, day: date, column: int) -> Block:
        place = self.place(day, (row.starts, row.ends), column)
        times = clock(row.starts, self.zone), clock(row.ends, self.zone)
        return Block(row, place, *times, kind_words(row.kind), state_words(row))

    def hours(self, day: date) -> tuple[tuple[Place, str], ...]:
        count = (self.end - self.begin) // HOUR
        return tuple((Place(0, n * 12 + 1, 12), booking.minute_said(self.begin + n * HOUR)) for n in range(count))

    def closed(self, diary: Diary, day: date, column: int) -> list[Place]:
        """What of the frame lies outside the hours of that day."""
        if not self.rows:
            return []
        at, end = (booking.moment(day, minute, self.zone) for minute in (self.begin, self.end))
        found = []
        for start, close in [*diary.open_on(day), (end, end)]:
            if start > at:
                found.append(self.place(day, (at, min(start, end)), column))
            at = max(at, close)
        return found
