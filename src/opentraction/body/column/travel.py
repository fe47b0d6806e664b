"""How far a table travels for a pull: the column's lengthening and what harness, skin and the upper strap give."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from opentraction.body.column.chosen import BELTS, PARAMETERS, Chosen
from opentraction.body.column.loads import Course
from opentraction.body.harness import HarnessParameters
from opentraction.body.person import ThoraxParameters, harness_parameters, thorax_parameters
from opentraction.quantities.parameters import Parameter

FloatArray = npt.NDArray[np.float64]


def table_travel(times: FloatArray, course: Course, column: FloatArray, c: Chosen) -> FloatArray:
    """[m] at `times` [s] since the pull that goes on then began; 0 where no harness pulls.

    `column` [m] is told at the same times, which hold the beginnings of the pulls for it to be told from.
    """
    travel = np.zeros_like(times)
    belts = _belts(c)
    relaxed, last = 0.0, 0.0
    for start, end in course.pulls:
        inside = _within(times, start, end)
        relaxed *= math.exp(-(start - last) / belts[0].tau)
        grid = np.unique(np.r_[start, course.loads.times[_within(course.loads.times, start, end)], times[inside]])
        give, relaxed = _give(grid, course, belts, relaxed)
        travel[inside] = np.interp(times[inside], grid, give) + column[inside] - np.interp(start, times, column)
        last = end
    return travel


def _within(times: FloatArray, start: float, end: float) -> npt.NDArray[np.bool_]:
    return (times > start) & (times <= end)


def _give(
    grid: FloatArray, course: Course, belts: tuple[HarnessParameters, ThoraxParameters], relaxed: float
) -> tuple[FloatArray, float]:
    """What harness, skin and strap give [m] at the times of one pull, put on anew before it, and how it has relaxed."""
    harness, thorax = belts
    pull = np.interp(grid, course.loads.times, course.cable)
    reaching = np.maximum(pull - np.interp(grid, course.loads.times, course.friction), 0.0)
    give, slip = np.zeros_like(grid), 0.0
    for k in range(1, grid.size):
        dt = grid[k] - grid[k - 1]
        relaxed += (_stretch(pull[k], relaxed, harness) - relaxed) * (1.0 - math.exp(-dt / harness.tau))
        slip += (harness.slip_most - slip) * (1.0 - math.exp(-harness.slip_rate * pull[k] * dt))
        give[k] = _stretch(pull[k], relaxed, harness) + slip + _strap(reaching[k], thorax)
    return give, relaxed


def _belts(c: Chosen) -> tuple[HarnessParameters, ThoraxParameters]:
    """The belts of this body, as chosen with it."""
    values = {id(one): c[section][name] for section in BELTS for name, one in PARAMETERS[section].items()}

    def choose(parameter: Parameter) -> float:
        return values[id(parameter)]

    return harness_parameters(c["harness"]["stiffness"], choose), thorax_parameters(choose)


def _stretch(force: float, relaxed: float, h: HarnessParameters) -> float:
    """F = k1 s + k2 s^2 + m (s - relaxed), for s [m]."""
    b, rest = h.k1 + h.maxwell, force + h.maxwell * relaxed
    return 2.0 * rest / (b + math.sqrt(b * b + 4.0 * h.k2 * rest))


def _strap(force: float, t: ThoraxParameters) -> float:
    return 2.0 * force / (t.k1 + math.sqrt(t.k1 * t.k1 + 4.0 * t.k2 * force))
