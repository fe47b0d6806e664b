"""The disc by finite elements: it drinks, is squeezed, is pulled; water and energy balance; the mesh is fine enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opentraction.body.disc.disc import Cells, Disc, Readings
from opentraction.body.disc.donnan import Charges, osmotic_energy, osmotic_pressure
from opentraction.body.disc.factors import MOST_KEPT
from opentraction.body.disc.points import Point
from opentraction.body.disc.stepping import Accuracy
from opentraction.quantities import BadInput

FloatArray = npt.NDArray[np.float64]
HOUR, LYING, STANDING = 3600.0, -120.0, -600.0
COARSE = Cells(5, 4, 4, 2)
DRUNK, RISE = 48 * HOUR, 5.0
Stages = Sequence[tuple[float, float]]


@cache
def coarse() -> Disc:
    return Disc(cells=COARSE)


@cache
def drunk() -> Point:
    """In balance with lying, after two days of it."""
    disc = coarse()
    march = disc.under(lambda _t: LYING, Accuracy(relative=1e-3, smallest=0.1))
    return march.run(march.start(mu=disc.porous.thirst()), DRUNK)


def course(start: float, stages: Stages) -> tuple[Callable[[float], float], FloatArray]:
    """The force of stages of (hours, force [N]), each reached within seconds, and when it bends."""
    ends = start + HOUR * np.cumsum([hours for hours, _ in stages])
    begins = np.r_[start, ends[:-1]]
    times = np.r_[np.stack([begins, begins + RISE], axis=1).ravel(), ends[-1]]
    forces = [LYING, *np.repeat([force for _, force in stages], 2)]
    return lambda t: float(np.interp(t, times, forces)), times


def played(disc: Disc, start: Point, *stages: tuple[float, float], relative: float = 3e-4) -> list[Point]:
    """Points on the way through stages; the start among them."""
    force, times = course(start.t, stages)
    march, points = disc.under(force, Accuracy(relative=relative, smallest=0.1)), [start]
    march.run(start, float(times[-1]), breaks=times, each=points.append)
    return points


def at(points: list[Point], hours: float, disc: Disc | None = None) -> Readings:
    """The reading nearest to a time after the start."""
    when = points[0].t + hours * HOUR
    return (disc or coarse()).read(min(points, key=lambda point: abs(point.t - when)))


def test_lying_its_pressure_is_what_was_measured_in_people() -> None:
    """0.10 MPa before and 0.24 MPa after a night's rest (Wilke 1999)."""
    rested = coarse().read(drunk())
    assert 0.10e6 < rested.pressure < 0.30e6
    assert rested.water > 0.0


def test_a_day_on_its_feet_squeezes_it_and_a_night_gives_it_back() -> None:
    points = played(coarse(), drunk(), (16.0, STANDING), (24.0, LYING))
    rested, up, evening, morning = (at(points, hours) for hours in (0.0, 0.05, 15.99, 40.0))
    assert up.pressure > 2.0 * rested.pressure
    assert evening.pressure < up.pressure
    assert rested.height > up.height > evening.height
    assert rested.water > up.water > evening.water
    assert morning.height == pytest.approx(rested.height, abs=0.03 * (rested.height - evening.height))


def test_a_pull_opens_it_lowers_its_pressure_and_lets_it_drink() -> None:
    points = played(coarse(), drunk(), (0.5, LYING + 300.0), (3.0, LYING))
    rested, pulled, held, after = (at(points, hours) for hours in (0.0, 0.002, 0.5, 3.5))
    assert pulled.pressure < 0.5 * rested.pressure
    assert rested.height < pulled.height < held.height
    assert rested.water < held.water
    assert pulled.pressure < held.pressure
    assert after.height == pytest.approx(rested.height, abs=0.1 * (held.height - rested.height))


