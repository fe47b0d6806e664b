"""Old factorisations: what they solve, when they are kept, and how their iteration is hurried on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opentraction.body.disc.factors import FAR, MOST_KEPT, USUAL, WORTH, Factors
from opentraction.body.disc.mixing import Mixing, shares

FloatArray = npt.NDArray[np.float64]
CHAIN = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [-1, 0]])


def chain(stiffness: FloatArray) -> FloatArray:
    """Element matrices of springs in a row, the first one's left end held."""
    return stiffness[:, None, None] * np.array([[1.0, -1.0], [-1.0, 1.0]])


def whole(elements: FloatArray) -> FloatArray:
    """Summed up by hand."""
    a = np.zeros((5, 5))
    for rows, element in zip(CHAIN, elements, strict=True):
        free = rows >= 0
        a[np.ix_(rows[free], rows[free])] += element[np.ix_(free, free)]
    return a


@given(st.lists(st.floats(0.1, 10.0), min_size=5, max_size=5))
@settings(max_examples=20)
def test_the_first_factorisation_and_those_in_its_order_solve_alike(stiffness: list[float]) -> None:
    factors, right = Factors(CHAIN, 5), np.arange(1.0, 6.0)
    for scale in (1.0, 3.0):
        elements = chain(scale * np.array(stiffness))
        found = factors.make(elements, scale).solve(right)
        assert found == pytest.approx(np.linalg.solve(whole(elements), right), rel=1e-9)


def test_one_of_about_the_same_step_serves_and_the_oldest_goes() -> None:
    factors, elements = Factors(CHAIN, 5), chain(np.ones(5))
    made = [factors.make(elements, 4.0**k) for k in range(MOST_KEPT + 2)]
    assert len(factors) == MOST_KEPT
    assert factors.near(1.0) is None
    assert factors.near(4.0**3) is made[3]
    assert factors.near(4.0**3 * 0.99 * FAR) in made[3:5]
    factors.forget(made[3])
    assert factors.near(4.0**3) is None


def test_a_factorisation_is_worn_when_a_new_one_would_have_been_cheaper() -> None:
    one = Factors(CHAIN, 5).make(chain(np.ones(5)), 1.0)
    for _ in range(100):
        one.spent += USUAL
        one.served()
    assert not one.worn
    one.spent += WORTH + 1
    assert one.worn


def turns(a: FloatArray, right: FloatArray, hurried: bool) -> int:
    """Iterations x + d(x), d = b - A x, until d is 1e-10 of the first."""
    x, mixing = np.zeros(right.size), Mixing(np.ones(right.size))
    for turn in range(200):
        d = right - a @ x
        if np.linalg.norm(d) <= 1e-10 * np.linalg.norm(right):
            return turn
        x = x + (mixing.step(d) if hurried else d)
    return 200


def test_what_steps_have_shown_hurries_an_iteration_on() -> None:
    """An old slope is off by up to a half in each direction."""
    chance = np.random.default_rng(3)
    axes, _ = np.linalg.qr(chance.standard_normal((30, 30)))
    a, right = axes @ np.diag(np.linspace(0.5, 1.5, 30)) @ axes.T, chance.standard_normal(30)
    assert turns(a, right, hurried=True) <= 0.6 * turns(a, right, hurried=False)


def test_as_many_steps_as_there_are_unknowns_solve_a_linear_problem() -> None:
    a = np.array([[0.7, 0.2, 0.0], [-0.3, 1.4, 0.1], [0.0, 0.4, 0.6]])
    assert turns(a, np.array([1.0, -2.0, 3.0]), hurried=True) <= 4


def test_a_step_that_says_what_a_newer_one_says_is_forgotten() -> None:
    vectors = np.array([[1.0, 0.0, 0.0], [0.6, 0.8, 0.0], [0.6, 0.8, 1e-3]])
    wanted = 2.0 * vectors[0] - 3.0 * vectors[1]
    share, kept = shares(vectors @ vectors.T, np.array([0, 1, 2]), vectors @ wanted, 0.03)
    assert kept.tolist() == [True, True, False]
    assert share == pytest.approx([2.0, -3.0, 0.0])
