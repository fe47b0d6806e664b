"""A degenerate disc lives through the same days and pulls as a healthy one, and differs as degenerate discs do."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from opentraction.body.disc.disc import NUCLEUS, PARAMETERS, TISSUES, Cells, Disc, Readings
from opentraction.body.disc.points import Point
from opentraction.body.disc.stepping import Accuracy, March

HOUR, LYING, STANDING, PULLED = 3600.0, -120.0, -600.0, 180.0
COARSE = Cells(5, 4, 4, 2)
MOMENTS = {"rested": 48.0, "up": 48.02, "evening": 64.0, "morning": 72.0, "pulled": 72.002, "after 45 min": 72.75}
"""Hours since it began to drink; up for 16 from the 48th, then lying for 8, then pulled."""
CHANGES = np.array([48.0, 64.0, 72.0]) * HOUR


@cache
def lived(tissues: str) -> tuple[Disc, March, dict[str, Readings], list[Point]]:
    """Two days of lying, a day up, a night, 45 minutes of pull."""
    disc = Disc(tissues, COARSE)
    force = course(LYING, STANDING, LYING, PULLED)
    march, points = disc.under(force, Accuracy(relative=1e-3, smallest=0.1)), list[Point]()
    point, seen = march.start(mu=disc.porous.thirst()), {}
    breaks = np.r_[CHANGES, CHANGES + 5.0]
    for name, hours in MOMENTS.items():
        point = march.run(point, hours * HOUR, breaks=breaks, each=points.append)
        seen[name] = disc.read(point)
    return disc, march, seen, points


def course(*forces: float) -> Callable[[float], float]:
    """Each force [N] reached within 5 s of its change."""
    times, values = np.stack([CHANGES, CHANGES + 5.0], axis=1).ravel(), [forces[0], *np.repeat(forces[1:], 2)[:-1]]
    return lambda t: float(np.interp(t, times, values))


def both(moment: str, what: str) -> tuple[float, float]:
    """A reading of the healthy and the degenerate disc."""
    healthy, degenerate = (getattr(lived(tissues)[2][moment], what) for tissues in ("healthy", "degenerate"))
    return healthy, degenerate


@pytest.mark.parametrize("tissues", TISSUES)
def test_it_gives_by_day_takes_back_by_night_and_drinks_when_pulled(tissues: str) -> None:
    disc, _, seen, points = lived(tissues)
    assert seen["up"].pressure > 2.0 * seen["rested"].pressure
    assert seen["up"].height > seen["evening"].height
    assert seen["evening"].water < seen["rested"].water
    assert seen["morning"].height == pytest.approx(seen["rested"].height, abs=3e-5)
    assert seen["pulled"].pressure < seen["morning"].pressure
    assert seen["morning"].height < seen["pulled"].height < seen["after 45 min"].height
    assert seen["morning"].water < seen["after 45 min"].water
    assert min(float(disc.porous.volumes(point.u).min()) for point in points) > 0.4


@pytest.mark.parametrize("tissues", TISSUES)
def test_no_water_is_lost_on_the_way(tissues: str) -> None:
    _, _, _, points = lived(tissues)
    lost = np.array([point.balance.held.sum() + point.left for point in points])
    exchanged = max(abs(point.left) for point in points)
    assert np.abs(lost).max() < 1e-8 * exchanged


def test_it_swells_and_bears_less_and_its_side_bears_more() -> None:
    for moment in ("rested", "up", "evening"):
        healthy, degenerate = both(moment, "pressure")
        assert degenerate < healthy
        assert share_of_nucleus("degenerate", moment) < share_of_nucleus("healthy", moment)
    assert both("evening", "pressure")[1] < 0.7 * both("evening", "pressure")[0]
    swellings = [float(swelling(tissues)) for tissues in ("healthy", "degenerate")]
    assert swellings[1] < 0.6 * swellings[0]


def share_of_nucleus(tissues: str, moment: str) -> float:
    """Of the force on the disc, what the nucleus's pressure bears."""
    disc, _, seen, _ = lived(tissues)
    force = {"rested": LYING, "up": STANDING, "evening": STANDING}[moment]
    return float(seen[moment].pressure * np.pi * disc.geometry["nucleus"] ** 2 / -force)


def swelling(tissues: str) -> np.floating:
    """Osmotic pressure of the nucleus before anything has swelled [Pa]."""
    disc = lived(tissues)[0]
    osmotic = disc.porous.tissue.swelling(np.ones((disc.shapes.elements, 1)))
    return np.mean(osmotic[disc.region == NUCLEUS])


def test_it_exchanges_less_water_in_a_day_and_rises_less_in_a_session() -> None:
    (h_up, d_up), (h_evening, d_evening) = both("up", "water"), both("evening", "water")
    assert 0.0 < d_up - d_evening < 0.9 * (h_up - h_evening)
    (h_before, d_before), (h_after, d_after) = both("morning", "height"), both("after 45 min", "height")
    assert 0.0 < d_after - d_before < h_after - h_before


def test_its_nucleus_is_smaller_and_lower_and_its_rim_as_wide() -> None:
    healthy, degenerate = (lived(tissues)[0] for tissues in ("healthy", "degenerate"))
    assert degenerate.geometry["height"] < healthy.geometry["height"]
    assert degenerate.geometry["nucleus"] < healthy.geometry["nucleus"]
    assert degenerate.geometry["radius"] == healthy.geometry["radius"]
    for disc in (healthy, degenerate):
        volume = np.pi * disc.geometry["radius"] ** 2 * disc.half
        assert disc.shapes.weight.sum() == pytest.approx(volume)
        inside = disc.shapes.weight[disc.region == NUCLEUS].sum()
        below = disc.half - disc.geometry["endplate"]
        assert inside == pytest.approx(np.pi * disc.geometry["nucleus"] ** 2 * below)


@pytest.mark.parametrize("part", ["nucleus", "annulus", "endplate"])
def test_both_sets_name_the_same_quantities_and_lie_in_their_spread(part: str) -> None:
    healthy, degenerate = PARAMETERS[f"healthy_{part}"], PARAMETERS[f"degenerate_{part}"]
    assert {name: one.unit for name, one in healthy.items()} == {name: one.unit for name, one in degenerate.items()}
    assert all(one.low <= one.value <= one.high and one.source for one in degenerate.values())
