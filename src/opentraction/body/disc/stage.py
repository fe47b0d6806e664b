"""One implicit stage of a porous body, brought into balance by old factorisations.

They serve many stages (`factors.py`), and their iteration is hurried on by what its last corrections have shown
(`mixing.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from opentraction.body.disc.factors import Factor, Factors
from opentraction.body.disc.held import Unknowns
from opentraction.body.disc.mixing import Mixing
from opentraction.body.disc.points import Point
from opentraction.body.disc.porous import Evaluated, Porous

FloatArray = npt.NDArray[np.float64]
GAMMA: Final = 1.0 - 1.0 / math.sqrt(2.0)
"""Share of a stage in its step."""
MOST_ITERATIONS: Final = 30
LEAST: Final = 1e-8
"""Of a body's extent and modulus: what is smaller is nothing, or rounding would be solved for."""
ROUNDING: Final = 1e-7
"""Corrections below this that shrink no more are rounding: the volume of a body hardly loaded is known no better."""
STUCK: Final = 0.7
"""Corrections that an iteration shrinks by less than this shrink no more."""
UNTRIED: Final = 0.2
"""The first correction of a stage is never thought to shrink faster than this."""


class NoConvergence(ArithmeticError):
    """A step that could not be solved, however short."""


@dataclass
class Work:
    """How much was done."""

    steps: int = 0
    rejected: int = 0
    iterations: int = 0
    factorisations: int = 0


class Stage:
    """What the stages of one march share: unknowns, factorisations, the largest values so far, the work done.

    iteration: aimed for, of the largest correction against the largest value.
    """

    def __init__(self, porous: Porous, unknowns: Unknowns, iteration: float) -> None:
        self.porous, self.unknowns, self.iteration = porous, unknowns, iteration
        self.factors = Factors(unknowns.column[porous.unknowns], sum(unknowns.count))
        extent, modulus = float(np.abs(porous.shapes.place).max()), float(np.max(porous.tissue.solid.shear))
        self.largest = (LEAST * extent, LEAST * modulus)
        self.work = Work()

    def solve(self, guess: tuple[FloatArray, FloatArray], t: float, base: FloatArray, dt: float) -> Point:
        """Solve forces(u, mu) = loads(t), held + gamma dt leaving = base.

        Done when what is still wrong is small enough, as told by how fast the corrections shrink; at first by the
        pace of the stage before.
        """
        n = self.unknowns
        load, previous = n.force(t), math.inf
        y, mu = guess[0].copy(), guess[1].copy()
        factor, mixing = self.factors.near(dt), self._mixing()
        for turn in range(MOST_ITERATIONS):
            u = n.spread(y, t)
            residual = self._residual(self.porous.evaluate(u, mu), load, base, dt)
            if not np.isfinite(residual).all():
                break
            if factor is None or factor.worn:
                factor, mixing, previous = self._factor(u, mu, dt, factor), self._mixing(), math.inf
            change = factor.solve(-residual)
            self.work.iterations += 1
            factor.spent += 1
            size = self._size(change, y, mu)
            step = mixing.step(change)
            y = y + step[: y.size]
            mu[n.open] += step[y.size :]
            pace = max(factor.pace, UNTRIED)
            if math.isfinite(previous):
                pace = factor.pace = min(size / previous, 0.9) if previous else 0.0
            stuck = turn > 1 and size > STUCK * previous and size < ROUNDING
            if size * pace / (1.0 - pace) < self.iteration or stuck:
                factor.served()
                u = n.spread(y, t)
                return Point(t, y, u, mu, self.porous.evaluate(u, mu), 0.0)
            previous = size
        if factor is not None:
            self.factors.forget(factor)
        raise NoConvergence(f"no balance found at {t:.6g} s with a step of {dt:.3g} s")

    def _residual(self, now: Evaluated, load: FloatArray, base: FloatArray, dt: float) -> FloatArray:
        """What is missing of both balances, unknown by unknown."""
        n = self.unknowns
        return np.concatenate([n.gather(now.forces) - load, -missing(now, base, dt)[n.open]])

    def _mixing(self) -> Mixing:
        """Corrections of displacement and pressure weigh by the largest value so far."""
        return Mixing(np.repeat(1.0 / np.array(self.largest), self.unknowns.count))

    def _factor(self, u: FloatArray, mu: FloatArray, dt: float, worn: Factor | None) -> Factor:
        if worn is not None:
            self.factors.forget(worn)
        self.work.factorisations += 1
        return self.factors.make(self.porous.slopes(u, mu, GAMMA * dt, closing=True), dt)

    def _size(self, change: FloatArray, y: FloatArray, mu: FloatArray) -> float:
        """The largest change of displacement and of pressure, against the largest value so far."""
        moved, pressed = change[: y.size], change[y.size :]
        self.largest = (
            max(self.largest[0], float(np.abs(y).max(initial=0.0))),
            max(self.largest[1], float(np.abs(mu).max(initial=0.0))),
        )
        sizes = (float(np.abs(one).max(initial=0.0)) for one in (moved, pressed))
        return max(size / largest for size, largest in zip(sizes, self.largest, strict=True))


def missing(now: Evaluated, base: FloatArray, dt: float) -> FloatArray:
    """Water that the balance of a stage lacks [m^3]: none where nothing else comes in."""
    return np.asarray(now.held - base + GAMMA * dt * now.leaving)
