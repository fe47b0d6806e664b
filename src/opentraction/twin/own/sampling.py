"""Parameters that the recordings leave possible, drawn together.

Randomised maximum likelihood (Kitanidis 1995, Oliver 1996; both from memory): each draw is the best fit to a recording
disturbed by its own errors under a prior disturbed likewise. Were travel straight in the parameters, these would be
draws of the posterior; where it bends they follow the bend, which a Gauss bell would not. The best fit is found on a
stand-in, straight in `straight.py`'s numbers, and put right by the model itself a few times over.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from opentraction.twin.own.descent import Found
from opentraction.twin.own.prior import FloatArray
from opentraction.twin.own.problem import Problem
from opentraction.twin.own.straight import slopes_of, straightened

ROUNDS: Final = 5
INSIDE: Final = 3
NEAR: Final = 0.05
"""A draw has arrived when a round changes half its sum of squares by less."""


def draw(problem: Problem, found: Found, count: int, rng: np.random.Generator) -> FloatArray:
    """Draws [count, parameters] of `z`."""
    stand_in = StandIn(problem, found)
    return np.stack([_one(problem, stand_in, shaken) for shaken in rng.standard_normal((count, len(found.slopes)))])


class StandIn:
    """What `Problem.weighed` would say, were it straight in `straightened`; folded to no more rows than parameters."""

    def __init__(self, problem: Problem, found: Found) -> None:
        self.problem, self.known, self.names = problem, problem.known, problem.names
        self.z = found.z
        self.size = found.z.size
        turned = slopes_of(self.known, self.names, found.z)
        data = found.slopes[: -self.size]
        self.turn, self.slopes = np.linalg.qr(np.linalg.solve(turned.T, data.T).T)
        self.here = straightened(self.known, self.names, found.z)
        self.left = self.folded(problem.weighed(found.z))

    def folded(self, weighed: FloatArray) -> FloatArray:
        """Misfits turned so that only as many rows as parameters matter."""
        return np.asarray(self.turn.T @ weighed[: -self.size])

    def says(self, z: FloatArray) -> FloatArray:
        """Folded misfits at `z`."""
        return np.asarray(self.left + self.slopes @ (straightened(self.known, self.names, z) - self.here))

    def solve(self, z: FloatArray, target: FloatArray, prior: FloatArray) -> FloatArray:
        """Least squares of folded misfits plus `target`, and of `z` plus `prior`, from `z` on."""
        for _ in range(INSIDE):
            bent = self.slopes @ slopes_of(self.known, self.names, z)
            left, own = self.says(z) + target, z + prior
            step = np.linalg.solve(bent.T @ bent + np.eye(self.size), -(bent.T @ left + own))
            z = z + step * min(1.0, 1.0 / float(np.abs(step).max()))
        return z


def _one(problem: Problem, stand_in: StandIn, shaken: FloatArray) -> FloatArray:
    """The best fit where everything is shaken by `shaken`."""
    noise, prior = stand_in.turn.T @ shaken[: -stand_in.size], shaken[-stand_in.size :]
    z = best = stand_in.z
    least, wrong = math.inf, np.zeros(stand_in.left.size)
    for _ in range(ROUNDS):
        z = stand_in.solve(z, noise + wrong, prior)
        true = problem.weighed(z)
        whole = true + shaken
        cost = 0.5 * float(whole @ whole)
        wrong = stand_in.folded(true) - stand_in.says(z)
        if cost < least:
            gained, best, least = least - cost, z, cost
            if gained < NEAR:
                break
    return best
