"""Intervals against scipy and by hand; results count everybody who started."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from opentraction.care.outcomes import CourseOutcome, exact, results, results_picture, score, wilson
from opentraction.care.outcomes.intervals import below, funnel_limits
from opentraction.quantities import BadInput

COUNTS = st.integers(0, 150).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(COUNTS)
def test_intervals_are_those_of_scipy(case: tuple[int, int]) -> None:
    count, of = case
    if of == 0:
        assert wilson(count, of) is None
        assert exact(count, of) is None
        return
    for ours, method in ((wilson(count, of), "wilson"), (exact(count, of), "exact")):
        assert ours is not None
        theirs = binomtest(count, of).proportion_ci(0.95, method=method)
        assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
        assert ours.low <= ours.share <= ours.high


@given(COUNTS, st.floats(0, 1))
def test_the_binomial_sum_is_that_of_scipy(case: tuple[int, int], share: float) -> None:
    count, of = case
    assert below(count, of, share) == pytest.approx(binom.cdf(count, of, share), abs=1e-9)


@given(st.integers(5, 200), st.floats(0.02, 0.98))
def test_funnel_limits_hold_the_share_and_narrow_with_numbers(of: int, share: float) -> None:
    inner, outer = funnel_limits(of, share, 0.95), funnel_limits(of, share, 0.998)
    assert 0 <= outer[0] <= inner[0] <= inner[1] <= outer[1] <= 1
    tail = binom.cdf(int(inner[0] * of) - 1, of, share)
    assert tail <= 0.025 + 1e-9
    wide, narrow = funnel_limits(of, share, 0.95), funnel_limits(16 * of, share, 0.95)
    assert narrow[1] - narrow[0] <= wide[1] - wide[0] + 1e-9


def courses(done: list[tuple[int | None, int | None]], who: str = "ann", **more: int) -> list[CourseOutcome]:
    """Courses by RMDQ before and after."""
    told = lambda value: None if value is None else score("rmdq", {"total": value})  # noqa: E731
    return [CourseOutcome(who, told(before), told(after), **more) for before, after in done]


def test_who_is_missing_is_counted_both_ways() -> None:
    told = results(courses([(14, 5)] * 10 + [(14, 13)] * 10 + [(14, None)] * 5 + [(None, 5)] * 3), "rmdq")
    assert (told.started, told.with_outcome, told.missing) == (28, 20, 8)
    assert (told.achieved.count, told.achieved.known, told.achieved.missing) == (10, 20, 8)
    assert told.achieved.worst == pytest.approx(10 / 28)
    assert told.achieved.best == pytest.approx(18 / 28)
    assert "8 are missing" in told.words()[0]


def test_a_start_without_room_is_neither_success_nor_failure() -> None:
    told = results(courses([(14, 5)] * 10 + [(3, 2)] * 6 + [(14, 13)] * 5), "rmdq")
    assert told.cannot_tell == 6
    assert told.achieved.known == 15


def test_worse_is_told_too() -> None:
    told = results(courses([(10, 16)] * 6 + [(10, 11)] * 6 + [(10, 2)] * 6), "rmdq")
    assert (told.worse.count, told.clearly_worse.count, told.recovered.count) == (12, 6, 6)


@pytest.mark.parametrize(
    ("good", "bad", "hidden"), [(4, 20, True), (5, 20, False), (0, 20, False), (20, 3, True), (2, 2, True)]
)
def test_few_people_are_not_published(good: int, bad: int, hidden: bool) -> None:
    told = results(courses([(14, 5)] * good + [(14, 13)] * bad), "rmdq")
    document = told.document()["shares"][0]
    assert document["hidden"] is hidden
    assert (document["count"] is None) is hidden
    assert ("A worthwhile change: too few people to publish." in told.words()) is hidden


def test_adverse_events_are_told_however_few_but_never_as_none() -> None:
    told = results(courses([(14, 5)] * 20, sessions=12, sessions_with_event=0), "rmdq")
    assert "in 0 of 240 sessions" in " ".join(told.words())
    some = results(courses([(14, 5)] * 2, sessions=12, sessions_with_event=1), "rmdq")
    assert "in 1 to 4 of 24 sessions" in " ".join(some.words())
    assert some.document()["sessions"]["with_event"]["count"] == "1 to 4"
    with pytest.raises(BadInput):
        CourseOutcome("ann", None, None, 3, 4)


def test_the_funnel_names_who_lies_outside_and_leaves_out_the_few() -> None:
    every = courses([(14, 5)] * 30 + [(14, 13)] * 30, "ann") + courses([(14, 13)] * 30 + [(14, 5)] * 5, "ben")
    every += courses([(14, 5)] * 3, "eve")
    told = results(every, "rmdq")
    where = {one.name: one.where for one in told.clinicians}
    assert set(where) == {"ann", "ben"}
    assert "below" in where["ben"]
    assert told.clinicians_small == 1
    # eve alone would follow from the rest, so one more is left out
    assert told.not_told == {"ben"}
    assert [one["percent"] for one in told.document()["clinicians"] if one["clinician"] == "ben"] == [None]
    assert ">eve" not in results_picture(told)


def test_another_instrument_is_refused() -> None:
    with pytest.raises(BadInput):
        results(courses([(14, 5)]), "odi")


def test_nobody_is_a_clinic_without_results() -> None:
    told = results([], "rmdq")
    assert told.achieved.worst is None
    assert "0 courses started" in results_picture(told, theme="print")
