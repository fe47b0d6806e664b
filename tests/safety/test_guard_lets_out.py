"""How the guard lets out: its line and payout figure by figure, and over belts of 3 to 40 N/mm."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from opentraction.guard import let_out
from opentraction.guard.let_out import AT_REST, LetOut, begin, by_force, by_travel

TICK = 0.005
LATE = 2
"""Looks until a word reaches the drum."""
LAG = 0.03
"""[s] until a drum makes two thirds of the speed that it is told."""
OUT = LetOut(200.0, 250.0, 0.03, -0.04)


def test_the_figures_are_the_documented_ones() -> None:
    assert (let_out.TIME, let_out.TIME_AT_ONCE) == (2.0, 1.6)
    assert (let_out.GENTLEST, let_out.STEEPEST, let_out.STEEPEST_AT_ONCE) == (150.0, 250.0, 400.0)
    assert (let_out.GAIN, let_out.GROWTH, let_out.AIM) == (0.00025, 0.0009, -20.0)
    assert (let_out.FIRST, let_out.FASTEST, let_out.BLIND, let_out.BEYOND) == (0.010, 0.200, 0.025, 0.050)
    assert AT_REST == (0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("force", "at_once", "rate"),
    [
        (60.0, False, 150.0),
        (400.0, False, 200.0),
        (1000.0, False, 250.0),
        (60.0, True, 150.0),
        (400.0, True, 250.0),
        (1000.0, True, 400.0),
    ],
)
def test_a_line_begins_at_the_force_with_its_rate(force: float, at_once: bool, rate: float) -> None:
    assert begin(force, at_once) == LetOut(rate, force, 0.010, 0.0)


def test_above_the_line_more_is_paid_out_and_below_less() -> None:
    for force in (250.0, 230.0):
        over = force - 249.0
        payout = 0.03 + 0.0009 * over * TICK
        made = by_force(OUT, force, TICK)
        assert made == pytest.approx((200.0, 249.0, payout, -(payout + 0.00025 * over)), abs=1e-12)


def test_payout_has_its_ends_and_never_takes_in() -> None:
    assert by_force(OUT._replace(payout=0.5), 250.0, TICK)[2:] == (0.2, -0.2)
    assert by_force(OUT._replace(payout=0.1999), 1000.0, TICK)[2:] == (0.2, -0.2)
    assert by_force(OUT._replace(payout=0.00001), 0.0, TICK)[2:] == (0.0, 0.0)
    # Below the line, what has grown may be more than the gain takes away, or less.
    assert by_force(OUT, 130.0, TICK).speed == pytest.approx(0.0)
    assert by_force(OUT, 139.0, TICK).speed == pytest.approx(-(0.03 - 0.0009 * 110.0 * TICK - 0.0275))


def test_the_line_ends_below_nothing() -> None:
    assert by_force(OUT._replace(line=-19.5), 0.0, TICK).line == -20.0
    assert by_force(OUT._replace(line=-18.5), 0.0, TICK).line == -19.5


@pytest.mark.parametrize(
    ("travel", "speed"),
    [(0.30, -0.025), (math.nextafter(0.05, 1.0), -0.025), (0.05, 0.0), (-0.3, 0.0), (math.nan, -0.025)],
)
def test_without_a_force_it_goes_by_travel(travel: float, speed: float) -> None:
    assert by_travel(OUT, travel, 0.1) == LetOut(200.0, 250.0, 0.0, speed)


# --- over belts ---


def forces(stiffness: float, force: float, at_once: bool) -> Iterator[float]:
    """The force [N] after each look until the cable is slack: a belt of `stiffness` [N/m] to begin with, which softens
    as it gives, and a drum that lags and is late.
    """
    taut = 2.0 * force / stiffness  # [m]
    out, stretch, drum, said = begin(force, at_once), taut, 0.0, [0.0] * LATE
    for _ in range(2000):
        pull = force * (stretch / taut) ** 2
        yield pull
        out = by_force(out, pull, TICK)
        said.append(out.speed)
        drum += (said.pop(0) - drum) * TICK / LAG
        stretch += drum * TICK
        if stretch <= 0.0:
            return


@pytest.mark.parametrize("stiffness", [3000.0, 9000.0, 20000.0, 40000.0])
@pytest.mark.parametrize("force", [60.0, 300.0, 600.0])
@pytest.mark.parametrize(("at_once", "most"), [(False, 4.5), (True, 2.5)])
def test_every_belt_is_slack_in_time_and_none_falls_too_steeply(
    stiffness: float, force: float, at_once: bool, most: float
) -> None:
    fell = np.array(list(forces(stiffness, force, at_once)))
    assert int(np.argmax(fell <= 20.0)) * TICK <= most
    assert fell[-1] < 20.0
    assert (np.diff(fell) <= 1e-9).all()
    assert (fell[:-4] - fell[4:]).max() <= 500.0 * 4 * TICK