def test_the_bulge_is_read_at_one_place() -> None:
    """Half way between two states it is half way between their readings; the largest excursion would not be."""
    rested = drunk()
    pulled = played(coarse(), rested, (0.02, LYING + 300.0))[-1]
    ends = [coarse().read(one).bulge for one in (rested, pulled)]
    assert ends[0] > 0.0 > ends[1]
    for share in np.linspace(0.0, 1.0, 21):
        between = replace(pulled, u=(1.0 - share) * rested.u + share * pulled.u)
        wanted = (1.0 - share) * ends[0] + share * ends[1]
        assert coarse().read(between).bulge == pytest.approx(wanted, abs=1e-12)


@given(st.lists(st.tuples(st.floats(0.1, 4.0), st.floats(-800.0, 250.0)), min_size=1, max_size=3))
@settings(max_examples=8, deadline=None)
def test_water_and_energy_balance_whatever_it_goes_through(stages: Stages) -> None:
    disc = coarse()
    points = played(disc, drunk(), *stages)
    lost = np.array([point.balance.held.sum() + point.left for point in points])
    exchanged = max(abs(point.left - points[0].left) for point in points)
    assert np.abs(lost - lost[0]).max() <= 1e-8 * max(exchanged, 1e-12)
    assert all(np.isfinite(disc.read(point)).all() for point in points)
    worked, moved = work_of(disc, points, stages), warmth_of(points)
    stored = disc.porous.stored(points[-1].u) - disc.porous.stored(points[0].u)
    scale = abs(worked) + abs(stored) + moved + 1e-4
    assert worked == pytest.approx(stored + moved, abs=0.01 * scale)


def work_of(disc: Disc, points: list[Point], stages: Stages) -> float:
    """Of the vertebra on half the disc [J]: its force times its way."""
    force, _ = course(points[0].t, stages)
    ways = [0.5 * disc.read(point).height for point in points]
    forces = np.array([force(point.t) for point in points])
    return float(np.sum(0.5 * (forces[1:] + forces[:-1]) * np.diff(ways)))


def warmth_of(points: list[Point]) -> float:
    """What moving the water cost [J]: the integral of grad mu . K grad mu over time."""
    rates = np.array([point.mu @ point.balance.leaving for point in points])
    times = np.array([point.t for point in points])
    return float(np.sum(0.5 * (rates[1:] + rates[:-1]) * np.diff(times)))


@given(st.floats(0.7, 2.0))
def test_the_energy_of_charges_falls_by_their_pressure(volume: float) -> None:
    charges, v, step = Charges(290.0, 0.8), np.array(volume), 1e-6
    slope = (osmotic_energy(v + step, charges) - osmotic_energy(v - step, charges)) / (2.0 * step)
    assert slope == pytest.approx(-osmotic_pressure(v, charges), rel=1e-5)


def test_a_tissue_that_is_not_there_is_refused_in_a_sentence() -> None:
    with pytest.raises(BadInput, match="one of healthy"):
        Disc("iron")


def test_few_factorisations_are_kept() -> None:
    march = coarse().under(lambda _t: LYING, Accuracy(relative=1e-3, smallest=0.1))
    march.run(march.start(mu=coarse().porous.thirst()), DRUNK)
    assert march.work.factorisations > MOST_KEPT
    assert march.kept <= MOST_KEPT


def test_a_finer_mesh_says_the_same() -> None:
    finer = Disc(cells=COARSE.finer(2))
    march = finer.under(lambda _t: LYING, Accuracy(relative=1e-3, smallest=0.1))
    start = march.run(march.start(mu=finer.porous.thirst()), DRUNK)
    stages = ((4.0, STANDING), (0.5, LYING + 300.0))
    ours, theirs = played(coarse(), drunk(), *stages), played(finer, start, *stages)
    for hours in (3.99, 4.5):
        a, b, rested = at(ours, hours), at(theirs, hours, finer), coarse().read(drunk())
        assert a.height - rested.height == pytest.approx(b.height - finer.read(start).height, rel=0.02)
        assert a.pressure == pytest.approx(b.pressure, rel=0.05)
