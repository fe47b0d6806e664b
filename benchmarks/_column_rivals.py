"""SciPy's solvers on the fast model of the spine, each given what it can use.

The equations are those of the march: volumes of all cells and memories of the solid change, and at each moment forces
balance (`step_level` with no time). The right-hand side is compiled. Its Jacobian is compiled too, by differences: a
level's rates follow from its own state, but for how the curve of the chain shifts the line of a pull, so that 35 turns
give all 245 columns. What is allowed of an error is a share of how far each state moves in the session, and no solver
steps over a corner of the loads.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit
from scipy.integrate import ODEintWarning, odeint, solve_ivp
from scipy.linalg import block_diag
from scipy.sparse import csc_matrix

from opentraction.body.column.living import Body, copied
from opentraction.body.column.loads import Course
from opentraction.body.column.march import Bow, Loads, _bends, _stage, make_bow
from opentraction.body.column.packed import Levels, level
from opentraction.body.column.pores import Pores, cell_size, ease, thirst
from opentraction.body.column.segment import (
    ANNULUS,
    FLEX,
    MEMORIES,
    PRESSURE,
    SECTORS,
    UP,
    Room,
    State,
    make_room,
    step_level,
)

FloatArray = npt.NDArray[np.float64]
PATIENCE = 60.0
"""A solver gets so much processor time for one tolerance [s]."""


class OutOfPatience(Exception):
    """A solver takes too long."""


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _into(y: FloatArray, s: State) -> None:
    """From the solver's vector to the state's arrays, level by level."""
    k = 0
    for i in range(s.x.shape[0]):
        for c in range(s.nucleus.shape[1]):
            s.nucleus[i, c] = y[k]
            k += 1
        for c in range(s.annulus.shape[1]):
            s.annulus[i, c] = y[k]
            k += 1
        for b in range(MEMORIES):
            for m in range(4 + SECTORS):
                s.memory[i, b, m] = y[k]
                k += 1


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _balance(of: Levels, force: FloatArray, moment: FloatArray, s: State, room: Room, wet: FloatArray) -> float:
    """Bring every level into balance at the volumes it has; how far the farthest moved."""
    moved = 0.0
    for i in range(of.numbers.shape[0]):
        up, flex = s.x[i, UP], s.x[i, FLEX]
        wet[0, : s.nucleus.shape[1]] = s.nucleus[i]
        wet[1, : s.annulus.shape[1]] = s.annulus[i]
        done = step_level(
            level(of, i), force[i], moment[i], 0.0, s.memory[i], s.nucleus[i], s.annulus[i], s.x[i], s.bulge[i],
            wet[0, : s.nucleus.shape[1]], wet[1, : s.annulus.shape[1]], room,
        )  # fmt: skip
        if not done:
            return np.nan
        moved = max(moved, 100.0 * abs(s.x[i, UP] - up), abs(s.x[i, FLEX] - flex))
    return moved


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _slopes(of: Levels, s: State, out: FloatArray) -> None:
    """How fast volumes and memories change in this balance."""
    k = 0
    for i in range(of.numbers.shape[0]):
        one = level(of, i)
        k = _flows(s.nucleus[i], s.x[i, PRESSURE], one.nucleus, out, k)
        k = _flows(s.annulus[i], s.x[i, ANNULUS], one.annulus, out, k)
        for b in range(MEMORIES):
            for m in range(4 + SECTORS):
                now = s.x[i, m] if m < 4 else s.bulge[i, m - 4]
                out[k] = (now - s.memory[i, b, m]) / one.times[b]
                k += 1


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _flows(swell: FloatArray, pressure: float, p: Pores, out: FloatArray, k: int) -> int:
    before = 0.0
    for c in range(p.cells):
        size = cell_size(c, p) * p.length
        mu = pressure + thirst(swell[c], p)[0]
        here = ease(swell[c], p)[0]
        if c < p.cells - 1:
            apart = 0.5 * (size + cell_size(c + 1, p) * p.length)
            after = 0.5 * (here + ease(swell[c + 1], p)[0]) / apart * (mu - pressure - thirst(swell[c + 1], p)[0])
        else:
            after = mu / (0.5 * size / here + 1.0 / p.door)
        out[k] = (before - after) / size
        before = after
        k += 1
    return k


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def rates(t: float, y: FloatArray, of: Levels, curve: Any, chain: int, loads: Loads, s: State, force: FloatArray,
          moment: FloatArray, bow: Bow, room: Room, wet: FloatArray) -> FloatArray:  # fmt: skip
    """The right-hand side; the last balance is the first guess."""
    out = np.empty_like(y)
    _into(y, s)
    if not _stage(of, curve, chain, loads, t, 0.0, s, s, force, moment, bow, room):
        out[:] = np.nan
        return out
    _slopes(of, s, out)
    return out


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def blocks(t: float, y: FloatArray, of: Levels, curve: Any, chain: int, loads: Loads, s: State, force: FloatArray,
           moment: FloatArray, bow: Bow, room: Room, wet: FloatArray, sizes: FloatArray) -> FloatArray:  # fmt: skip
    """Jacobian of each level's rates by its own state [level, row, column], the line of the pull held."""
    n = of.numbers.shape[0]
    wide = y.size // n
    made = np.empty((n, wide, wide))
    base = rates(t, y, of, curve, chain, loads, s, force, moment, bow, room, wet)
    x, bulge = s.x.copy(), s.bulge.copy()
    moved, out = y.copy(), np.empty_like(y)
    for c in range(wide):
        for i in range(n):
            moved[i * wide + c] += 1e-5 * sizes[i * wide + c]
        _into(moved, s)
        _balance(of, force, moment, s, room, wet)
        _slopes(of, s, out)
        for i in range(n):
            step = moved[i * wide + c] - y[i * wide + c]
            made[i, :, c] = (out[i * wide : (i + 1) * wide] - base[i * wide : (i + 1) * wide]) / step
            moved[i * wide + c] = y[i * wide + c]
        s.x[:], s.bulge[:] = x, bulge
    return made


