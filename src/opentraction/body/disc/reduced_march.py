"""The march of a disc in few unknowns through knots of a force, compiled.

A step is that of `stepping.py`: SDIRK2, its error told by the parabola through the last three points; at a jump of the
force the disc answers at once, and no water moves. The slopes are kept while iterations shrink quickly.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.compiling import kernel, outermost
from opentraction.body.disc.reduced_kernel import Array, Outside, Points, balances
from opentraction.body.disc.reduced_newton import Room, Tangent, aim, empty, renew, stage
from opentraction.body.disc.reduced_reading import note, note_between, parabola
from opentraction.body.disc.stage import GAMMA
from opentraction.body.disc.stepping import ERROR_CONSTANT

IntArray = npt.NDArray[np.int64]
DONE, STUCK, TOO_MANY, OUTSIDE = 0, 1, 2, 3
STEPS, REJECTED, TURNS, MATRICES = 0, 1, 2, 3
"""Places in `work`."""
ITERATION: Final = 0.02
"""Of the error allowed in a step: how far an iteration is carried."""
JUMPS: Final = 20
"""How often a jump may be cut in pieces."""
SLOW, MANY = 0.15, 5
"""Slopes are made anew after a step whose iteration shrank by less, or took more turns in its two stages."""


class Past(NamedTuple):
    """The last three points: times [3], unknowns [3, m + n], and y with what is seen there [3, m + 2]."""

    time: Array
    x: Array
    read_time: Array
    read: Array


class Tried(NamedTuple):
    """A step tried: unknowns [m + n] at its stage, at its end, guessed for that; water [n]; seen [2] at its stage."""

    middle: Array
    end: Array
    guess: Array
    base: Array
    seen: Array


@kernel
def _remember(past: Past, t: float, x: Array) -> None:
    """One more point; the oldest goes."""
    for k in range(2):
        past.time[k] = past.time[k + 1]
        past.x[k] = past.x[k + 1]
    past.time[2] = t
    past.x[2] = x


@kernel
def _see(past: Past, place: int, t: float, y: Array, seen: Array) -> None:
    """What is read at one of the three points."""
    past.read_time[place] = t
    past.read[place, : y.size] = y
    past.read[place, y.size :] = seen


@kernel
def _jump(
    x: Array, held: Array, forces: Array, p: Points, o: Outside, tolerance: float, by: Tangent, r: Room, work: IntArray
) -> bool:
    """From one force to another [2] at once, no water moved; in pieces where the whole does not go."""
    done, piece, tried = 0.0, 1.0, 0
    x1 = np.empty(x.size)
    while done < 1.0:
        renew(x, p, by)
        work[MATRICES] += 1
        aim(by, 0.0)
        piece = min(piece, 1.0 - done)
        x1[:] = x
        load = forces[0] + (done + piece) * (forces[1] - forces[0])
        turns = stage(x1, held, 0.0, load, p, o, tolerance, by, r)
        work[TURNS] += max(turns, 0)
        if turns > 0:
            x[:] = x1
            done += piece
            piece *= 2.0
            continue
        tried += 1
        piece *= 0.25
        if tried > JUMPS:
            return False
    return True


@kernel
def _try(
    x: Array, held: Array, t: float, step: float, load: float, climb: float, known: int,
    past: Past, p: Points, o: Outside, relative: float, by: Tangent, r: Room, to: Tried,
) -> tuple[int, float]:  # fmt: skip
    """A step of two stages from t [s], where the force is `load` [N] and climbs [N/s]. Turns of both, and its error.

    The error is told against what is allowed; infinite where no balance was found, 0 while no parabola is known.
    """
    m, share, tolerance = r.forces.size, GAMMA * step, ITERATION * relative
    if known > 2:
        parabola(past.time, past.x, t + share, to.middle)
        parabola(past.time, past.x, t + step, to.guess)
    else:
        to.middle[:] = x
    turns = stage(to.middle, held, share, load + climb * share, p, o, tolerance, by, r)
    if turns < 0:
        return 0, math.inf
    for k in range(held.size):
        to.base[k] = held[k] - (step - share) * r.leaving[k]
    to.seen[:] = r.seen
    to.end[:] = to.guess if known > 2 else to.middle
    more = stage(to.end, to.base, share, load + climb * step, p, o, tolerance, by, r)
    if more < 0:
        return turns, math.inf
    if known < 3:
        return turns + more, 0.0
    far = (t + step - past.time[0]) * (t + step - past.time[1]) * (t + step - past.time[2])
    worst = 0.0
    for k in range(x.size):
        worst = max(worst, abs(to.end[k] - to.guess[k]) / o.scale[0 if k < m else 1])
    return turns + more, 6.0 * ERROR_CONSTANT * step**3 / far / relative * worst


@outermost
def march(
    x: Array, held: Array, times: Array, forces: Array, p: Points, o: Outside,
    relative: float, smallest: float, rows: Array, most: int, work: IntArray,
) -> tuple[int, float]:  # fmt: skip
    """From `x` = (y, z) with water `held` [n] through knots of the force. Returns how it ended and how far [s].

    rows [s, 5]: their first column, rising, says when to read; the others are filled. x, held: those at the end.
    most: steps at most. work [4]: steps, rejected, turns, matrices.
    """
    m, n = o.top.size, held.size
    size = m + n
    by, r = empty(m, n, p.weight.size)
    past = Past(np.empty(3), np.empty((3, size)), np.empty(3), np.empty((3, m + 2)))
    to = Tried(np.empty(size), np.empty(size), np.empty(size), np.empty(n), np.empty(2))
    first, shortest, stale = 0, 1e-5 * smallest, True
    balances(x[:m], x[m:], p, r.forces, r.held, r.leaving, r.seen)
    _see(past, 2, times[0], x[:m], r.seen)
    while first < rows.shape[0] and rows[first, 0] <= times[0]:
        note(rows[first], rows[first, 0], x[:m], r.seen, o)
        first += 1
    for knot in range(times.size - 1):
        t, until = times[knot], times[knot + 1]
        # The water that the state does hold: a short step would ask the potential for what the iteration left.
        balances(x[:m], x[m:], p, r.forces, r.held, r.leaving, r.seen)
        held[:] = r.held
        if until <= t:
            if not _jump(x, held, forces[knot : knot + 2], p, o, ITERATION * relative, by, r, work):
                return STUCK, t
            stale = True
            _see(past, 2, t, x[:m], r.seen)
            continue
        start, dt, known = t, smallest, 1
        past.time[2] = t
        past.x[2] = x
        climb = (forces[knot + 1] - forces[knot]) / (until - t)
        while t < until:
            step, last = dt, t + 1.05 * dt >= until
            if last:
                step = until - t
            elif t + 2.0 * step > until:
                step = 0.5 * (until - t)
            if stale:
                renew(x, p, by)
                work[MATRICES] += 1
                stale, r.pace[0] = False, 0.5
            aim(by, GAMMA * step)
            load = forces[knot] + climb * (t - start)
            turns, error = _try(x, held, t, step, load, climb, known, past, p, o, relative, by, r, to)
            work[TURNS] += turns
            lost = not math.isfinite(error)
            if error > 1.0 and (step > shortest or lost):
                if step <= shortest:
                    return STUCK, t
                work[REJECTED] += 1
                stale = True
                dt = step * (0.25 if lost else max(0.25, 0.9 * error ** (-1.0 / 3.0)))
                continue
            for k in range(n):
                held[k] = to.base[k] - GAMMA * step * r.leaving[k]
            x[:] = to.end
            _remember(past, t + step, x)
            work[STEPS] += 1
            for k in range(m):
                if x[k] < o.low[k] or x[k] > o.high[k]:
                    return OUTSIDE, t + step
            if known > 1:  # through the two points before; at first through the stage, which is less exact
                past.read_time[0] = past.read_time[1]
                past.read[0] = past.read[1]
            else:
                _see(past, 0, t + GAMMA * step, to.middle[:m], to.seen)
            past.read_time[1] = past.read_time[2]
            past.read[1] = past.read[2]
            _see(past, 2, t + step, x[:m], r.seen)
            t = until if last else t + step
            first = note_between(rows, first, t, past.read_time, past.read, m, o)
            if work[STEPS] == most:
                return TOO_MANY, t
            known += 1
            stale = r.pace[0] > SLOW or turns > MANY
            dt = step * 2.0 if known <= 3 else step * min(4.0, max(0.3, 0.9 * max(error, 1e-6) ** (-1.0 / 3.0)))
    return DONE, times[times.size - 1]
