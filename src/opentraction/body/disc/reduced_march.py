"""The march of a disc in few unknowns through knots of a force, compiled.

A step is that of `stepping.py`: SDIRK2, its error told by the parabola through the last three points; at a jump of the
force the disc answers at once, and no water moves. The slopes are kept while iterations shrink quickly.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from opentraction.body.compiling import kernel, outermost
from opentraction.body.disc.reduced_kernel import Array, Outside, Points, balances, factor, slopes, solve
from opentraction.body.disc.stepping import ERROR_CONSTANT, GAMMA

IntArray = npt.NDArray[np.int64]
Room = tuple[Array, Array, Array]
"""Forces, water held and leaving by mode."""
DONE, STUCK, TOO_MANY, OUTSIDE = 0, 1, 2, 3
TURNS: Final = 12
UNKNOWN: Final = 0.3
"""How fast corrections are taken to shrink before that is seen."""
JUMPS: Final = 20
"""How often a jump may be cut in pieces."""
SLOW, MANY = 0.15, 5
"""Slopes are made anew after a step whose iteration shrank by less, or took more turns in its two stages."""
READ: Final = 5
"""What is read: time, height, bulge, pressure, water."""


@kernel
def parabola(times: Array, values: Array, t: float, out: Array) -> None:
    """Through three points [3, s], at `t`."""
    a, b, c = times[0], times[1], times[2]
    la = (t - b) * (t - c) / ((a - b) * (a - c))
    lb = (t - a) * (t - c) / ((b - a) * (b - c))
    lc = (t - a) * (t - b) / ((c - a) * (c - b))
    for k in range(out.size):
        out[k] = la * values[0, k] + lb * values[1, k] + lc * values[2, k]


@kernel
def bulge_of(y: Array, o: Outside) -> float:
    """How far the side has moved where it has moved most [m]."""
    most = 0.0
    for s in range(o.side_rest.size):
        here = o.side_rest[s]
        for k in range(y.size):
            here += o.side[s, k] * y[k]
        if abs(here) > abs(most):
            most = here
    return most


@kernel
def _note(row: Array, t: float, y: Array, seen: Array, o: Outside) -> None:
    """One row of what is read."""
    high = o.top_rest
    for k in range(y.size):
        high += o.top[k] * y[k]
    row[0], row[1], row[2], row[3], row[4] = t, 2.0 * high, bulge_of(y, o), seen[0], 2.0 * seen[1]


@kernel
def _stage(
    x: Array,
    base: Array,
    share: float,
    load: float,
    p: Points,
    o: Outside,
    tolerance: float,
    room: Room,
    whole: Array,
    right: Array,
    seen: Array,
    pace: Array,
) -> int:
    """Solve forces(x) = load, held + share leaving = base with the factored `whole`. Turns needed, or -1; pace [1].

    Done when what is still wrong is small enough, as told by how fast corrections shrink.
    """
    forces, held, leaving = room
    m, n = forces.size, held.size
    before, pace[0] = math.inf, max(pace[0], UNKNOWN)
    for turn in range(TURNS):
        balances(x[:m], x[m:], p, forces, held, leaving, seen)
        for k in range(m):
            right[k] = load * o.top[k] - forces[k]
        for k in range(n):
            right[m + k] = held[k] - base[k] + share * leaving[k]
        solve(whole, right)
        size = total = 0.0
        for k in range(m + n):
            size = max(size, abs(right[k]) / o.scale[0 if k < m else 1])
            total += right[k]
            x[k] += right[k]
        if not math.isfinite(total) or (turn > 0 and size > 0.9 * before):
            return -1
        if turn > 0:
            pace[0] = min(size / before, 0.9)
        if size * pace[0] / (1.0 - pace[0]) < tolerance:
            return turn + 1
        before = size
    return -1


@kernel
def _note_between(rows: Array, first: int, until: float, times: Array, states: Array, m: int, o: Outside) -> int:
    """Reads the rows from `first` whose moments are not after `until`, on the parabola through three states.

    times [3], states [3, m + 2]: y, then what is seen. Returns the first row after them.
    """
    state = np.empty(m + 2)
    while first < rows.shape[0] and rows[first, 0] <= until:
        t = rows[first, 0]
        parabola(times, states, t, state)
        _note(rows[first], t, state[:m], state[m:], o)
        first += 1
    return first


@kernel
def _assemble(whole: Array, stiffness: Array, coupling: Array, flow: Array, share: float) -> None:
    """The lower triangle of a stage's matrix, factored."""
    m, n = stiffness.shape[0], flow.shape[0]
    for i in range(m):
        for k in range(i + 1):
            whole[i, k] = stiffness[i, k]
    for i in range(n):
        for k in range(m):
            whole[m + i, k] = -coupling[i, k]
        for k in range(i + 1):
            whole[m + i, m + k] = -share * flow[i, k]
    factor(whole)