class Told(NamedTuple):
    """What a solver gave at the asked times, and what it took."""

    x: FloatArray  # [time, level, 7]
    filled: FloatArray  # [time, level]
    y: FloatArray  # [time, state]
    seconds: float
    calls: int  # right-hand sides, those of Jacobians left out
    jacobians: int


class Rival:
    """The equations of a body under a course, ready for SciPy."""

    def __init__(self, body: Body, course: Course, sizes: FloatArray | None = None) -> None:
        self.body = copied(body)
        self.course = course
        s = self.body.state
        n = s.x.shape[0]
        self.y0 = np.concatenate([np.r_[s.nucleus[i], s.annulus[i], s.memory[i].ravel()] for i in range(n)])
        self.sizes = np.ones_like(self.y0) if sizes is None else sizes
        self._fixed = (self.body.levels, self.body.curve, len(self.body.discs), course.loads, s)
        self._room = (np.zeros(n), np.zeros((n, 3)), make_bow(len(self.body.discs)), make_room(8), np.empty((2, 8)))
        self.wide = self.y0.size // n
        self.calls = self.jacobians = 0
        self._until = np.inf

    def rhs(self, t: float, y: FloatArray) -> FloatArray:
        self.calls += 1
        if time.process_time() > self._until:
            raise OutOfPatience
        return np.asarray(rates(t, y, *self._fixed, *self._room))

    def jacobian(self, t: float, y: FloatArray) -> FloatArray:
        """[level, row, column]."""
        self.jacobians += 1
        return np.asarray(blocks(t, y, *self._fixed, *self._room, self.sizes))

    def sparse(self, t: float, y: FloatArray) -> Any:
        return csc_matrix(block_diag(*self.jacobian(t, y)))

    def banded(self, t: float, y: FloatArray) -> FloatArray:
        """As ODEPACK packs it: row less column plus the upper band's width, column."""
        wide = self.wide
        packed = np.zeros((2 * wide - 1, y.size))
        for i, block in enumerate(self.jacobian(t, y)):
            for c in range(wide):
                packed[wide - 1 - c : 2 * wide - 1 - c, i * wide + c] = block[:, c]
        return packed

    def run(self, solve: Callable[[], FloatArray], asked: FloatArray, patience: float = PATIENCE) -> Told:
        """Let it solve: what it gave at the asked times. Raises OutOfPatience."""
        self.rhs(0.0, self.y0)
        self.calls = self.jacobians = 0
        begun = time.process_time()
        self._until = begun + patience
        y = solve()
        seconds = time.process_time() - begun
        self._until = np.inf
        calls, jacobians = self.calls, self.jacobians
        x = np.empty((asked.size, *self.body.state.x.shape))
        for k, t in enumerate(asked):
            self.rhs(float(t), y[k])
            x[k] = self.body.state.x
        cells = self.body.state.nucleus.shape[1]
        one = level(self.body.levels, 0).nucleus
        share = np.array([cell_size(c, one) for c in range(cells)])
        filled = y.reshape(asked.size, -1, self.wide)[:, :, :cells] @ share
        return Told(x, filled, y, seconds, calls, jacobians)


