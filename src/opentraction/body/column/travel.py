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
    """[m] at `times` [s]; 0 where nothing pulls."""
    if not np.any(course.cable > 0.0):
        return np.zeros_like(times)
    harness, thorax = _belts(c)
    grid = np.unique(np.r_[course.loads.times, times])
    pull = np.interp(grid, course.loads.times, course.cable)
    through = np.maximum(pull - np.interp(grid, course.loads.times, course.friction), 0.0)
    give = np.zeros_like(grid)
    relaxed = slip = 0.0
    for k in range(1, grid.size):
        dt = grid[k] - grid[k - 1]
        if pull[k] <= 0.0:
            relaxed *= math.exp(-dt / harness.tau)
            slip = 0.0
            continue
        stretch = _stretch(pull[k], relaxed, harness)
        relaxed += (stretch - relaxed) * (1.0 - math.exp(-dt / harness.tau))
        slip += (harness.slip_most - slip) * (1.0 - math.exp(-harness.slip_rate * pull[k] * dt))
        stretch = _stretch(pull[k], relaxed, harness)
        give[k] = stretch + slip + _strap(through[k], thorax)
    given = np.interp(times, grid, give)
    return np.where(np.interp(times, grid, pull) > 0.0, given + column - column[0], 0.0)


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