@outermost
def march(
    x: Array,
    held: Array,
    times: Array,
    forces: Array,
    p: Points,
    o: Outside,
    relative: float,
    smallest: float,
    rows: Array,
    most: int,
    work: IntArray,
) -> tuple[int, float]:
    """From `x` = (y, z) with water `held` [n] through knots of the force. Returns how it ended and how far [s].

    rows [s, 5]: their first column, rising, says when to read; the others are filled. x, held: those at the end.
    most: steps at most. work [4]: steps, rejected, turns, matrices.
    """
    m, n, points = o.top.size, held.size, p.weight.size
    size = m + n
    room = (np.empty(m), np.empty(n), np.empty(n))
    turned, volume = np.empty((5 * points, m)), np.empty((points, m))
    stiffness, coupling, flow = np.empty((m, m)), np.empty((n, m)), np.empty((n, n))
    whole, right, seen = np.empty((size, size)), np.empty(size), np.empty(2)
    x1, x2, guess, base, between = np.empty(size), np.empty(size), np.empty(size), np.empty(n), np.empty(2)
    past_t, past = np.empty(3), np.empty((3, size))
    read_t, read = np.empty(3), np.empty((3, m + 2))
    tolerance = 0.02 * relative
    balances(x[:m], x[m:], p, room[0], room[1], room[2], seen)
    first, shortest, stale, pace = 0, 1e-5 * smallest, True, np.full(1, 0.5)
    more = 0
    read_t[2] = times[0]
    read[2, :m] = x[:m]
    read[2, m:] = seen
    while first < rows.shape[0] and rows[first, 0] <= times[0]:
        _note(rows[first], rows[first, 0], x[:m], seen, o)
        first += 1
    for knot in range(times.size - 1):
        start, until = times[knot], times[knot + 1]
        # The water that the state does hold: a short step would ask the potential for what the iteration left.
        balances(x[:m], x[m:], p, room[0], room[1], room[2], seen)
        held[:] = room[1]
        if until <= start:
            done, piece, tried = 0.0, 1.0, 0
            while done < 1.0:
                if stale:
                    slopes(x[:m], x[m:], p, turned, volume, stiffness, coupling, flow)
                    work[3] += 1
                _assemble(whole, stiffness, coupling, flow, 0.0)
                piece = min(piece, 1.0 - done)
                x1[:] = x
                load = forces[knot] + (done + piece) * (forces[knot + 1] - forces[knot])
                more = _stage(x1, held, 0.0, load, p, o, tolerance, room, whole, right, seen, pace)
                work[2] += max(more, 0)
                stale = True
                if more > 0:
                    x[:] = x1
                    done += piece
                    piece *= 2.0
                else:
                    tried += 1
                    piece *= 0.25
                    if tried > JUMPS:
                        return STUCK, start
            read_t[2] = start
            read[2, :m] = x[:m]
            read[2, m:] = seen
            continue
        t, dt, known = start, smallest, 1
        past_t[2] = t
        past[2] = x
        climb = (forces[knot + 1] - forces[knot]) / (until - start)
        while t < until:
            step = dt
            last = t + step * 1.05 >= until
            if last:
                step = until - t
            elif t + 2.0 * step > until:
                step = 0.5 * (until - t)
            share = GAMMA * step
            if stale:
                slopes(x[:m], x[m:], p, turned, volume, stiffness, coupling, flow)
                work[3] += 1
                stale, pace[0] = False, 0.5
            _assemble(whole, stiffness, coupling, flow, share)
            middle, end = t + share, t + step
            if known > 2:
                parabola(past_t, past, middle, x1)
            else:
                x1[:] = x
            load = forces[knot] + climb * (middle - start)
            turns = _stage(x1, held, share, load, p, o, tolerance, room, whole, right, seen, pace)
            error = math.inf
            if turns > 0:
                for k in range(n):
                    base[k] = held[k] - (step - share) * room[2][k]
                between[:] = seen
                if known > 2:
                    parabola(past_t, past, end, guess)
                    for k in range(size):
                        x2[k] = guess[k]
                else:
                    x2[:] = x1
                load = forces[knot] + climb * (end - start)
                more = _stage(x2, base, share, load, p, o, tolerance, room, whole, right, seen, pace)
                work[2] += turns + max(more, 0)
                if more > 0:
                    error = 0.0
                    if known > 2:
                        far = (end - past_t[0]) * (end - past_t[1]) * (end - past_t[2])
                        constant = 6.0 * ERROR_CONSTANT * step**3 / far / relative
                        for k in range(size):
                            scale = o.scale[0] if k < m else o.scale[1]
                            error = max(error, constant * abs(x2[k] - guess[k]) / scale)
            if error > 1.0 and (step > shortest or not math.isfinite(error)):
                if step <= shortest:
                    return STUCK, t
                work[1] += 1
                stale = True
                dt = step * (0.25 if not math.isfinite(error) else max(0.25, 0.9 * error ** (-1.0 / 3.0)))
                continue
            for k in range(n):
                held[k] = base[k] - share * room[2][k]
            for k in range(2):
                past_t[k] = past_t[k + 1]
                past[k] = past[k + 1]
            past_t[2] = end
            past[2] = x2
            x[:] = x2
            work[0] += 1
            for k in range(m):
                if x[k] < o.low[k] or x[k] > o.high[k]:
                    return OUTSIDE, end
            if known > 1:  # through the two points before; at first through the stage, which is less exact
                read_t[0] = read_t[1]
                read[0] = read[1]
            else:
                read_t[0] = middle
                read[0, :m] = x1[:m]
                read[0, m:] = between
            read_t[1] = read_t[2]
            read[1] = read[2]
            read_t[2] = end
            read[2, :m] = x[:m]
            read[2, m:] = seen
            t = until if last else end
            if first < rows.shape[0] and rows[first, 0] <= t:
                first = _note_between(rows, first, t, read_t, read, m, o)
            if work[0] == most:
                return TOO_MANY, t
            known += 1
            stale = pace[0] > SLOW or turns + more > MANY
            dt = step * 2.0 if known <= 3 else step * min(4.0, max(0.3, 0.9 * max(error, 1e-6) ** (-1.0 / 3.0)))
    return DONE, times[times.size - 1]
