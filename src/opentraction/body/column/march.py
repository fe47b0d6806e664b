"""Levels through time under given loads: two implicit stages a step, each as long as its error allows.

SDIRK2 (Alexander 1977, doi:10.1137/0714068, gamma = 1 - 1 / sqrt 2); all that changes with time, water and memories of
the solid, changes by it, and the balance of forces holds at both stages. The error is what the second stage's rate
differs from the first's.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from opentraction.body.column.curve import Curve, offsets, tightness
from opentraction.body.column.packed import HEIGHT, Levels, level
from opentraction.body.column.pores import cell_size
from opentraction.body.column.segment import FLEX, MEMORIES, SECTORS, UP, Room, State, make_room, step_level
from opentraction.body.compiling import kernel, outermost

GAMMA = 1.0 - math.sqrt(0.5)
SMALLEST = 1e-3
"""The shortest step that is tried [s]."""


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
    force, moment, string = np.zeros(n), np.zeros((n, 3)), np.zeros(n)
    room = make_room(max(s.nucleus.shape[1], s.annulus.shape[1]))
    t, h, k, steps = start, 1.0, 0, 0
    while k < asked.size:
        if t >= asked[k] - 1e-9:
            x[k], bulge[k] = s.x, s.bulge
            for i in range(n):
                filled[k, i] = _filled(level(of, i), s, i)
            k += 1
            continue
        end = min(asked[k], _next(loads.times, t))
        h = min(h, a.longest)
        step = end - t if t + 1.01 * h >= end else h
        _load(of, curve, chain, loads, t + GAMMA * step, s, force, moment)
        _string(of, curve, chain, loads, t + GAMMA * step, s, string)
        good = _stage(of, force, moment, string, GAMMA * step, s, first, room)
        if good:
            _between(s, first, last)
            _load(of, curve, chain, loads, t + step, first, force, moment)
            _string(of, curve, chain, loads, t + step, first, string)
            good = _second(of, force, moment, string, GAMMA * step, last, first, room)
        wrong = _wrong(of, s, last, first, a) if good else 100.0
        steps += 1
        if wrong > 1.0 and step > SMALLEST:
            h = max(step * max(0.2, 0.8 / math.sqrt(wrong)), SMALLEST)
            continue
        if not good:
            break
        _take(s, first)
        t += step
        grown = step * min(4.0, 0.8 / math.sqrt(max(wrong, 1e-4)))
        h = max(grown, h) if step < h else grown
    return Told(x, bulge, filled, steps, k)


@kernel
def _next(times: np.ndarray, t: float) -> float:
    """The next time at which a load bends."""
    for one in times:
        if one > t + 1e-9:
            return float(one)
    return math.inf


@kernel
def _at(loads: Loads, t: float) -> tuple[int, float]:
    """Between which times of the loads `t` lies, and how far on the way."""
    after = int(np.searchsorted(loads.times, t, side="right"))
    j = min(max(after - 1, 0), loads.times.size - 2)
    share = (t - loads.times[j]) / (loads.times[j + 1] - loads.times[j])
    return j, min(max(share, 0.0), 1.0)


@kernel
def _load(
    of: Levels, curve: Curve, chain: int, loads: Loads, t: float, s: State, force: np.ndarray, moment: np.ndarray
) -> None:
    j, share = _at(loads, t)
    force[:] = loads.force[j] + share * (loads.force[j + 1] - loads.force[j])
    moment[:] = loads.moment[j] + share * (loads.moment[j + 1] - loads.moment[j])
    line = loads.line[j] + share * (loads.line[j + 1] - loads.line[j])
    if line != 0.0 and chain > 1:
        away = np.empty(chain)
        offsets(curve, of.numbers[:chain, HEIGHT], s.x[:chain, UP], s.x[:chain, FLEX], away)
        for i in range(chain):
            moment[i, 0] += line * away[i]


@kernel
def _string(of: Levels, curve: Curve, chain: int, loads: Loads, t: float, s: State, string: np.ndarray) -> None:
    """How stiffly the pull holds each disc at the shape that its moment was taken from [N m/rad].

    The moment follows a shape one stage old. A strong pull would straighten the chain past straight and back again;
    held so, every stage comes nearer to the shape in which all discs are in balance, where nothing is held any more.
    """
    string[:] = 0.0
    j, share = _at(loads, t)
    line = loads.line[j] + share * (loads.line[j + 1] - loads.line[j])
    if line > 0.0 and chain > 1:
        tightness(curve, of.numbers[:chain, HEIGHT], s.x[:chain, UP], s.x[:chain, FLEX], string[:chain])
        string[:chain] *= 0.5 * line


@kernel
def _stage(
    of: Levels, force: np.ndarray, moment: np.ndarray, string: np.ndarray, dt: float, s: State, to: State, room: Room
) -> bool:
    """From `s` to `to`, first guess `s`."""
    to.x[:] = s.x
    to.bulge[:] = s.bulge
    to.nucleus[:] = s.nucleus
    to.annulus[:] = s.annulus
    return _second(of, force, moment, string, dt, s, to, room)


@kernel
def _second(
    of: Levels, force: np.ndarray, moment: np.ndarray, string: np.ndarray, dt: float, s: State, to: State, room: Room
) -> bool:
    """From `s` to `to`, which holds a first guess."""
    for i in range(of.numbers.shape[0]):
        one = level(of, i)
        done = step_level(
            one, force[i], moment[i], dt, s.memory[i], s.nucleus[i], s.annulus[i],
            to.x[i], to.bulge[i], to.nucleus[i], to.annulus[i], room, string[i], to.x[i, FLEX],
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
