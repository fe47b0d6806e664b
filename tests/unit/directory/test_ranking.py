"""How reviews count, against sums done by hand and laws that any fair order keeps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from opentraction.care.specialists import (
    Rating,
    area_mean,
    bayesian_mean,
    checks,
    replies,
    reply,
    summary,
    wilson_lower,
)
from opentraction.care.specialists.ranking import HALF_LIFE, weight
from opentraction.quantities import BadInput

TODAY = date(2026, 11, 22)
RATINGS = st.builds(Rating, st.integers(1, 5), st.dates(date(2015, 1, 1), TODAY))


def given_today(*stars: int) -> list[Rating]:
    return [Rating(each, TODAY) for each in stars]


def test_by_hand() -> None:
    # (10 * 4 + 5 + 5 + 2) / (10 + 3) = 52 / 13
    assert bayesian_mean(given_today(5, 5, 2), 4.0, TODAY) == pytest.approx(4.0)
    # (10 * 4 + 5) / 11
    assert bayesian_mean(given_today(5), 4.0, TODAY) == pytest.approx(45 / 11)


def test_a_review_counts_half_after_18_months_and_a_quarter_after_36() -> None:
    assert pytest.approx(547.875) == HALF_LIFE
    assert weight(TODAY, TODAY) == 1
    assert weight(TODAY - timedelta(days=548), TODAY) == pytest.approx(0.5, abs=1e-3)
    assert weight(TODAY - timedelta(days=1096), TODAY) == pytest.approx(0.25, abs=1e-3)
    assert weight(TODAY + timedelta(days=30), TODAY) == 1
    old = Rating(1, TODAY - timedelta(days=548))
    # (10 * 4 + 0.5 * 1) / 10.5
    assert bayesian_mean([old], 4.0, TODAY) == pytest.approx(40.5 / 10.5, abs=1e-3)


def test_one_perfect_review_does_not_beat_forty_good_ones() -> None:
    one, forty = given_today(5), given_today(*[5] * 30, *[4] * 10)
    assert bayesian_mean(one, 4.2, TODAY) < bayesian_mean(forty, 4.2, TODAY)


@given(st.lists(RATINGS), st.floats(1, 5))
def test_it_lies_between_the_area_and_the_own_mean(ratings: list[Rating], area: float) -> None:
    ranked = bayesian_mean(ratings, area, TODAY)
    own = area_mean(ratings, TODAY)
    low, high = sorted((area, area if own is None else own))
    assert low - 1e-9 <= ranked <= high + 1e-9
    assert bayesian_mean([], area, TODAY) == pytest.approx(area)


@given(st.lists(RATINGS, max_size=30), st.floats(1, 5))
def test_a_better_review_never_lowers_and_a_worse_one_never_raises(ratings: list[Rating], area: float) -> None:
    ranked = bayesian_mean(ratings, area, TODAY)
    assert bayesian_mean([*ratings, Rating(5, TODAY)], area, TODAY) >= ranked - 1e-9
    assert bayesian_mean([*ratings, Rating(1, TODAY)], area, TODAY) <= ranked + 1e-9


def test_what_is_shown_holds_n_spread_and_dates() -> None:
    first = date(2025, 3, 1)
    shown = summary([Rating(5, TODAY), Rating(1, first), Rating(5, first)], 4.0, TODAY)
    assert (shown.n, shown.spread, shown.first, shown.last) == (3, (1, 0, 0, 0, 2), first, TODAY)
    assert shown.mean == pytest.approx(11 / 3)
    assert shown.ranked is not None
    nothing = summary([], None, TODAY)
    assert (nothing.n, nothing.mean, nothing.ranked, nothing.first) == (0, None, None, None)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_lower_end_agrees_with_scipy(counts: tuple[int, int]) -> None:
    better, n = counts
    interval = binomtest(better, n).proportion_ci(0.95, "wilson")
    assert wilson_lower(better, n) == pytest.approx(interval.low, abs=1e-9)


def test_three_of_three_is_not_everyone() -> None:
    assert wilson_lower(3, 3) == pytest.approx(0.4385, abs=1e-4)
    assert wilson_lower(0, 0) is None
    with pytest.raises(ValueError, match="4 of 3"):
        wilson_lower(4, 3)


def test_a_reply_is_one_of_the_fixed_ones_and_says_nothing_of_anybody() -> None:
    with pytest.raises(BadInput, match="reply"):
        reply("We were glad to treat you in May.")
    telling = ("your visit", "your treatment", "your session", "you were", "patient", "when you came")
    for text in replies().values():
        assert not [word for word in telling if word in text.lower()]


def test_checks_name_where_to_look() -> None:
    assert {"licence", "exclusion", "board-doctor", "board-therapist", "device", "registry"} <= set(checks())
    assert "does not say that a licence does" in checks()["registry"].says
