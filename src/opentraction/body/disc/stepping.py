"""Marching a porous body through time, two implicit stages a step; one factorisation serves both and many steps.

SDIRK2 with gamma = 1 - 1/sqrt(2): second order, L-stable and stiffly accurate (Alexander 1977, doi:10.1137/0714068), so
a sudden load leaves no ringing; what an iteration leaves out of the water's balance is caught up in the next step. Step
lengths are a smallest one times powers of two, so that a factorisation serves many (`factors.py`), and its iteration is
hurried on by what its last corrections have shown (`mixing.py`).
The error of a step is told by how far it lands from the parabola through the last three points (Milne's device).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from opentraction.body.disc.factors import Factor, Factors
from opentraction.body.disc.held import Held, unknowns_of
from opentraction.body.disc.mixing import Mixing
from opentraction.body.disc.porous import Evaluated, Porous

FloatArray = npt.NDArray[np.float64]
GAMMA: Final = 1.0 - 1.0 / math.sqrt(2.0)
ERROR_CONSTANT: Final = 0.0404
"""Times the cube of the step and the third derivative: the local error of this SDIRK2."""
MOST_ITERATIONS: Final = 30
SHORTEST: Final = 1e-6
"""Of the smallest step that was asked for: where even this fails, nothing helps."""
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


@dataclass(frozen=True)
class Point:
    """A moment of the march: time [s], unknowns, both balances, water that has left by the drains [m^3].

    due: water that should be held by unknown [m^3]; what an iteration left out is caught up in the next step.
    """

    t: float
    y: FloatArray
    u: FloatArray
    mu: FloatArray
    balance: Evaluated
    left: float
    due: FloatArray | None = None


@dataclass
class Work:
    """How much was done."""

    steps: int = 0
    rejected: int = 0
    iterations: int = 0
    factorisations: int = 0


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
        self._factors = Factors(self.unknowns.column[porous.unknowns], sum(self.unknowns.count))
        extent, modulus = float(np.abs(porous.shapes.place).max()), float(np.max(porous.tissue.solid.shear))
        self._largest = (LEAST * extent, LEAST * modulus)
        self.work = Work()

    @property
    def kept(self) -> int:
        """How many factorisations are at hand."""
        return len(self._factors)

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
        for values, largest in zip(kinds, self._largest, strict=True):
            guess = _parabola((a.t, b.t, c.t), values[:3], new.t)
            worst = max(worst, constant * float(np.abs(values[3] - guess).max()) / largest)
        return worst / self.accuracy.relative

    def step(self, point: Point, dt: float, past: Sequence[Point] = ()) -> Point:
        """One step of `dt` [s], guessed at from the points before it where there are some. Raises NoConvergence."""
        middle, end = point.t + GAMMA * dt, point.t + dt
        due = point.balance.held if point.due is None else point.due
        first = self._stage(_guess(past, point, middle), middle, due, dt)
        base = due - dt * (1.0 - GAMMA) * first.balance.leaving
        last = self._stage(_guess([*past[-2:], first], first, end), end, base, dt)
        missing = _missing(last.balance, base, dt)
        caught = missing[self.unknowns.open]
        missing[self.unknowns.open] = 0.0
        due = last.balance.held.copy()
        due[self.unknowns.open] -= caught
        return replace(last, left=point.left - float(missing.sum()), due=due)

    def _stage(self, guess: tuple[FloatArray, FloatArray], t: float, base: FloatArray, dt: float) -> Point:
        """Solve forces(u, mu) = loads(t), held + gamma dt leaving = base.

        Done when what is still wrong is small enough, as told by how fast the corrections shrink; at first by the
        pace of the stage before.
        """
        n = self.unknowns
        load, previous = n.force(t), math.inf
        y, mu = guess[0].copy(), guess[1].copy()
        factor, mixing = self._factors.near(dt), self._mixing()
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
            if size * pace / (1.0 - pace) < self.accuracy.iteration or stuck:
                factor.served()
                u = n.spread(y, t)
                return Point(t, y, u, mu, self.porous.evaluate(u, mu), 0.0)
            previous = size
        if factor is not None:
            self._factors.forget(factor)
        raise NoConvergence(f"no balance found at {t:.6g} s with a step of {dt:.3g} s")

    def _residual(self, now: Evaluated, load: FloatArray, base: FloatArray, dt: float) -> FloatArray:
        """What is missing of both balances, unknown by unknown."""
        n = self.unknowns
        return np.concatenate([n.gather(now.forces) - load, -_missing(now, base, dt)[n.open]])

    def _mixing(self) -> Mixing:
        """Corrections of displacement and pressure weigh by the largest value so far."""
        return Mixing(np.repeat(1.0 / np.array(self._largest), self.unknowns.count))

    def _factor(self, u: FloatArray, mu: FloatArray, dt: float, worn: Factor | None) -> Factor:
        if worn is not None:
            self._factors.forget(worn)
        self.work.factorisations += 1
        return self._factors.make(self.porous.slopes(u, mu, GAMMA * dt, closing=True), dt)

    def _size(self, change: FloatArray, y: FloatArray, mu: FloatArray) -> float:
        """The largest change of displacement and of pressure, against the largest value so far."""
        moved, pressed = change[: y.size], change[y.size :]
        self._largest = (
            max(self._largest[0], float(np.abs(y).max(initial=0.0))),
            max(self._largest[1], float(np.abs(mu).max(initial=0.0))),
        )
        sizes = (float(np.abs(one).max(initial=0.0)) for one in (moved, pressed))
        return max(size / largest for size, largest in zip(sizes, self._largest, strict=True))


def _missing(now: Evaluated, base: FloatArray, dt: float) -> FloatArray:
    """Water that the balance of a stage lacks [m^3]: none where nothing else comes in."""
    return np.asarray(now.held - base + GAMMA * dt * now.leaving)


def _guess(past: Sequence[Point], point: Point, t: float) -> tuple[FloatArray, FloatArray]:
    """Unknowns at `t`, on the parabola through three points or as they were."""
    if len(past) < 3:
        return point.y, point.mu
    a, b, c = past[-3:]
    times = (a.t, b.t, c.t)
    return _parabola(times, (a.y, b.y, c.y), t), _parabola(times, (a.mu, b.mu, c.mu), t)


def _parabola(times: tuple[float, float, float], values: Sequence[FloatArray], t: float) -> FloatArray:
    """The parabola through three points, at `t` (Lagrange)."""
    a, b, c = times
    la = (t - b) * (t - c) / ((a - b) * (a - c))
    lb = (t - a) * (t - c) / ((b - a) * (b - c))
    lc = (t - a) * (t - b) / ((c - a) * (c - b))
    return la * values[0] + lb * values[1] + lc * values[2]
