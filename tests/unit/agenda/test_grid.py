"""The grid of a day and a week: where things stand, and the nights the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

from opentraction.care.booking import Diary, Hours
from opentraction.clinic.agenda.grid import day_grid, week_grid
from opentraction.clinic.agenda.models import Appointment, ResourceRow
from opentraction.clinic.agenda.saying import clock

BERLIN = ZoneInfo("Europe/Berlin")
TABLE = ResourceRow(pk=1, kind="table", name="Table 1")


class Row(SimpleNamespace):
    """An appointment that asks no database what it takes."""

    taken = (TABLE,)
    stands = True
    late_min = 0
    held = False

    @property
    def lasted(self) -> timedelta:
        return timedelta(minutes=45)


def row(start: datetime, day: date) -> Appointment:
    return cast(
        Appointment, Row(kind="session", starts=start, ends=start + timedelta(minutes=45), day=day, state="booked")
    )


def diary(**week: str) -> Diary:
    return Diary(BERLIN, Hours.from_document(week), (), (TABLE.resource,))


def test_an_appointment_stands_at_its_minutes() -> None:
    monday = date(2026, 3, 2)
    grid = day_grid(
        diary(mon="8:30-12:00, 13:00-17:00"), [TABLE], [row(datetime(2026, 3, 2, 8, tzinfo=UTC), monday)], monday
    )
    [block] = grid.blocks
    assert (block.place.column, block.place.row, block.place.span) == (1, 13, 9)
    assert (block.start, block.end) == ("09:00", "09:45")
    assert grid.rows == 9 * 12
    assert [words for _, words in grid.hours][:2] == ["08:00", "09:00"]
    assert [(place.row, place.span) for place in grid.closed] == [(1, 6), (49, 12)]


def test_a_day_without_hours_and_visits_is_empty() -> None:
    assert day_grid(diary(mon="8:00-12:00"), [TABLE], [], date(2026, 3, 1)).empty
    assert not day_grid(diary(mon="8:00-12:00"), [TABLE], [], date(2026, 3, 2)).empty


def test_the_doubled_hour_is_as_long_as_it_is_and_its_times_say_which() -> None:
    sunday = date(2026, 10, 25)
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    grid = day_grid(diary(sun="0:00-6:00"), [TABLE], [row(first, sunday), row(second, sunday)], sunday)
    assert [block.place.row for block in grid.blocks] == [31, 43]
    assert [block.start for block in grid.blocks] == ["02:30 (CEST)", "02:30 (CET)"]
    assert clock(datetime(2026, 10, 25, 8, tzinfo=UTC), BERLIN) == "09:00"


def test_a_week_leaves_out_days_that_are_never_open() -> None:
    monday = date(2026, 3, 2)
    sunday = row(datetime(2026, 3, 8, 8, tzinfo=UTC), date(2026, 3, 8))
    grid = week_grid(diary(mon="8:00-12:00", tue="8:00-12:00"), [sunday], monday)
    assert [column.day for column in grid.columns] == [monday, monday + timedelta(days=1), date(2026, 3, 8)]
    assert grid.blocks[0].place.column == 3


def test_every_class_the_grid_may_ask_for_is_in_the_style_sheet() -> None:
    from pathlib import Path

    from opentraction.clinic import agenda
    from opentraction.clinic.agenda.grid import MOST_COLUMNS

    style = (Path(agenda.__file__).parent / "static/agenda/grid.css").read_text()
    for letter, most in (("c", MOST_COLUMNS), ("r", 25 * 12), ("s", 25 * 12)):
        for number in range(1, most + 1):
            assert f".grid .{letter}{number} " in style
    assert all(f".grid.cols{number} " in style for number in range(1, MOST_COLUMNS + 1))
