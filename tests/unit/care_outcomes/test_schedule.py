"""When forms are due, on the calendar's edges too."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.care.outcomes import CourseFacts, Due, Form, add_months, due, plan, reminders, schedule
from opentraction.quantities import BadInput

START = date(2026, 1, 5)
VISITS = tuple(START + timedelta(days=2 * i) for i in range(12))


def rmdq(day: date) -> Form:
    return Form("rmdq", day, {"total": 9})


def of(found: list[Due], occasion: str, name: str = "rmdq") -> Due:
    return next(one for one in found if one.occasion == occasion and one.instrument == name)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 31), 12, date(2027, 3, 31)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 48))
def test_months_keep_the_day_or_clamp_it(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and add_months(later, 0) == later)
    assert (later + timedelta(days=1)).day == 1 or later.day == day.day


def test_visits_not_held_are_not_due_and_the_time_after_waits_for_the_end() -> None:
    going = CourseFacts("P-1", "lumbar", START, VISITS[:5])
    assert {one.occasion for one in plan(going, [], START)} == {"baseline"}
    held = CourseFacts("P-1", "lumbar", START, VISITS)
    assert {one.occasion for one in plan(held, [], START)} == {"baseline", "visit_6", "visit_12"}
    ended = CourseFacts("P-1", "lumbar", START, VISITS[:8], date(2026, 1, 31))
    found = plan(ended, [], START)
    assert {one.occasion for one in found} >= {"visit_6", "end", "month_1", "month_12"}
    assert "visit_12" not in {one.occasion for one in found}
    assert of(found, "month_1").due == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("days", "state", "late"),
    [(-15, "ahead", 0), (-14, "due", 0), (-1, "due", 0), (0, "due", 0), (1, "missed", 1)],
)
def test_a_baseline_counts_only_before_the_first_session(days: int, state: str, late: int) -> None:
    one = of(plan(CourseFacts("P-1", "lumbar", START), [], START + timedelta(days=days)), "baseline")
    assert (one.state, one.late_days) == (state, late)


@pytest.mark.parametrize(
    ("days", "state", "late"),
    [(-2, "ahead", 0), (-1, "due", 0), (0, "due", 0), (1, "late", 1), (4, "late", 4), (5, "missed", 5)],
)
def test_visit_six_is_late_for_four_days_then_missed(days: int, state: str, late: int) -> None:
    course = CourseFacts("P-1", "lumbar", START, VISITS[:6])
    one = of(plan(course, [], VISITS[5] + timedelta(days=days)), "visit_6")
    assert (one.state, one.late_days) == (state, late)


@pytest.mark.parametrize(("days", "done"), [(-2, False), (-1, True), (0, True), (4, True), (5, False)])
def test_a_form_counts_inside_its_window(days: int, done: bool) -> None:
    course = CourseFacts("P-1", "lumbar", START, VISITS[:6])
    form = rmdq(VISITS[5] + timedelta(days=days))
    one = of(plan(course, [form], VISITS[5] + timedelta(days=40)), "visit_6")
    assert (one.state == "done") is done
    assert one.taken == (form.taken if done else None)


def test_a_form_without_a_score_does_not_count_and_one_form_serves_the_nearest_occasion() -> None:
    course = CourseFacts("P-1", "lumbar", START, VISITS, VISITS[-1] + timedelta(days=3))
    empty = Form("rmdq", START, {"q1": 1})
    assert of(plan(CourseFacts("P-1", "lumbar", START), [empty], START), "baseline").state == "due"
    assert of(plan(course, [empty], START), "baseline").state == "missed"  # after the first pull it is none any more
    late = rmdq(VISITS[-1] + timedelta(days=3))  # the day of the end, inside the window of visit 12 too
    found = plan(course, [late], VISITS[-1] + timedelta(days=30))
    assert of(found, "end").state == "done"
    assert of(found, "visit_12").state == "missed"
    same_day = CourseFacts("P-1", "lumbar", START, VISITS, VISITS[-1])
    found = plan(same_day, [rmdq(VISITS[-1])], VISITS[-1])
    assert {of(found, name).state for name in ("end", "visit_12")} == {"done"}


def test_what_is_asked_depends_on_region_and_occasion() -> None:
    book = schedule()
    assert "start_back" in book.instruments("lumbar", "baseline")
    assert "pgic" not in book.instruments("lumbar", "baseline")
    assert "pgic" in book.instruments("lumbar", "end")
    assert "ndi" in book.instruments("cervical", "end")
    assert "rmdq" not in book.instruments("cervical", "end")
    with pytest.raises(BadInput):
        book.instruments("thoracic", "end")


def test_reminders_count_every_form_once() -> None:
    course = CourseFacts("P-1", "lumbar", START, VISITS[:6])
    told = reminders([(course, [rmdq(START)])], VISITS[5] + timedelta(days=2))
    assert told.done == 1
    assert told.missing == 4  # the rest of the baseline
    assert told.late == 5  # visit 6
    assert told.asked == 10
    assert {one.occasion for one in told.to_ask} == {"visit_6"}
    assert all(one.closes == VISITS[5] + timedelta(days=4) for one in told.to_ask)
    assert due(course, [rmdq(START)], VISITS[5] + timedelta(days=2)) == list(told.to_ask)


@given(st.integers(0, 20), st.integers(0, 500), st.lists(st.integers(-20, 400), max_size=8))
def test_every_form_has_one_state_and_missing_only_grows(visits: int, today: int, taken: list[int]) -> None:
    held = tuple(START + timedelta(days=2 * i) for i in range(visits))
    course = CourseFacts("P-1", "lumbar", START, held, (held or (START,))[-1])
    forms = [rmdq(START + timedelta(days=day)) for day in taken]
    now, later = START + timedelta(days=today), START + timedelta(days=today + 30)
    one, two = reminders([(course, forms)], now), reminders([(course, forms)], later)
    assert one.asked <= two.asked
    assert one.missing <= two.missing
    assert len(plan(course, forms, now)) == one.asked + sum(d.state == "ahead" for d in plan(course, forms, now))


def test_a_course_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(BadInput):
        CourseFacts("P-1", "lumbar", START, (), START - timedelta(days=1))
