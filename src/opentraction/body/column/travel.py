"""How far a table travels for a pull: the column's lengthening and what harness, skin and the upper strap give."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from opentraction.body.column.loads import Course
from opentraction.body.harness import HarnessParameters
from opentraction.body.person import ThoraxParameters, typical_person

FloatArray = npt.NDArray[np.float64]


def table_travel(times: FloatArray, course: Course, column: FloatArray) -> FloatArray:
    """[m] at `times` [s]; 0 where nothing pulls."""
    if not np.any(course.cable > 0.0):
        return np.zeros_like(times)
    body = typical_person(70.0).body
    grid = np.unique(np.r_[course.loads.times, times])
    pull = np.interp(grid, course.loads.times, course.cable)
    through = np.maximum(pull - np.interp(grid, course.loads.times, course.friction), 0.0)
    give = np.zeros_like(grid)
    relaxed = slip = 0.0
    for k in range(1, grid.size):
        dt = grid[k] - grid[k - 1]
        if pull[k] <= 0.0:
            relaxed *= math.exp(-dt / body.harness.tau)
            slip = 0.0
            continue
        stretch = _stretch(pull[k], relaxed, body.harness)
        relaxed += (stretch - relaxed) * (1.0 - math.exp(-dt / body.harness.tau))
        slip += (body.harness.slip_most - slip) * (1.0 - math.exp(-body.harness.slip_rate * pull[k] * dt))
        stretch = _stretch(pull[k], relaxed, body.harness)
        give[k] = stretch + slip + _strap(through[k], body.thorax)
    given = np.interp(times, grid, give)
    return np.where(np.interp(times, grid, pull) > 0.0, given + column - column[0], 0.0)


def _stretch(force: float, relaxed: float, h: HarnessParameters) -> float:
    """F = k1 s + k2 s^2 + m (s - relaxed), for s [m]."""
    b, rest = h.k1 + h.maxwell, force + h.maxwell * relaxed
    return 2.0 * rest / (b + math.sqrt(b * b + 4.0 * h.k2 * rest))


def _strap(force: float, t: ThoraxParameters) -> float:
    return 2.0 * force / (t.k1 + math.sqrt(t.k1 * t.k1 + 4.0 * t.k2 * force))
