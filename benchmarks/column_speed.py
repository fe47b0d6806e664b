"""How fast is the fast model of the spine, and is it the right answer?

A body lies for 45 minutes and is pulled in cycles (60 s high, 30 s low). Ways: ours with error-controlled steps, ours
with 1 ms steps (a stretch, told as a whole session), SciPy's LSODA, BDF and Radau on the same equations with a compiled
right-hand side, each at the loosest tolerance of a decade that keeps every mechanical number within 0.5 % of its range.
The reference has steps a hundred times more exact. One core, processor time, in one run; medians.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit
from scipy.integrate import solve_ivp

from opentraction.body.column.chosen import drawn, typical
from opentraction.body.column.living import Body, body_of, copied
from opentraction.body.column.loads import Course, course_of
from opentraction.body.column.march import Accuracy, Told, _load
from opentraction.body.column.packed import level
from opentraction.body.column.play import play, play_many
from opentraction.body.column.pores import cell_size, ease, mean_volume, thirst
from opentraction.body.column.scenario import Scenario, Somebody, Stage, Traction
from opentraction.body.column.segment import (
    ANNULUS,
    FLEX,
    MEMORIES,
    PRESSURE,
    SECTORS,
    SWELL,
    UP,
    make_room,
    step_level,
)
from opentraction.quantities import Streams

SESSION = 2700.0
ALLOWED = 0.005
STRETCH = 20.0
"""So long is played in steps of 1 ms [s], and told as if it were the whole."""
WATCHED = np.arange(30.0, SESSION + 1.0, 30.0)
WHO = Somebody(mass=75.0, stature=1.75, age=40.0)


def cycles(high: float = 330.0, low: float = 110.0) -> Traction:
    """Pulls of 60 s with 30 s of rest, rising and falling in 5 s."""
    times, forces = [0.0], [0.0]
    for start in np.arange(0.0, SESSION, 90.0):
        times += [start + 5.0, start + 60.0, start + 65.0, start + 90.0]
        forces += [high, high, low, low]
    return Traction(high, "split", 0.0, np.array(times), np.array(forces))


STAGES = (Stage("supine", SESSION, cycles()),)


class Way(NamedTuple):
    """One way to do it: what it gave at the watched times, and what it took [s]."""

    name: str
    values: np.ndarray
    seconds: float


def ready() -> tuple[Body, Course]:
    """A rested body and the session's loads."""
    scenario = Scenario(WHO, STAGES)
    body = body_of(scenario, typical())
    return body, course_of(STAGES, body.chosen, body.weights, len(body.discs), "supine")


def mechanics(x: np.ndarray, filled: np.ndarray) -> np.ndarray:
    """Numbers that are compared: height, flexion, pressure, volumes of every level [time, number]."""
    return np.concatenate([x[..., UP], x[..., FLEX], x[..., PRESSURE], x[..., SWELL], filled], axis=1)


def ours(body: Body, course: Course, accuracy: Accuracy, until: float = SESSION) -> tuple[Told, float]:
    """Marched with that accuracy; processor seconds."""
    one = copied(body)
    asked = WATCHED[until >= WATCHED]
    asked = asked if asked.size else np.array([until])
    begun = time.process_time()
    told = one.march(course.loads, asked, accuracy)
    return told, time.process_time() - begun


@njit(cache=True, error_model="numpy")
def rates(t, y, out, of, curve, chain, loads, s, force, moment, room, wet_n, wet_a):  # type: ignore[no-untyped-def]
    """Right-hand side: balance of forces at the given volumes and memories, then how fast those change."""
    k = 0
    for i in range(of.numbers.shape[0]):
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
    _load(of, curve, chain, loads, t, s, force, moment)
    k = 0
    for i in range(of.numbers.shape[0]):
        one = level(of, i)
        wet_n[:], wet_a[:] = s.nucleus[i], s.annulus[i]
        step_level(
            one,
            force[i],
            moment[i],
            0.0,
            s.memory[i],
            s.nucleus[i],
            s.annulus[i],
            s.x[i],
            s.bulge[i],
            wet_n,
            wet_a,
            room,
        )
        k = _flows(s.nucleus[i], s.x[i, PRESSURE], one.nucleus, out, k)
        k = _flows(s.annulus[i], s.x[i, ANNULUS], one.annulus, out, k)
        for b in range(MEMORIES):
            for m in range(4 + SECTORS):
                now = s.x[i, m] if m < 4 else s.bulge[i, m - 4]
                out[k] = (now - s.memory[i, b, m]) / one.times[b]
                k += 1


