"""Marching a porous body through time, two implicit stages a step; one factorisation serves both and many steps.

SDIRK2 with gamma = 1 - 1/sqrt(2): second order, L-stable and stiffly accurate (Alexander 1977, doi:10.1137/0714068), so
a sudden load leaves no ringing and the water's balance is kept as far as the iteration goes. Step lengths are a
smallest one times powers of two: a factorisation is kept for each and used until its iteration converges slowly.
The error of a step is told by how far it lands from the parabola through the last three points (Milne's device).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse.linalg import splu

from opentraction.body.disc.held import Held, unknowns_of
from opentraction.body.disc.porous import Evaluated, Porous
from opentraction.body.disc.scatter import Pattern

FloatArray = npt.NDArray[np.float64]
GAMMA: Final = 1.0 - 1.0 / math.sqrt(2.0)
ERROR_CONSTANT: Final = 0.0404
"""Times the cube of the step and the third derivative: the local error of this SDIRK2."""
MOST_ITERATIONS: Final = 12
MOST_KEPT: Final = 6
"""Factorisations at a time, the newest: one of 20,000 unknowns takes tens of megabytes."""
SHORTEST: Final = 1e-6
"""Of the smallest step that was asked for: where even this fails, nothing helps."""
LEAST: Final = 1e-8
"""Of a body's extent and modulus: what is smaller is nothing, or rounding would be solved for."""
ROUNDING: Final = 1e-7
"""Corrections below this that shrink no more are rounding: the volume of a body hardly loaded is known no better."""
SLOW: Final = 0.25
"""A kept factorisation is made anew where an iteration shrinks the residual by less than this."""


class NoConvergence(ArithmeticError):
    """A step that could not be solved, however short."""


@dataclass(frozen=True)
class Point:
    """A moment of the march: time [s], unknowns, both balances, water that has left by the drains [m^3]."""

    t: float
    y: FloatArray
    u: FloatArray
    mu: FloatArray
    balance: Evaluated
    left: float


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
        self._pattern = Pattern(self.unknowns.column[porous.unknowns], sum(self.unknowns.count))
        self._kept: dict[float, Any] = {}
        self._pace: dict[float, float] = {}
        extent, modulus = float(np.abs(porous.shapes.place).max()), float(np.max(porous.tissue.solid.shear))
        self._largest = (LEAST * extent, LEAST * modulus)
        self.work = Work()

    @property
    def kept(self) -> int:
        """How many factorisations are at hand."""
        return len(self._kept)

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
            whole = step < last * (1.0 - 1e-9)
            step = step if whole else last
            try:
                new = self.step(point, step, past)
                error = self._error(past, new)
            except NoConvergence:
                new, error = point, math.inf
            if error > 1.0 and (step > SHORTEST * size or not math.isfinite(error)):
                if step <= SHORTEST * size:
                    raise NoConvergence(f"no balance found at {point.t:.6g} s, with however short a step")
                self.work.rejected += 1
                level -= 1 if math.isfinite(error) else 2
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
        first = self._stage(_guess(past, point, middle), middle, point.balance.held, dt)
        base = point.balance.held - dt * (1.0 - GAMMA) * first.balance.leaving
        last = self._stage(_guess([*past[-2:], first], first, end), end, base, dt)
        missing = _missing(last.balance, base, dt)
        missing[self.unknowns.open] = 0.0
        return replace(last, left=point.left - float(missing.sum()))

    def _stage(self, guess: tuple[FloatArray, FloatArray], t: float, base: FloatArray, dt: float) -> Point:
        """Solve forces(u, mu) = loads(t), held + gamma dt leaving = base.

        Done when what is still wrong is small enough, as told by how fast the corrections shrink; at first by the
        pace of the stage before.
        """
        n = self.unknowns
        load, previous = n.force(t), math.inf
        y, mu = guess[0].copy(), guess[1].copy()
        for turn in range(MOST_ITERATIONS):
            u = n.spread(y, t)
            now = self.porous.evaluate(u, mu)
            residual = np.r_[n.gather(now.forces) - load, -_missing(now, base, dt)[n.open]]
            if not np.isfinite(residual).all():
                break
            fresh = dt not in self._kept
            if fresh:
                self._factor(u, mu, dt)
            change = self._kept[dt].solve(-residual)
            self.work.iterations += 1
            y = y + change[: y.size]
            mu[n.open] += change[y.size :]
            size = self._size(change, y, mu)
            if turn:
                self._pace[dt] = min(size / previous, 0.9) if previous else 0.0
            pace = self._pace.get(dt, 0.9)
            stuck = turn > 1 and size > SLOW * previous and size < ROUNDING
            if size * pace / (1.0 - pace) < self.accuracy.iteration or stuck:
                u = n.spread(y, t)
                return Point(t, y, u, mu, self.porous.evaluate(u, mu), 0.0)
            if turn and size > SLOW * previous and not fresh:
                self._forget(dt)
            previous = size
        self._forget(dt)
        raise NoConvergence(f"no balance found at {t:.6g} s with a step of {dt:.3g} s")

    def _forget(self, dt: float) -> None:
        self._kept.pop(dt, None)
        self._pace.pop(dt, None)

    def _size(self, change: FloatArray, y: FloatArray, mu: FloatArray) -> float:
        """The largest change of displacement and of pressure, against the largest value so far."""
        moved, pressed = change[: y.size], change[y.size :]
        self._largest = (
            max(self._largest[0], float(np.abs(y).max(initial=0.0))),
            max(self._largest[1], float(np.abs(mu).max(initial=0.0))),
        )
        sizes = (float(np.abs(one).max(initial=0.0)) for one in (moved, pressed))
        return max(size / largest for size, largest in zip(sizes, self._largest, strict=True))

    def _factor(self, u: FloatArray, mu: FloatArray, dt: float) -> None:
        whole = self._pattern.matrix(self.porous.slopes(u, mu, GAMMA * dt))
        for oldest in list(self._kept)[: 1 - MOST_KEPT]:
            self._forget(oldest)
        options = {"SymmetricMode": True}
        self._kept[dt] = splu(whole, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options)
        self.work.factorisations += 1


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
