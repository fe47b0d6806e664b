"""The likeliest parameters: Gauss-Newton with Levenberg's damping, from a coarse comparison to the fine one."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from opentraction.twin.own.prior import FloatArray
from opentraction.twin.own.problem import Problem

MOST: Final = 40
FARTHEST: Final = 1.0
"""No step goes farther than so many standard deviations of the prior in any direction."""
_SETTLED = 1e-3


class Found(NamedTuple):
    """The likeliest `z`, half the sum of squares there, slopes of `Problem.weighed` there."""

    z: FloatArray
    cost: float
    slopes: FloatArray


def descend(problem: Problem, z: FloatArray) -> Found:
    """From `z` to where half the sum of squares is least."""
    damping, left = 1e-3, problem.weighed(z)
    cost, slopes = 0.5 * float(left @ left), problem.slopes(z)
    for _ in range(MOST):
        normal, pull = slopes.T @ slopes, -slopes.T @ left
        while True:
            step = np.linalg.solve(normal + damping * np.diag(np.diag(normal)), pull)
            step *= min(1.0, FARTHEST / float(np.abs(step).max()))
            trial = problem.weighed(z + step)
            reached = 0.5 * float(trial @ trial)
            if reached < cost or damping > 1e6 or not np.isfinite(step).all():
                break
            damping *= 5.0
        if not reached < cost:
            break
        gained, z, left, cost = cost - reached, z + step, trial, reached
        damping = max(damping / 5.0, 1e-9)
        slopes = problem.slopes(z)
        if gained < _SETTLED:
            break
    return Found(z, cost, slopes)
