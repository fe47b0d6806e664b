"""Booking: what a time needs to be free, series, the waiting list, what becomes of an appointment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from opentraction.care import booking
from opentraction.care.booking import Closure, NotFree, Waiting, book, conflicts, free_slots, place_series, slot_at
from opentraction.prescription.progress import course_calendar, templates
from opentraction.quantities import BadInput
from tests.unit.booking.ground import (
    BERLIN,
    LONG_AGO,
    MONDAY,
    NORA,
    OMAR,
    ROOM,
    SECOND,
    SESSION,
    TABLE,
    at,
    diary,
    session,
)

TUESDAY = MONDAY + timedelta(days=1)
NINE = at(MONDAY, 9)


TOO_SOON = ("At least 20 h belong between two sessions.",)
CLOSED = ("The clinic is closed then. Choose a time within its hours.",)


def starts(slots: object) -> list[str]:
    return [f"{one.start.astimezone(BERLIN):%H:%M}" for one in slots]  # type: ignore[attr-defined]


def test_every_kind_is_written_with_what_it_needs() -> None:
    assert {key: (one.minutes, one.needs, one.session) for key, one in booking.kinds().items()} == {
        "session": (45, ("table", "staff"), True),
        "intake": (60, ("room", "staff"), False),
        "reassessment": (30, ("room", "staff"), False),
        "home": (30, ("room", "staff"), False),
    }
    assert SESSION.kept("table") == timedelta(minutes=50)
    assert SESSION.kept("staff") == timedelta(minutes=45)
    assert booking.rules().certainty == "design"
    assert booking.rules().reviewed_by == ""
    with pytest.raises(BadInput, match="massage"):
        booking.kind("massage")


def test_free_times_are_on_the_grid_within_the_hours() -> None:
    found = starts(free_slots(diary(TABLE, NORA), SESSION, MONDAY, MONDAY))
    assert found[:2] == ["08:30", "08:45"]
    assert found[-1] == "16:15"
    assert "11:15" in found
    assert "11:30" not in found
    assert not list(free_slots(diary(), SESSION, MONDAY - timedelta(days=2), MONDAY - timedelta(days=1)))


def test_a_session_needs_a_table_and_a_therapist() -> None:
    assert not list(free_slots(diary(TABLE), SESSION, MONDAY, MONDAY))
    assert not list(free_slots(diary(NORA), SESSION, MONDAY, MONDAY))
    assert "A session needs one staff." in conflicts(diary(), session("1", "P-001", NINE, TABLE))
    both = session("1", "P-001", NINE, TABLE, SECOND, NORA)
    assert conflicts(diary(), both) == ("A session needs one table.",)
    assert "A session needs no room." in conflicts(diary(), session("1", "P-001", NINE, TABLE, NORA, ROOM))


def test_a_taken_table_is_left_five_minutes_to_be_wiped() -> None:
    busy = diary(TABLE, NORA, OMAR).with_booked(session("1", "P-001", NINE))
    found = starts(free_slots(busy, SESSION, MONDAY, MONDAY, patient="P-002"))
    assert found[0] == "10:00"  # not 9:45, when the table is still wet, nor 8:30, when it would be
    assert "09:45" in starts(free_slots(busy.without("1"), SESSION, MONDAY, MONDAY))


def test_the_second_table_and_the_second_therapist_are_found() -> None:
    busy = diary().with_booked(session("1", "P-001", NINE))
    slot = slot_at(busy, SESSION, NINE, patient="P-002")
    assert slot is not None
    assert slot.resources == (SECOND, OMAR)
    assert slot_at(busy, SESSION, NINE, patient="P-002", only=frozenset({NORA.id})) is None
    chosen = slot_at(busy, SESSION, NINE + timedelta(hours=2), patient="P-002", only=frozenset({OMAR.id}))
    assert chosen is not None
    assert chosen.resources == (TABLE, OMAR)


def test_a_table_out_of_service_takes_nobody() -> None:
    broken = replace(TABLE, in_service=False)
    assert not list(free_slots(diary(broken, NORA), SESSION, MONDAY, MONDAY))
    assert "Table 1 is out of service." in conflicts(diary(broken, NORA), session("1", "P-001", NINE, broken, NORA))
    front = replace(NORA, takes=frozenset({"home"}))
    assert not list(free_slots(diary(TABLE, front), SESSION, MONDAY, MONDAY))
    assert any("not there for" in one for one in conflicts(diary(), session("1", "P-001", NINE, TABLE, front)))


def test_one_session_a_day_and_hours_between_two() -> None:
    with_one = diary().with_booked(session("1", "P-001", at(MONDAY, 16)))
    same_day = conflicts(with_one, session("2", "P-001", NINE, SECOND, OMAR))
    assert same_day == ("The patient has a session that day. One a day is the most.",)
    too_soon = conflicts(with_one, session("2", "P-001", at(TUESDAY, 9), SECOND, OMAR))
    assert too_soon == ("At least 20 h belong between two sessions.",)
    assert conflicts(with_one, session("2", "P-001", at(TUESDAY, 12) + timedelta(minutes=60), SECOND, OMAR)) == ()
    before = diary().with_booked(session("1", "P-001", at(TUESDAY, 9)))
    assert conflicts(before, session("2", "P-001", at(MONDAY, 16), SECOND, OMAR)) == too_soon


def test_a_session_that_was_given_counts_like_one_that_is_booked() -> None:
    start = at(MONDAY, 16)
    treated = replace(diary(), given=(booking.Given("P-001", start, start + timedelta(minutes=30)),))
    same_day = conflicts(treated, session("1", "P-001", NINE))
    assert same_day == ("The patient was treated that day. One session a day is the most.",)
    assert conflicts(treated, session("1", "P-002", NINE)) == ()
    assert conflicts(treated, session("1", "P-001", at(TUESDAY, 12, 29))) == CLOSED + TOO_SOON
    assert conflicts(treated, session("1", "P-001", at(TUESDAY, 12, 30))) == CLOSED
    assert starts(free_slots(treated, SESSION, MONDAY, TUESDAY, patient="P-001"))[0] == "13:00"
    intake = booking.Booked(key="2", patient="P-001", kind=booking.kind("intake"), start=start, resources=(ROOM, OMAR))
    assert conflicts(treated, intake) == ()


def test_an_intake_may_be_on_the_day_of_a_session_but_not_at_its_time() -> None:
    with_one = diary().with_booked(session("1", "P-001", NINE))
    intake = booking.Booked(key="2", patient="P-001", kind=booking.kind("intake"), start=NINE, resources=(ROOM, OMAR))
    assert conflicts(with_one, intake) == ("The patient has another appointment then.",)
    assert conflicts(with_one, replace(intake, start=at(MONDAY, 14))) == ()


def test_closed_past_and_zoneless_times_are_refused() -> None:
    closed = "The clinic is closed then. Choose a time within its hours."
    assert conflicts(diary(), session("1", "P-001", at(MONDAY, 12, 30))) == (closed,)
    assert conflicts(diary(), session("1", "P-001", at(MONDAY, 11, 30))) == (closed,)
    away = replace(diary(), closures=(Closure(MONDAY, MONDAY, "holiday"),))
    assert conflicts(away, session("1", "P-001", NINE)) == (closed,)
    assert conflicts(diary(), session("1", "P-001", NINE), NINE + timedelta(minutes=1))[0].startswith("That time")
    with pytest.raises(BadInput, match="knows its zone"):
        session("1", "P-001", datetime(2026, 3, 2, 9))  # noqa: DTZ001


def test_moving_is_not_in_its_own_way() -> None:
    with_one = diary(TABLE, NORA).with_booked(session("1", "P-001", NINE))
    moved = book(with_one, session("1", "P-001", NINE + timedelta(minutes=15)))
    assert [one.start for one in moved.booked] == [NINE + timedelta(minutes=15)]
    assert "09:15" in starts(free_slots(with_one, SESSION, MONDAY, MONDAY, patient="P-001", key="1"))
    with pytest.raises(NotFree) as refusal:
        book(with_one, session("2", "P-002", NINE))
    assert str(refusal.value) == "Table 1 is taken then. Nora is taken then."


def test_a_series_follows_the_calendar_near_the_wished_time() -> None:
    visits = course_calendar(templates()["B"], diary().for_course(), MONDAY)[:6]
    placed = place_series(diary(), visits, SESSION, patient="P-001", wished=14 * 60, now=LONG_AGO)
    assert [one.visit.day for one in placed] == [one.day for one in visits]
    assert starts(one.slot for one in placed) == ["14:00"] * 6
    assert {one.moved for one in placed} == {0}


def test_a_series_takes_the_nearest_time_and_else_the_next_day() -> None:
    one_table = diary(TABLE, NORA)
    visits = course_calendar(templates()["B"], one_table.for_course(), MONDAY)[:2]
    day = visits[0].day
    busy = one_table.with_booked(session("1", "P-002", at(day, 14)))
    first = place_series(busy, visits, SESSION, patient="P-001", wished=14 * 60, now=LONG_AGO)[0]
    assert first.slot is not None
    assert starts([first.slot]) == ["13:00"]  # an hour off; after it is 14:50, which the grid gives as 15:00
    full = replace(one_table, closures=(Closure(day, day),))
    moved = place_series(full, visits, SESSION, patient="P-001", wished=14 * 60, now=LONG_AGO)
    assert (moved[0].moved, moved[1].moved) == (1, 0)


def test_a_series_says_which_visits_have_no_time() -> None:
    visits = course_calendar(templates()["B"], diary().for_course(), MONDAY)[:2]
    none = replace(diary(), closures=(Closure(MONDAY, MONDAY + timedelta(days=30)),))
    placed = place_series(none, visits, SESSION, patient="P-001", wished=600, now=LONG_AGO)
    assert [one.slot for one in placed] == [None, None]


def test_a_daily_series_late_in_the_day_keeps_its_hours_apart() -> None:
    visits = course_calendar(templates()["A"], diary().for_course(), MONDAY)[:5]
    busy = diary(TABLE, NORA).with_booked(session("x", "P-009", at(MONDAY, 9)))
    placed = place_series(busy, visits, SESSION, patient="P-001", wished=16 * 60, now=LONG_AGO)
    times = [one.slot.start for one in placed if one.slot]
    assert len(times) == 5
    for one, two in pairwise(times):
        assert two - (one + SESSION.lasts) >= timedelta(hours=20)


def waits(key: str, patient: str, since: int, **more: object) -> Waiting:
    wanted = {"first": MONDAY, "last": TUESDAY, **more}
    return Waiting(key=key, patient=patient, kind=SESSION, since=datetime(2026, 2, since, tzinfo=UTC), **wanted)  # type: ignore[arg-type]


def test_a_freed_time_goes_to_who_asked_first_and_can_come() -> None:
    now = at(MONDAY, 8)
    busy = diary(TABLE, NORA).with_booked(session("5", "P-005", at(MONDAY, 14)))
    waiting = [
        waits("a", "P-001", 9),
        waits("b", "P-002", 3),
        waits("c", "P-003", 1, earliest=13 * 60),
        waits("d", "P-004", 2, weekdays=frozenset({1})),
        waits("e", "P-005", 1),
        waits("f", "P-006", 1, first=TUESDAY),
    ]
    found = booking.who_fits(busy, waiting, (NINE, NINE + SESSION.lasts), now)
    assert [one.key for one, _ in found] == ["b", "a"]
    assert [slot.start for _, slot in found] == [NINE, NINE]
    assert booking.who_fits(busy, waiting, (NINE, NINE + SESSION.lasts), at(MONDAY, 10)) == ()


def test_what_is_asked_of_the_waiting_list_is_checked() -> None:
    with pytest.raises(BadInput):
        waits("a", "P-001", 1, last=MONDAY - timedelta(days=1))
    with pytest.raises(BadInput):
        waits("a", "P-001", 1, earliest=700, latest=600)
    with pytest.raises(BadInput):
        waits("a", "P-001", 1, weekdays=frozenset({7}))


@pytest.mark.parametrize(
    ("act", "before", "after"),
    [
        ("arrive", "booked", "arrived"),
        ("finish", "arrived", "done"),
        ("cancel", "booked", "cancelled"),
        ("cancel", "arrived", "cancelled"),
        ("no-show", "booked", "no-show"),
        ("back", "no-show", "booked"),
        ("back", "cancelled", "booked"),
        ("back", "arrived", "booked"),
        ("back", "done", "arrived"),
        ("arrive", "cancelled", None),
        ("cancel", "done", None),
        ("cancel", "no-show", None),
        ("no-show", "arrived", None),
        ("finish", "booked", None),
        ("back", "booked", None),
        ("delete", "booked", None),
    ],
)
def test_what_may_follow_what(act: str, before: str, after: str | None) -> None:
    if after is not None:
        assert booking.after(act, before) == after
        assert act in booking.acts_of(before)
        return
    with pytest.raises(BadInput):
        booking.after(act, before)


def test_notice_lateness_and_no_shows() -> None:
    assert booking.notice(NINE, NINE - timedelta(hours=23, minutes=59)).late
    assert not booking.notice(NINE, NINE - timedelta(hours=24)).late
    assert booking.notice(NINE, NINE + timedelta(hours=1)).hours == -1.0
    assert booking.late_by(NINE, NINE + timedelta(minutes=9)) == 0
    assert booking.late_by(NINE, NINE + timedelta(minutes=12, seconds=40)) == 12
    assert not booking.too_late(NINE, NINE + timedelta(minutes=19))
    assert booking.too_late(NINE, NINE + timedelta(minutes=20))
    assert not booking.may_be_missed(NINE, NINE + timedelta(minutes=9))
    assert booking.may_be_missed(NINE, NINE + timedelta(minutes=10))
