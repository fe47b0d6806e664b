"""Laws of the diary, over random weeks of booking, moving and cancelling, checked without the code that books."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from opentraction.care import booking
from opentraction.care.booking import (
    Booked,
    Closure,
    Diary,
    Hours,
    NotFree,
    Resource,
    Span,
    book,
    free_slots,
    place_series,
)
from opentraction.prescription.progress import course_calendar, own_template

ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo")]
DAYS = [date(2026, 3, 23), date(2026, 10, 19), date(2018, 10, 29), date(2026, 6, 1)]
NOW = datetime(2018, 1, 1, tzinfo=UTC)
HOURS = st.sampled_from(
    ["", "0:00-6:00", "1:30-2:30, 2:30-9:00", "8:00-12:00, 13:00-18:00", "0:00-24:00", "22:00-24:00"]
)


@st.composite
def diaries(draw: st.DrawFn) -> tuple[Diary, date]:
    first = draw(st.sampled_from(DAYS))
    hours = Hours.from_document({day: draw(HOURS) for day in booking.DAYS})
    numbers = range(1, draw(st.integers(2, 6)))
    names = [draw(st.sampled_from(booking.RESOURCES)) for _ in numbers]
    off = [draw(st.booleans()) and draw(st.booleans()) for _ in numbers]
    many = [Resource(n, kind, f"{kind} {n}", in_service=not o) for n, kind, o in zip(numbers, names, off, strict=True)]
    resources = (Resource(8, "table", "T"), Resource(9, "staff", "S"), *many)
    away = first + timedelta(days=draw(st.integers(0, 9)))
    closures = (Closure(away, away, span=draw(st.none() | st.just(Span(540, 600)))),)
    return Diary(draw(st.sampled_from(ZONES)), hours, closures, resources), first


Wish = tuple[str, str, str, int, int]
WISHES = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", "4", "5", "6"]),
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from(list(booking.kinds())),
        st.integers(0, 10 * 96),
        st.integers(0, 63),
    ),
    max_size=30,
)


def check(diary: Diary) -> None:
    """The law, written out anew: minute by minute on the wall, and by counting."""
    for one, two in combinations(diary.booked, 2):
        shared = {r.id for r in one.resources} & {r.id for r in two.resources}
        for resource in [r for r in one.resources if r.id in shared]:
            clean = timedelta(minutes=5 if resource.kind == "table" else 0)
            wet = [clean if each.kind.session else timedelta() for each in (one, two)]
            assert one.end + wet[0] <= two.start or two.end + wet[1] <= one.start
        if one.patient == two.patient:
            assert one.end <= two.start or two.end <= one.start
    for one in diary.booked:
        assert all(resource.in_service for resource in one.resources)
        minutes = int((one.end - one.start).total_seconds() // 60)
        for n in range(minutes):
            wall = (one.start + timedelta(minutes=n)).astimezone(diary.zone)
            minute = wall.hour * 60 + wall.minute
            spans = diary.hours.week[wall.weekday()]
            assert any(span.opens <= minute < span.closes for span in spans), wall
            for closure in diary.closures:
                if closure.first <= wall.date() <= closure.last:
                    assert closure.span is not None
                    assert not closure.span.opens <= minute < closure.span.closes
    days = Counter((b.patient, b.start.astimezone(diary.zone).date()) for b in diary.booked if b.kind.session)
    assert max(days.values(), default=0) <= 1
    sessions = sorted((b.patient, b.start) for b in diary.booked if b.kind.session)
    for (who, start), (next_who, later) in pairwise(sessions):
        assert who != next_who or later - start >= timedelta(hours=20, minutes=45)


@settings(max_examples=150)
@given(diaries(), WISHES)
def test_whatever_is_booked_or_moved_the_law_holds(ground: tuple[Diary, date], wishes: list[Wish]) -> None:
    diary, first = ground
    for key, patient, kind, quarter, which in wishes:
        start = booking.moment(first, 0, diary.zone) + timedelta(minutes=15 * quarter)
        chosen = tuple(one for n, one in enumerate(diary.resources) if which >> n & 1)
        try:
            diary = book(
                diary, Booked(key=key, patient=patient, kind=booking.kind(kind), start=start, resources=chosen)
            )
        except NotFree:
            if quarter % 7 == 0:
                diary = diary.without(key)
    check(diary)


@settings(max_examples=80)
@given(diaries(), st.lists(st.sampled_from(list(booking.kinds())), min_size=1, max_size=6))
def test_every_free_time_can_be_booked(ground: tuple[Diary, date], wanted: list[str]) -> None:
    diary, first = ground
    for n, kind in enumerate(wanted):
        slots = list(free_slots(diary, booking.kind(kind), first, first + timedelta(days=6), patient="ABC"[n % 3]))
        for slot in slots[:: max(1, len(slots) // 5)]:
            book(diary, slot.booked("try", "ABC"[n % 3]))
        if slots:
            diary = book(diary, slots[len(slots) // 2].booked(str(n), "ABC"[n % 3]))
    check(diary)


@settings(max_examples=80)
@given(diaries(), st.lists(st.integers(1, 3), min_size=1, max_size=3), st.integers(0, 1439))
def test_a_series_keeps_the_law_and_its_order(ground: tuple[Diary, date], weeks: list[int], wished: int) -> None:
    diary, first = ground
    if max(weeks) > len(diary.hours.weekdays):
        return
    visits = course_calendar(own_template(tuple(weeks)), diary.for_course(), first)
    placed = place_series(diary, visits, booking.kind("session"), patient="A", wished=wished, now=NOW)
    for one in placed:
        if one.slot is not None:
            diary = book(diary, one.slot.booked(str(one.visit.number), "A"))
            assert 0 <= one.moved <= booking.rules().series_days
    check(diary)
    times = [one.slot.start for one in placed if one.slot]
    assert times == sorted(times)
