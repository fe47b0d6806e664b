"""A pull that comes and goes: the curve bends with it at once, and what the couch holds turns round where it should."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from opentraction.body.column.anatomy import DISCS, Size, curve, disc_segment
from opentraction.body.column.chosen import typical
from opentraction.body.column.living import body_of
from opentraction.body.column.loads import Course, course_of
from opentraction.body.column.march import Accuracy, Loads, Told, march
from opentraction.body.column.packed import pack
from opentraction.body.column.scenario import PLAIN, SPLIT, Scenario, Somebody, Stage, Traction
from opentraction.body.column.segment import FLEX, PRESSURE, UP, at_rest

FloatArray = npt.NDArray[np.float64]
WHO = Somebody(mass=75.0, stature=1.75, age=40.0)
LENGTH = 180.0


def pulled(force: float, asked: FloatArray, accuracy: Accuracy) -> Told:
    """The lumbar chain pulled at its ends in ramps of 5 s."""
    times = np.array([0.0, 5.0, 30.0, 35.0, 60.0, 65.0])
    forces = force * np.array([0.0, 1.0, 1.0, 0.2, 0.2, 1.0])
    n = len(DISCS)
    loads = Loads(times, np.repeat(forces[:, None], n, 1), np.zeros((times.size, n, 3)), forces)
    levels = pack([disc_segment(i, Size(), typical()) for i in range(n)])
    return march(levels, curve(Size(), typical()), n, loads, at_rest(n, 6, 5), 0.0, asked, accuracy)


def test_steps_as_long_as_their_error_allows_are_worth_half_a_percent_of_short_ones() -> None:
    """Also at a ramp's end, where the curve has just been straightened: each level's height, bend and pressure."""
    asked = np.array([2.5, 5.0, 30.0, 32.5, 35.0, 60.0, 65.0, 70.0])
    long, short = (pulled(330.0, asked, one) for one in (Accuracy(), Accuracy(1e9, 1e9, 0.02)))
    assert long.steps < 100
    assert short.steps > 3000
    for i in (UP, FLEX, PRESSURE):
        off = np.abs(long.x[..., i] - short.x[..., i]).max(axis=0)
        assert np.all(off <= 0.005 * np.ptp(short.x[..., i], axis=0)), i


@pytest.mark.parametrize("force", [1.0, 1000.0, 3000.0])
def test_a_curve_is_found_under_any_pull(force: float) -> None:
    """The stronger the pull the straighter: the moments that it bends with are those of the curve as it ends up."""
    told = pulled(force, np.array([5.0, 30.0]), Accuracy())
    assert told.done == 2
    assert np.all(np.isfinite(told.x))


def cycles(couch: str) -> Traction:
    times = np.array([0.0, 5.0, 60.0, 65.0, 90.0, 95.0, 150.0, 160.0, 180.0])
    return Traction(330.0, couch, 0.1, times, np.array([0.0, 330.0, 330.0, 110.0, 110.0, 330.0, 330.0, 0.0, 0.0]))


def course(pull: Traction) -> Course:
    stages = (Stage("supine", LENGTH, pull),)
    body = body_of(Scenario(WHO, (Stage("supine", 1.0),)), typical())
    return course_of(stages, body.chosen, body.weights, len(body.discs), "supine")


@pytest.mark.parametrize("couch", [SPLIT, PLAIN])
def test_loads_between_looked_at_times_are_those_looked_at_closely(couch: str) -> None:
    """Force at the spine and what the couch holds, within 0.2 % of the force's range of a course of 20 ms."""
    pull = cycles(couch)
    assert pull.times is not None
    assert pull.forces is not None
    close = np.arange(0.0, LENGTH + 0.01, 0.06)
    few, many = course(pull), course(replace(pull, times=close, forces=np.interp(close, pull.times, pull.forces)))
    # between felt and not felt lies a jump, which one course has a moment before the other
    at = np.arange(0.0, LENGTH, 0.05)
    for one, other in (
        (few.loads.force[:, 3], many.loads.force[:, 3]),
        (few.friction, many.friction),
        (few.loads.line, many.loads.line),
    ):
        off = np.abs(np.interp(at, few.loads.times, one) - np.interp(at, many.loads.times, other))
        assert np.percentile(off, 99.5) <= 0.002 * np.ptp(few.loads.force[:, 3])
        assert np.percentile(off, 98.0) <= 0.001 * np.ptp(few.loads.force[:, 3])
