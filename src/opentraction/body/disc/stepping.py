"""Marching a porous body through time, two implicit stages a step.

SDIRK2 with gamma = 1 - 1/sqrt(2): second order, L-stable and stiffly accurate (Alexander 1977, doi:10.1137/0714068), so
a sudden load leaves no ringing; what an iteration leaves out of the water's balance is caught up in the next step. A
stage is solved in `stage.py`; step lengths are a smallest one times powers of two, so that a factorisation serves many.
The error of a step is told by how far it lands from the parabola through the last three points (Milne's device).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from opentraction.body.disc.held import Held, unknowns_of
from opentraction.body.disc.points import Point, guess, parabola
from opentraction.body.disc.porous import Porous
from opentraction.body.disc.stage import GAMMA, NoConvergence, Stage, Work, missing

FloatArray = npt.NDArray[np.float64]
ERROR_CONSTANT: Final = 0.0404
"""Times the cube of the step and the third derivative: the local error of this SDIRK2."""
SHORTEST: Final = 1e-6
"""Of the smallest step that was asked for: where even this fails, nothing helps."""


@dataclass(frozen=True)
class Accuracy:
    """What the march aims for.

    relative: error of a step against the largest value so far; iteration: of the residual against its largest part;
    smallest: step [s].
    """

    relative: float = 1e-4
    iteration: float = 1e-10
    smallest: float = 1e-2


class March:
    """One body, held in one way, from rest or from a point on."""

    def __init__(self, porous: Porous, held: Held, accuracy: Accuracy | None = None) -> None:
        self.porous = porous
        self.accuracy = accuracy or Accuracy()
        self.unknowns = unknowns_of(held, porous.shapes.sizes)
        self._stage = Stage(porous, self.unknowns, self.accuracy.iteration)

    @property
    def work(self) -> Work:
        """Done so far."""
        return self._stage.work

    @property
    def kept(self) -> int:
        """How many factorisations are at hand."""
        return len(self._stage.factors)

    def start(self, t: float = 0.0, mu: FloatArray | float = 0.0) -> Point:
        """Nothing moved yet; the water's potential `mu` [Pa], even or by unknown, where it is not drained."""
        n = self.unknowns
        y, m = np.zeros(n.count[0]), np.zeros(n.sizes[1])
        m[n.open] = np.broadcast_to(mu, m.shape)[n.open]
        u = n.spread(y, t)
        return Point(t, y, u, m, self.porous.evaluate(u, m), 0.0)

    def run(
        self, point: Point, until: float, breaks: Iterable[float] = (), each: Callable[[Point], None] | None = None
    ) -> Point:
        """To `until` [s]; `breaks` are times at which a load jumps or kinks. `each` hears every point."""
        marks = sorted({one for one in breaks if point.t < one < until} | {until})
        for mark in marks:
            point = self._stretch(point, mark, each)
        return point

    def _stretch(self, point: Point, until: float, each: Callable[[Point], None] | None) -> Point:
        """From one break to the next, with steps that grow and shrink."""
        past, level, size = [point], 0, self.accuracy.smallest
        while point.t < until * (1.0 - 1e-12) - 1e-15:
            step, last = size * 2.0**level, until - point.t
            whole = 2.0 * step <= last or abs(step - last) < 1e-9 * last
            # what is left is split evenly, so that no short step wants a factorisation of its own
            step = step if whole else last if step >= last else 0.5 * last
            try:
                new = self.step(point, step, past)
                error = self._error(past, new)
            except NoConvergence:
                new, error = point, math.inf
            if error > 1.0 and (step > SHORTEST * size or not math.isfinite(error)):
                if step <= SHORTEST * size:
                    raise NoConvergence(f"no balance found at {point.t:.6g} s, with however short a step")
                self.work.rejected += 1
                level = min(level, math.floor(math.log2(step / size))) - (1 if math.isfinite(error) else 2)
                continue
            self.work.steps += 1
            point, past = new, [*past[-2:], new]
            if each is not None:
                each(point)
            if whole:
                level = self._next(level, error, len(past))
        return point

    def _next(self, level: int, error: float, known: int) -> int:
        """A longer step where twice the length would still do; nothing is known of the first few."""
        return level + 1 if known > 2 and error < 0.08 else level

    def _error(self, past: list[Point], new: Point) -> float:
        """Estimated error of the step over what is allowed; 0 while there is no parabola to compare with."""
        if len(past) < 3:
            return 0.0
        a, b, c = past[-3:]
        far = (new.t - a.t) * (new.t - b.t) * (new.t - c.t)
        constant = 6.0 * ERROR_CONSTANT * (new.t - c.t) ** 3 / far
        worst = 0.0
        kinds = ([p.u for p in (a, b, c, new)], [p.mu for p in (a, b, c, new)])
        for values, largest in zip(kinds, self._stage.largest, strict=True):
            near = parabola((a.t, b.t, c.t), values[:3], new.t)
            worst = max(worst, constant * float(np.abs(values[3] - near).max()) / largest)
        return worst / self.accuracy.relative

    def step(self, point: Point, dt: float, past: Sequence[Point] = ()) -> Point:
        """One step of `dt` [s], guessed at from the points before it where there are some. Raises NoConvergence."""
        middle, end = point.t + GAMMA * dt, point.t + dt
        due = point.balance.held if point.due is None else point.due
        first = self._stage.solve(guess(past, point, middle), middle, due, dt)
        base = due - dt * (1.0 - GAMMA) * first.balance.leaving
        last = self._stage.solve(guess([*past[-2:], first], first, end), end, base, dt)
        lacks = missing(last.balance, base, dt)
        caught = lacks[self.unknowns.open]
        lacks[self.unknowns.open] = 0.0
        due = last.balance.held.copy()
        due[self.unknowns.open] -= caught
        return replace(last, left=point.left - float(lacks.sum()), due=due)