def corners(loads: Loads, until: float) -> FloatArray:
    """Where a load bends so much that our march ends a step there [s]."""
    bends = _bends(loads)
    return np.asarray(bends[(bends > 0.0) & (bends < until)])


def ticked(of: Rival, seconds: float, tol: float, method: str) -> Told:
    """Started anew at each millisecond, as where the next load is known only then; LSODA in ODEPACK's own loop."""
    ends = 1e-3 * np.arange(1, round(seconds * 1e3) + 1)

    def solve() -> FloatArray:
        y, start = of.y0, 0.0
        for end in ends:
            if method == "LSODA":
                y = odeint(of.rhs, y, (start, end), tfirst=True, rtol=1e-10, atol=tol * of.sizes)[1]
            else:
                y = solve_ivp(of.rhs, (start, end), y, method=method, rtol=1e-10, atol=tol * of.sizes,
                              jac=of.sparse).y[:, -1]  # fmt: skip
            start = float(end)
        return y[None]

    return of.run(solve, ends[-1:])


def lsoda(of: Rival, asked: FloatArray, tol: float) -> Told:
    """ODEPACK's own loop with the Jacobian's band; it neither steps over a corner nor is started anew there."""
    bends = corners(of.course.loads, float(asked[-1]))
    times = np.unique(np.r_[0.0, asked, bends])  # SciPy takes up one corner for each time that it tells

    def solve() -> FloatArray:
        band = {"Dfun": of.banded, "ml": of.wide - 1, "mu": of.wide - 1}
        with warnings.catch_warnings():
            warnings.simplefilter("error", ODEintWarning)
            y = odeint(of.rhs, of.y0, times, tfirst=True, rtol=1e-10, atol=tol * of.sizes, tcrit=bends,
                       mxstep=100000, **band)  # fmt: skip
        return np.asarray(y[np.searchsorted(times, asked)])

    return of.run(solve, asked)


def plain(of: Rival, asked: FloatArray, tol: float, method: str) -> Told:
    """`solve_ivp` as one writes it first: no corners, no Jacobian, one tolerance for all, steps of 5 s at most."""

    def solve() -> FloatArray:
        got = solve_ivp(of.rhs, (0.0, float(asked[-1])), of.y0, method=method, t_eval=asked, rtol=tol, atol=tol * 1e-2,
                        max_step=5.0)  # fmt: skip
        return np.asarray(got.y.T)

    return of.run(solve, asked)


def restarted(of: Rival, asked: FloatArray, tol: float, method: str) -> Told:
    """`solve_ivp` from corner to corner; the implicit ones have the Jacobian's blocks."""
    extra = {"jac": of.sparse} if method in {"BDF", "Radau"} else {}
    ends = np.unique(np.r_[corners(of.course.loads, float(asked[-1])), asked[-1]])

    def solve() -> FloatArray:
        y, start, rows = of.y0, 0.0, []
        for end in ends:
            inside = asked[(asked > start) & (asked <= end)]
            points = np.unique(np.r_[inside, end])
            got = solve_ivp(of.rhs, (start, end), y, method=method, t_eval=points, rtol=1e-10, atol=tol * of.sizes,
                            **extra)  # fmt: skip
            rows += [got.y[:, k] for k in range(points.size) if points[k] in inside]
            y, start = got.y[:, -1], float(end)
        return np.array(rows)

    return of.run(solve, asked)
