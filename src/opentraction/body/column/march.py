"""Levels through time under given loads: two implicit stages a step, each as long as its error allows.

SDIRK2 (Alexander 1977, doi:10.1137/0714068, gamma = 1 - 1 / sqrt 2); all that changes with time, water and memories of
the solid, changes by it, and the balance of forces holds at both stages. The error is what the second stage's rate
differs from the first's.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from opentraction.body.column.curve import Curve, offsets
from opentraction.body.column.packed import HEIGHT, Levels, level
from opentraction.body.column.pores import cell_size
from opentraction.body.column.segment import FLEX, MEMORIES, SECTORS, UP, Room, State, make_room, solve, step_level
from opentraction.body.compiling import kernel, outermost

GAMMA = 1.0 - math.sqrt(0.5)
SMALLEST = 1e-3
"""The shortest step that is tried [s]."""
FARTHEST = 60.0
"""A level may give way all at once: no balance is near, and so far on [s] the next one is looked for."""
STRAIGHT = 1e-6
"""The curve is in balance with the pull that bends it once no disc is off its place beside the line by more [m]."""
MOST_BENDS, NUDGE, USUAL_GIVE = 25, 1e-6, 0.015
SOFT, LEVER = 1.0, 0.02
"""A bend of so little [N; with a lever of so many m] is no corner: loads are read at each stage, so only what water and
memories do between is a little off."""


class Loads(NamedTuple):
    """What acts on the levels, linear between `times`."""

    times: np.ndarray  # [time] [s]
    force: np.ndarray  # [time, level] [N] along the axis, tension positive
    moment: np.ndarray  # [time, level, 3] [N m]
    line: np.ndarray  # [time] [N] pull between the ends of the chain: it bends with its distance from each disc


class Accuracy(NamedTuple):
    """What a step may be wrong by: mean volume of a tissue [-], a memory as strain of the disc [-]."""

    volume: float = 2e-4
    memory: float = 1e-3
    longest: float = 3600.0


class Told(NamedTuple):
    """Levels at the asked times."""

    x: np.ndarray  # [time, level, 7]
    bulge: np.ndarray  # [time, level, sector]
    filled: np.ndarray  # [time, level] volume of the nucleus over that at rest
    steps: int
    done: int  # asked times that were reached; fewer than asked where no step could be made


class Bow(NamedTuple):
    """Room to reckon in for the curve under a pull, one value a disc; `give` is remembered from step to step."""

    give: np.ndarray  # [rad/(N m)] how far a disc bends for a moment
    bent: np.ndarray  # [N m] that the pull bends with
    more: np.ndarray  # [N m] that it should bend with besides
    away: np.ndarray  # [m] in front of the line of the pull
    moved: np.ndarray  # [m]
    flex: np.ndarray  # [rad] before
    turned: np.ndarray  # [rad]
    by: np.ndarray  # [disc, disc]


@kernel
def make_bow(n: int) -> Bow:
    """For so many discs."""
    return Bow(
        np.full(n, USUAL_GIVE), np.zeros(n), np.zeros(n), np.empty(n), np.empty(n), np.empty(n), np.empty(n),
        np.empty((n, n)),
    )  # fmt: skip


@outermost
def march(
    of: Levels, curve: Curve, chain: int, loads: Loads, s: State, start: float, asked: np.ndarray, a: Accuracy
) -> Told:
    """Move the state `s`, in place, from `start` [s] to the last of `asked`; the first `chain` levels are the curve."""
    n = of.numbers.shape[0]
    x = np.zeros((asked.size, *s.x.shape))
    bulge = np.zeros((asked.size, *s.bulge.shape))
    filled = np.zeros((asked.size, n))
    first, last = _copy(s), _copy(s)
    force, moment = np.zeros(n), np.zeros((n, 3))
    room = make_room(max(s.nucleus.shape[1], s.annulus.shape[1]))
    bow, bends = make_bow(chain), _bends(loads)
    t, h, k, steps, leap = start, 1.0, 0, 0, 0.0
    while k < asked.size:
        if t >= asked[k] - 1e-9:
            x[k], bulge[k] = s.x, s.bulge
            for i in range(n):
                filled[k, i] = _filled(level(of, i), s, i)
            k += 1
            continue
        end = min(asked[k], _next(bends, t))
        h = min(h, a.longest)
        step = end - t if t + 1.01 * h >= end else h
        _guess(s, first)
        good = _stage(of, curve, chain, loads, t + GAMMA * step, GAMMA * step, s, first, force, moment, bow, room)
        if good:
            _between(s, first, last)
            good = _stage(of, curve, chain, loads, t + step, GAMMA * step, last, first, force, moment, bow, room)
        wrong = _wrong(of, s, last, first, a) if good else 100.0
        steps += 1
        if wrong > 1.0 and step > SMALLEST and leap == 0.0:
            h = max(step * max(0.2, 0.8 / math.sqrt(wrong)), SMALLEST)
            continue
        if not good:
            leap = 4.0 * max(leap, SMALLEST)
            if leap > FARTHEST:
                break
            h = leap
            continue
        leap = 0.0
        _take(s, first)
        t += step
        grown = step * min(4.0, 0.8 / math.sqrt(max(wrong, 1e-4)))
        h = max(grown, h) if step < h else grown
    return Told(x, bulge, filled, steps, k)


@kernel
def _bends(loads: Loads) -> np.ndarray:
    """Times at which a load bends [s]. Where it all but runs straight on, no step has to end."""
    times = loads.times
    hard = np.empty(times.size)
    count = 0
    for j in range(times.size):
        if j == 0 or j == times.size - 1 or _bent(loads, j):
            hard[count] = times[j]
            count += 1
    return hard[:count]


@kernel
def _bent(loads: Loads, j: int) -> bool:
    """Whether a load is off the straight line between its neighbours in time by more than `SOFT`."""
    times = loads.times
    share = (times[j] - times[j - 1]) / (times[j + 1] - times[j - 1])
    if abs(loads.line[j] - loads.line[j - 1] - share * (loads.line[j + 1] - loads.line[j - 1])) > SOFT:
        return True
    for i in range(loads.force.shape[1]):
        f = loads.force[:, i]
        if abs(f[j] - f[j - 1] - share * (f[j + 1] - f[j - 1])) > SOFT:
            return True
        for axis in range(3):
            m = loads.moment[:, i, axis]
            if abs(m[j] - m[j - 1] - share * (m[j + 1] - m[j - 1])) > SOFT * LEVER:
                return True
    return False


@kernel
def _next(times: np.ndarray, t: float) -> float:
    """The next of them."""
    after = np.searchsorted(times, t + 1e-9, side="right")
    return float(times[after]) if after < times.size else math.inf


@kernel
def _load(loads: Loads, t: float, force: np.ndarray, moment: np.ndarray) -> float:
    """Forces and moments at `t` [s]; the pull between the ends of the chain [N], whose moments are left out."""
    after = int(np.searchsorted(loads.times, t, side="right"))
    j = min(max(after - 1, 0), loads.times.size - 2)
    share = (t - loads.times[j]) / (loads.times[j + 1] - loads.times[j])
    share = min(max(share, 0.0), 1.0)
    force[:] = loads.force[j] + share * (loads.force[j + 1] - loads.force[j])
    moment[:] = loads.moment[j] + share * (loads.moment[j + 1] - loads.moment[j])
    return float(loads.line[j] + share * (loads.line[j + 1] - loads.line[j]))


@kernel
def _stage(
    of: Levels, curve: Curve, chain: int, loads: Loads, t: float, dt: float, s: State, to: State, force: np.ndarray,
    moment: np.ndarray, bow: Bow, room: Room,
) -> bool:  # fmt: skip
    """From `s` to `to`, which holds a first guess, over `dt` up to `t` [s]: the pull bends the curve as it then is."""
    line = _load(loads, t, force, moment)
    if line == 0.0 or chain < 2:
        return _levels(of, force, moment, dt, s, to, room)
    high, up, flex = of.numbers[:chain, HEIGHT], to.x[:chain, UP], to.x[:chain, FLEX]
    offsets(curve, high, up, flex, bow.away)
    bow.bent[:] = line * bow.away
    moment[:chain, 0] += bow.bent
    for turn in range(MOST_BENDS):
        bow.flex[:] = flex
        if not _levels(of, force, moment, dt, s, to, room):
            return False
        if turn > 0:
            for i in range(chain):
                if abs(bow.more[i]) > 1e-6:
                    bow.give[i] = min(max((flex[i] - bow.flex[i]) / bow.more[i], 1e-4), 1.0)
        offsets(curve, high, up, flex, bow.away)
        bow.more[:] = line * bow.away - bow.bent
        if np.abs(bow.more).max() < STRAIGHT * max(line, 1.0):
            return True
        _bow(curve, high, up, flex, line, bow)
        bow.bent[:] += bow.more
        moment[:chain, 0] += bow.more
    return False


@kernel
def _bow(curve: Curve, high: np.ndarray, up: np.ndarray, flex: np.ndarray, line: float, bow: Bow) -> None:
    """From how far the moments are off, in `more`, to by how much they change: each disc gives way, and moves all."""
    n = high.size
    bow.turned[:] = flex
    for j in range(n):
        bow.turned[j] = flex[j] + NUDGE
        offsets(curve, high, up, bow.turned, bow.moved)
        bow.turned[j] = flex[j]
        for i in range(n):
            bow.by[i, j] = -line * (bow.moved[i] - bow.away[i]) / NUDGE * bow.give[j]
        bow.by[j, j] += 1.0
    solve(bow.by, bow.more)


@kernel
def _levels(of: Levels, force: np.ndarray, moment: np.ndarray, dt: float, s: State, to: State, room: Room) -> bool:
    """Each level from `s` to `to`, which holds a first guess, under these loads."""
    for i in range(of.numbers.shape[0]):
        one = level(of, i)
        done = step_level(
            one, force[i], moment[i], dt, s.memory[i], s.nucleus[i], s.annulus[i],
            to.x[i], to.bulge[i], to.nucleus[i], to.annulus[i], room,
        )  # fmt: skip
        if not done:
            return False
        for b in range(MEMORIES):
            c = dt / one.times[b]
            for m in range(4):
                to.memory[i, b, m] = (s.memory[i, b, m] + c * to.x[i, m]) / (1.0 + c)
            for k in range(SECTORS):
                to.memory[i, b, 4 + k] = (s.memory[i, b, 4 + k] + c * to.bulge[i, k]) / (1.0 + c)
    return True


@kernel
def _guess(s: State, to: State) -> None:
    """Nothing moves."""
    to.x[:] = s.x
    to.bulge[:] = s.bulge
    to.nucleus[:] = s.nucleus
    to.annulus[:] = s.annulus


@kernel
def _between(s: State, first: State, to: State) -> None:
    """Where the second stage starts: the rate of the first, for the rest of the step."""
    r = (1.0 - GAMMA) / GAMMA
    to.nucleus[:] = s.nucleus + r * (first.nucleus - s.nucleus)
    to.annulus[:] = s.annulus + r * (first.annulus - s.annulus)
    to.memory[:] = s.memory + r * (first.memory - s.memory)


@kernel
def _wrong(of: Levels, s: State, between: State, end: State, a: Accuracy) -> float:
    """The largest error in units of what is allowed."""
    worst = 0.0
    r = GAMMA / (1.0 - GAMMA)
    for i in range(of.numbers.shape[0]):
        one = level(of, i)
        gone = 0.0
        for c in range(one.nucleus.cells):
            rate = r * (between.nucleus[i, c] - s.nucleus[i, c])
            gone += cell_size(c, one.nucleus) * (end.nucleus[i, c] - between.nucleus[i, c] - rate)
        worst = max(worst, abs(gone) / a.volume)
        gone = 0.0
        for c in range(one.annulus.cells):
            rate = r * (between.annulus[i, c] - s.annulus[i, c])
            gone += cell_size(c, one.annulus) * (end.annulus[i, c] - between.annulus[i, c] - rate)
        worst = max(worst, abs(gone) / a.volume)
        for b in range(MEMORIES):
            for m in range(4 + SECTORS):
                if (one.relaxing[b, m] if m < 4 else one.bulging[b]) == 0.0:
                    continue
                rate = r * (between.memory[i, b, m] - s.memory[i, b, m])
                size = 0.5 if 1 <= m < 4 else one.wall.height
                worst = max(worst, abs(end.memory[i, b, m] - between.memory[i, b, m] - rate) / size / a.memory)
    return worst


@kernel
def _filled(one, s: State, i: int) -> float:  # type: ignore[no-untyped-def]
    """The nucleus's water, without gas."""
    mean = 0.0
    for c in range(one.nucleus.cells):
        mean += cell_size(c, one.nucleus) * s.nucleus[i, c]
    return mean


@kernel
def _copy(s: State) -> State:
    return State(s.x.copy(), s.bulge.copy(), s.memory.copy(), s.nucleus.copy(), s.annulus.copy())


@kernel
def _take(s: State, new: State) -> None:
    s.x[:], s.bulge[:], s.memory[:], s.nucleus[:], s.annulus[:] = new.x, new.bulge, new.memory, new.nucleus, new.annulus
