"""The drive's rule: the lesser of two speeds, and no pull without a fresh permission."""

from __future__ import annotations

import math
from itertools import product

import pytest

from opentraction.table.two_words import ASKED_LASTS, PERMITTED_LASTS, lesser

OLD = 1.0
SPEEDS = (-0.3, -0.01, 0.0, 0.01, 0.02, math.nan, math.inf, -math.inf)


def test_words_last_as_long_as_is_documented() -> None:
    assert (ASKED_LASTS, PERMITTED_LASTS) == (0.150, 0.100)


def test_both_words_fresh_give_the_lesser_speed() -> None:
    assert lesser(0.010, True, 0.0, 0.020, True, 0.0) == (0.010, True)
    assert lesser(0.050, True, 0.0, 0.020, True, 0.0) == (0.020, True)
    assert lesser(-0.050, True, 0.0, 0.020, True, 0.0) == (-0.050, True)
    assert lesser(0.010, True, 0.0, -0.030, False, 0.0) == (-0.030, True)


@pytest.mark.parametrize(("age", "pulls"), [(PERMITTED_LASTS, True), (PERMITTED_LASTS + 0.001, False)])
def test_a_permission_lasts_so_long(age: float, pulls: bool) -> None:
    assert (lesser(0.01, True, 0.0, 0.02, True, age).speed > 0.0) is pulls


@pytest.mark.parametrize(("age", "pulls"), [(ASKED_LASTS, True), (ASKED_LASTS + 0.001, False)])
def test_so_does_what_is_asked(age: float, pulls: bool) -> None:
    assert (lesser(0.01, True, age, 0.02, True, 0.0).speed > 0.0) is pulls


def test_without_control_the_guard_lets_out_and_holds_otherwise() -> None:
    assert lesser(0.01, False, OLD, -0.03, False, 0.0) == (-0.03, True)
    assert lesser(0.01, False, OLD, 0.02, True, 0.0) == (0.0, True)


def test_without_the_guard_control_lets_out_and_pulls_nothing() -> None:
    assert lesser(-0.05, True, 0.0, 0.02, True, OLD) == (-0.05, True)
    assert lesser(0.05, True, 0.0, 0.02, True, OLD) == (0.0, True)


def test_an_old_word_counts_for_nothing() -> None:
    assert lesser(-0.05, True, OLD, 0.02, True, 0.0) == (0.0, True)
    assert lesser(0.0, True, 0.0, -0.03, False, OLD) == (0.0, True)
    assert lesser(0.0, False, 0.0, -0.03, False, OLD) == (0.0, False)


def test_only_a_guard_that_lets_out_takes_the_torque_back() -> None:
    assert lesser(0.0, False, 0.0, 0.0, False, 0.0) == (0.0, False)


@pytest.mark.parametrize("none", [math.nan, math.inf, -math.inf])
def test_a_speed_that_is_no_number_moves_nothing(none: float) -> None:
    assert lesser(none, True, 0.0, 0.02, True, 0.0) == (0.0, True)
    assert lesser(0.01, True, 0.0, none, True, 0.0) == (0.0, True)
    assert lesser(0.0, True, OLD, none, False, 0.0).speed == 0.0


def test_without_either_the_torque_goes() -> None:
    assert lesser(0.01, True, OLD, 0.02, True, OLD) == (0.0, False)


def test_control_may_let_the_torque_go_and_the_guard_takes_it_back_to_let_out() -> None:
    assert lesser(0.0, False, 0.0, 0.02, True, 0.0).torque is False
    assert lesser(0.0, False, 0.0, -0.02, False, 0.0) == (-0.02, True)


@pytest.mark.parametrize(
    ("asked", "fastest", "pull", "a", "p"), list(product(SPEEDS, SPEEDS, (True, False), (0.0, OLD), (0.0, OLD)))
)
def test_nothing_pulls_but_by_both_words_and_no_speed_is_no_number(
    asked: float, fastest: float, pull: bool, a: float, p: float
) -> None:
    made = lesser(asked, True, a, fastest, pull, p)
    assert math.isfinite(made.speed)
    if made.speed > 0.0:
        assert pull
        assert a == p == 0.0
        assert made.speed <= max(asked, 0.0)
        assert 0.0 < made.speed <= fastest