@njit(cache=True, error_model="numpy")
def _flows(swell, pressure, p, out, k):  # type: ignore[no-untyped-def]
    before = 0.0
    for c in range(p.cells):
        size = cell_size(c, p) * p.length
        mu = pressure + thirst(swell[c], p)[0]
        here = ease(swell[c], p)[0]
        if c < p.cells - 1:
            next_size = cell_size(c + 1, p) * p.length
            after = 0.5 * (here + ease(swell[c + 1], p)[0]) / (0.5 * (size + next_size))
            after *= mu - pressure - thirst(swell[c + 1], p)[0]
        else:
            after = mu / (0.5 * size / here + 1.0 / p.door)
        out[k] = (before - after) / size
        before = after
        k += 1
    return k


def scipys(body: Body, course: Course, method: str, rtol: float) -> Way:
    """SciPy's solver on the same equations."""
    one = copied(body)
    s, n = one.state, one.levels.numbers.shape[0]
    force, moment = np.zeros(n), np.zeros((n, 3))
    room = make_room(8)
    wet_n, wet_a = np.empty(s.nucleus.shape[1]), np.empty(s.annulus.shape[1])
    y0 = np.concatenate([np.r_[s.nucleus[i], s.annulus[i], s.memory[i].ravel()] for i in range(n)])
    out = np.empty_like(y0)
    chain = len(one.discs)

    def rhs(t: float, y: np.ndarray) -> np.ndarray:
        rates(t, y, out, one.levels, one.curve, chain, course.loads, s, force, moment, room, wet_n, wet_a)
        return out.copy()

    rhs(0.0, y0)
    begun = time.process_time()
    found = solve_ivp(
        rhs, (0.0, SESSION), y0, method=method, rtol=rtol, atol=rtol * 1e-2, t_eval=WATCHED, max_step=30.0
    )
    seconds = time.process_time() - begun
    x = np.empty((WATCHED.size, n, 7))
    filled = np.empty((WATCHED.size, n))
    for k in range(found.y.shape[1]):
        rhs(float(found.t[k]), found.y[:, k])
        x[k] = s.x
        filled[k] = [mean_volume(s.nucleus[i], level(one.levels, i).nucleus) for i in range(n)]
    return Way(f"SciPy {method}, rtol {rtol:g}", mechanics(x, filled), seconds)


def wrong(values: np.ndarray, reference: np.ndarray) -> float:
    """The largest error as a share of each number's range."""
    span = np.ptp(reference, axis=0)
    moved = span > 1e-6 * np.abs(reference).max(axis=0) + 1e-12
    return float(np.max(np.abs(values - reference)[:, moved] / span[moved]))


def loosest(make: Callable[[float], Way], reference: np.ndarray) -> tuple[Way, float] | None:
    """The loosest tolerance of a decade that is exact enough."""
    for rtol in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7):
        way = make(rtol)
        if way.values.shape == reference.shape and (error := wrong(way.values, reference)) <= ALLOWED:
            return way, error
    return None


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--bodies", type=int, default=32)
    chosen = parser.parse_args()
    body, course = ready()
    ours(body, course, Accuracy())
    best, _ = ours(body, course, Accuracy(2e-6, 1e-5))
    reference = mechanics(best.x, best.filled)

    told, _ = ours(body, course, Accuracy())
    took = statistics.median(ours(body, course, Accuracy())[1] for _ in range(chosen.repeat))
    error = wrong(mechanics(told.x, told.filled), reference)
    print(f"{'way':34} {'CPU s':>10} {'times ours':>11} {'worst error':>12}")
    print(f"{'ours, error-controlled':34} {took:10.4f} {1.0:11.1f} {100 * error:10.2f} %   {told.steps} steps")
    fine, cost = ours(body, course, Accuracy(1e9, 1e9, 1e-3), STRETCH)
    whole = cost * SESSION / STRETCH
    print(f"{'ours, 1 ms steps':34} {whole:10.2f} {whole / took:11.1f} {'':>12}   {fine.steps} steps in {STRETCH:g} s")
    for method in ("LSODA", "BDF", "Radau"):
        got = loosest(lambda rtol, m=method: scipys(body, course, m, rtol), reference)
        if got is None:
            print(f"SciPy {method}: not exact enough at any tolerance tried")
            continue
        way, error = got
        print(f"{way.name:34} {way.seconds:10.2f} {way.seconds / took:11.1f} {100 * error:10.2f} %")

    scenario = Scenario(WHO, STAGES)
    many = drawn(chosen.bodies, Streams(1))
    begun = time.perf_counter()
    for c in many:
        play(scenario, WATCHED, c)
    one_by_one = time.perf_counter() - begun
    begun = time.perf_counter()
    play_many(scenario, WATCHED, chosen.bodies, Streams(1))
    at_once = time.perf_counter() - begun
    print(f"{chosen.bodies} bodies: one by one {one_by_one:.1f} s, at once {at_once:.1f} s (wall)")


if __name__ == "__main__":
    main()
