"""The clinic's clock: the skipped hour, the doubled hour, and zones that change at midnight or by half an hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.care.booking import Closure, Hours, Span, minute_of, minute_said, minute_written, moment, shown
from opentraction.care.booking import open_stretches as opened
from opentraction.quantities import BadInput
from tests.unit.booking.ground import BERLIN

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
"""In Berlin 2:00 to 3:00 is skipped, and shown twice."""
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "UTC"]


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_an_ordinary_time_is_what_the_clock_shows() -> None:
    assert moment(date(2026, 1, 5), 8 * 60 + 30, BERLIN) == utc(2026, 1, 5, 7, 30)
    assert moment(date(2026, 7, 6), 8 * 60 + 30, BERLIN) == utc(2026, 7, 6, 6, 30)
    assert moment(date(2026, 1, 5), 1440, BERLIN) == moment(date(2026, 1, 6), 0, BERLIN)


@pytest.mark.parametrize("minute", [120, 150, 179])
def test_a_skipped_time_is_the_moment_of_the_jump_and_cannot_be_booked(minute: int) -> None:
    assert moment(SPRING, minute, BERLIN) == utc(2026, 3, 29, 1)
    with pytest.raises(BadInput, match="is skipped on 2026-03-29, when the clocks go forward"):
        shown(SPRING, minute, BERLIN)


def test_the_minute_before_and_the_hour_after_the_jump_touch() -> None:
    assert moment(SPRING, 180, BERLIN) - moment(SPRING, 119, BERLIN) == timedelta(minutes=1)


def test_a_doubled_time_is_the_first_or_the_last_of_both() -> None:
    assert moment(AUTUMN, 150, BERLIN) == utc(2026, 10, 25, 0, 30)
    assert moment(AUTUMN, 150, BERLIN, last=True) == utc(2026, 10, 25, 1, 30)
    assert shown(AUTUMN, 150, BERLIN) == utc(2026, 10, 25, 0, 30)


def test_zones_that_jump_at_midnight_or_by_half_an_hour() -> None:
    assert moment(date(2018, 11, 4), 0, ZoneInfo("America/Sao_Paulo")) == utc(2018, 11, 4, 3)
    assert moment(date(2026, 10, 4), 135, ZoneInfo("Australia/Lord_Howe")) == utc(2026, 10, 3, 15, 30)


def test_a_span_over_the_skipped_hour_is_an_hour_shorter_and_over_the_doubled_one_longer() -> None:
    night = Hours.from_document({"sun": "0:00-6:00"})
    lengths = [sum((b - a for a, b in opened(night, (), day, BERLIN)), timedelta()) for day in (SPRING, AUTUMN)]
    assert lengths == [timedelta(hours=5), timedelta(hours=7)]


def test_spans_that_end_within_the_change_are_cut_there() -> None:
    halves = Hours.from_document({"sun": "1:00-2:30, 2:30-4:00"})
    assert opened(halves, (), SPRING, BERLIN) == ((utc(2026, 3, 29, 0), utc(2026, 3, 29, 2)),)
    assert opened(halves, (), AUTUMN, BERLIN) == ((utc(2026, 10, 24, 23), utc(2026, 10, 25, 3)),)
    skipped = Hours.from_document({"sun": "2:10-2:50"})
    assert opened(skipped, (), SPRING, BERLIN) == ()


def test_a_closure_takes_days_or_hours_away() -> None:
    hours, day = Hours.from_document({"mon": "8:00-12:00, 13:00-17:00"}), date(2026, 3, 2)
    assert opened(hours, (Closure(day, day),), day, BERLIN) == ()
    short = opened(hours, (Closure(day, day, span=Span(11 * 60, 14 * 60)),), day, BERLIN)
    assert short == ((utc(2026, 3, 2, 7), utc(2026, 3, 2, 10)), (utc(2026, 3, 2, 13), utc(2026, 3, 2, 16)))
    assert len(opened(hours, (Closure(date(2026, 3, 3), date(2026, 3, 9)),), day, BERLIN)) == 2


@given(st.dates(date(2000, 1, 1), date(2037, 1, 1)), st.integers(0, 1439), st.sampled_from(ZONES))
def test_what_the_clock_shows_comes_back(day: date, minute: int, name: str) -> None:
    zone = ZoneInfo(name)
    first, last = moment(day, minute, zone), moment(day, minute, zone, last=True)
    assert first <= last
    try:
        shown(day, minute, zone)
    except BadInput:
        assert first == last
        before = (first - timedelta(seconds=1)).astimezone(zone)
        assert before.utcoffset() != first.astimezone(zone).utcoffset()
        return
    for found in (first, last):
        assert (found.astimezone(zone).date(), minute_of(found, zone)) == (day, minute)


@pytest.mark.parametrize("text", ["8", "8:3", "25:00", "24:01", "8:60", "", "a:00", "-1:00", "1٣:00", "008:00"])
def test_a_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        minute_written(text)


@given(st.integers(0, 1440))
def test_a_time_is_said_as_it_is_written(minute: int) -> None:
    assert minute_written(minute_said(minute)) == minute


@pytest.mark.parametrize(
    "text", ["8:00", "12:00-8:00", "8:00-8:00", "8:00-12:00, 11:00-13:00", "13:00-14:00, 8:00-9:00", "8:00-9:00-10:00"]
)
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        Hours.from_document({"mon": text})


def test_hours_come_back_from_their_document() -> None:
    hours = Hours.from_document({"mon": "8:00-12:00;13:00–17:30", "sat": "9:00-24:00"})
    assert hours.document()["mon"] == "08:00-12:00, 13:00-17:30"
    assert Hours.from_document(hours.document()) == hours
    assert hours.weekdays == {0, 5}
    with pytest.raises(BadInput):
        Hours.from_document({"monday": "8:00-12:00"})
    with pytest.raises(BadInput):
        Closure(date(2026, 3, 2), date(2026, 3, 1))
