"""How fast is the fast model of the spine, and is it the right answer?

A body lies for 45 minutes and is pulled in cycles (60 s high, 30 s low). Ways: ours with error-controlled steps, ours
with 1 ms steps, SciPy's LSODA, BDF, Radau and RK23 on the same equations with a compiled right-hand side and all that
helps them (`_column_rivals.py`). Each has the loosest tolerance of a
decade that keeps every mechanical number within 0.5 % of its range. The reference is Radau with a tolerance of 1e-4 of
what each state moves. Then all of them where the next load is known only a millisecond ahead; then many bodies.

One core, processor time, in turn, medians of `--repeat`. A way that takes more than a minute is given up.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from _column_rivals import OutOfPatience, Rival, lsoda, plain, restarted, ticked
from _column_rivals import Told as Solved

from opentraction.body.column.chosen import drawn, typical
from opentraction.body.column.curve import offsets
from opentraction.body.column.living import Body, body_of, copied
from opentraction.body.column.loads import Course, course_of
from opentraction.body.column.march import Accuracy, Told
from opentraction.body.column.packed import HEIGHT
from opentraction.body.column.play import play, play_many
from opentraction.body.column.scenario import Scenario, Somebody, Stage, Traction
from opentraction.body.column.segment import FLEX, PRESSURE, SWELL, UP
from opentraction.body.column.travel import table_travel
from opentraction.quantities import Streams

FloatArray = npt.NDArray[np.float64]
SESSION, ALLOWED = 2700.0, 0.005
CYCLE, STRETCH, TICKS = 95.0, 10.0, 0.3
"""So long is compared with steps of 1 ms, so long are those timed, and so long are the rivals' [s]."""
WATCHED = np.arange(22.5, SESSION + 0.1, 22.5)
WHO = Somebody(mass=75.0, stature=1.75, age=40.0)
TOLERANCES = (1.0, 1e-1, 1e-2, 1e-3, 1e-4)
OURS = (1e-2, 3e-3, 1e-3, 2e-4)


def cycles(high: float = 330.0, low: float = 110.0) -> Traction:
    """Pulls of 60 s with 30 s of rest, rising and falling in 5 s."""
    times, forces = [0.0], [0.0]
    for start in np.arange(0.0, SESSION, 90.0):
        times += [start + 5.0, start + 60.0, start + 65.0, start + 90.0]
        forces += [high, high, low, low]
    return Traction(high, "split", 0.0, np.array(times), np.array(forces))


STAGES = (Stage("supine", SESSION, cycles()),)


class Way(NamedTuple):
    """One way to do it: told numbers by quantity [time, number], what it took [s], a word about it."""

    numbers: Mapping[str, FloatArray]
    seconds: float
    word: str


def ready() -> tuple[Body, Course]:
    """A rested body and the session's loads."""
    body = body_of(Scenario(WHO, STAGES), typical())
    return body, course_of(STAGES, body.chosen, body.weights, len(body.discs), "supine")


def finely(course: Course) -> Course:
    """The same pull, looked at every 17 ms: the friction and the muscles that go with it."""
    pull = STAGES[0].traction
    assert pull is not None
    assert pull.times is not None
    assert pull.forces is not None
    at = np.arange(0.0, CYCLE + 0.03, 0.05)  # with every corner
    body, _ = ready()
    fine = (Stage("supine", CYCLE, replace(pull, times=at, forces=np.interp(at, pull.times, pull.forces))),)
    return course_of(fine, body.chosen, body.weights, len(body.discs), "supine")


def mechanics(
    body: Body, course: Course, asked: FloatArray, x: FloatArray, filled: FloatArray
) -> dict[str, FloatArray]:
    """What is compared, every level by itself."""
    n = len(body.discs)
    high, away = body.levels.numbers[:n, HEIGHT], np.empty(n)
    column = np.array([offsets(body.curve, high, one[:n, UP].copy(), one[:n, FLEX].copy(), away) for one in x])
    at = course.loads.times
    return {
        "force": np.stack([np.interp(asked, at, course.loads.force[:, 3]), np.interp(asked, at, course.friction)], 1),
        "height": x[..., UP],
        "bending": x[:, :n, FLEX],
        "pressure": x[..., PRESSURE],
        "volume": np.concatenate([x[..., SWELL], filled], axis=1),
        "travel": table_travel(asked, course, column, body.chosen)[:, None],
    }


def march(body: Body, course: Course, accuracy: Accuracy, asked: FloatArray) -> Way:
    """Ours."""
    one = copied(body)
    begun = time.process_time()
    told: Told = one.march(course.loads, asked, accuracy)
    seconds = time.process_time() - begun
    return Way(mechanics(body, course, asked, told.x, told.filled), seconds, f"{told.steps} steps")


def rival(body: Body, course: Course, solve: Callable[[], Solved]) -> Way:
    """One of SciPy's."""
    got = solve()
    word = f"{got.calls} right-hand sides" + (f", {got.jacobians} Jacobians" if got.jacobians else "")
    return Way(mechanics(body, course, WATCHED, got.x, got.filled), got.seconds, word)


def errors(way: Way, reference: Way) -> dict[str, float]:
    """The largest error of each quantity as a share of each number's range; what hardly moves at all is left out."""
    found = {}
    for name, best in reference.numbers.items():
        span = np.ptp(best, axis=0)
        moved = span > 1e-2 * span.max()
        found[name] = float(np.max(np.abs(way.numbers[name] - best)[:, moved] / span[moved]))
    return found


def loosest(
    make: Callable[[float], Way], tolerances: tuple[float, ...], reference: Way
) -> tuple[float, Way, dict[str, float]] | None:
    """The first tolerance that is exact enough."""
    for tol in tolerances:
        try:
            way = make(tol)
        except (OutOfPatience, RuntimeError, ValueError, Warning) as gone:
            print(f"    at {tol:g}: given up ({type(gone).__name__})")
            continue
        found = errors(way, reference)
        if max(found.values()) <= ALLOWED:
            return tol, way, found
    return None


def session(body: Body, course: Course, repeat: int, first: bool) -> None:
    """The first table: the whole session."""
    sizes = extent(body, course)
    reference = rival(body, course, lambda: restarted(Rival(body, course, sizes), WATCHED, 1e-4, "Radau"))
    print(f"reference: Radau, {reference.seconds:.1f} s, {reference.word}")
    ways: dict[str, tuple[Callable[[float], Way], tuple[float, ...]]] = {
        "ours": (lambda tol: march(body, course, Accuracy(tol, 5.0 * tol), WATCHED), OURS),
        "ours, usual accuracy": (lambda _: march(body, course, Accuracy(), WATCHED), (2e-4,)),
        "LSODA, helped": (
            lambda tol: rival(body, course, lambda: lsoda(Rival(body, course, sizes), WATCHED, tol)),
            TOLERANCES,
        ),
    }
    for method in ("BDF", "Radau", "RK23"):
        ways[f"{method}, helped"] = (
            lambda tol, m=method: rival(  # type: ignore[misc]
                body, course, lambda: restarted(Rival(body, course, sizes), WATCHED, tol, m)
            ),
            TOLERANCES,
        )
    if first:
        ways["LSODA, as written first"] = (
            lambda tol: rival(body, course, lambda: plain(Rival(body, course), WATCHED, tol, "LSODA")),
            (1e-4, 1e-5, 1e-6),
        )
    picked = {}
    for name, (make, tolerances) in ways.items():
        found = loosest(make, tolerances, reference)
        if found is None:
            print(f"{name}: not exact enough within the time at any tolerance tried")
        else:
            picked[name] = found
    # Where one run takes long, its time hardly hangs on chance.
    took = {name: [way.seconds] for name, (_, way, _) in picked.items()}
    for _ in range(repeat - 1):
        for name, (tol, way, _) in picked.items():
            if way.seconds < 10.0:
                took[name].append(ways[name][0](tol).seconds)
    ours = statistics.median(took["ours"])
    head = ("tolerance", "CPU s", "low", "high", "us/s", "of ours")
    print(f"\n{'the whole session':28} " + " ".join(f"{one:>9}" for one in head) + "  error %")
    for name, (tol, way, found) in picked.items():
        middle = statistics.median(took[name])
        said = ", ".join(f"{key} {100 * value:.2f}" for key, value in found.items())
        print(
            f"{name:28} {tol:9g} {middle:9.3f} {min(took[name]):9.3f} {max(took[name]):9.3f} "
            f"{1e6 * middle / SESSION:9.0f} {middle / ours:9.1f}  {said}; {way.word}"
        )


def extent(body: Body, course: Course) -> FloatArray:
    """How far each state moves in the session, but for the smallest."""
    rough = restarted(Rival(body, course, np.full(Rival(body, course).y0.size, 1e-2)), WATCHED, 1e-3, "Radau")
    span = np.ptp(rough.y, axis=0)
    return np.asarray(np.maximum(span, 1e-3 * span.max()))


def a_thousand_times_a_second(body: Body, course: Course, repeat: int) -> None:
    """The second table: a load that is known a millisecond ahead. And how far larger steps are from those."""
    kilohertz = Accuracy(1e9, 1e9, 1e-3)
    asked = np.arange(2.5, CYCLE + 0.1, 2.5)
    exact = march(body, finely(course), kilohertz, asked)
    for name, accuracy in (("usual accuracy", Accuracy()), ("loosest tried", Accuracy(OURS[0], 5.0 * OURS[0]))):
        said = {key: f"{100 * value:.2f}" for key, value in errors(march(body, course, accuracy, asked), exact).items()}
        print(f"\n{name}, against 1 ms with loads looked at every 17 ms, {CYCLE:g} s, error %: {said}")
    sizes = extent(body, course)
    took: dict[str, list[float]] = {}
    for _ in range(repeat):
        took.setdefault("ours", []).append(march(body, course, kilohertz, np.array([STRETCH])).seconds / STRETCH)
        for method in ("LSODA", "BDF", "Radau"):
            got = ticked(Rival(body, course, sizes), TICKS, 1e-3, method)
            took.setdefault(method, []).append(got.seconds / TICKS)
    ours = statistics.median(took["ours"])
    head = ("CPU s/s", "low", "high", "of ours", "session s")
    print(f"\n{'a load each millisecond':28} " + " ".join(f"{one:>9}" for one in head))
    for name, all_of in took.items():
        middle = statistics.median(all_of)
        print(
            f"{name:28} {middle:9.3f} {min(all_of):9.3f} {max(all_of):9.3f} "
            f"{middle / ours:9.1f} {middle * SESSION:9.0f}"
        )


def many(bodies: int, repeat: int) -> None:
    """The third: bodies one by one and at once."""
    scenario = Scenario(WHO, STAGES)
    asked = np.arange(30.0, SESSION + 1.0, 30.0)
    rows = []
    for _ in range(repeat):
        begun = time.perf_counter(), time.process_time()
        one_by_one = [play(scenario, asked, c) for c in drawn(bodies, Streams(1))]
        between = time.perf_counter(), time.process_time()
        at_once = play_many(scenario, asked, bodies, Streams(1))
        ended = time.perf_counter(), time.process_time()
        rows.append([(b - a) / bodies for a, b in zip((*begun, *between), (*between, *ended), strict=True)])
        same = all(
            np.array_equal(getattr(a, name), getattr(b, name))
            for a, b in zip(one_by_one, at_once, strict=True)
            for name in vars(a)
        )
        assert same, "at once and one by one differ"
    wall, cpu, wall_once, cpu_once = np.median(np.array(rows), axis=0)
    print(f"\n{bodies} bodies, each its days before and a session, seconds a body, every bit the same")
    print(f"one by one: {wall:.3f} wall, {cpu:.3f} CPU; at once: {wall_once:.3f} wall, {cpu_once:.3f} CPU")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--bodies", type=int, default=8)
    parser.add_argument("--first", action="store_true", help="LSODA as one writes it first, too: minutes")
    chosen = parser.parse_args()
    body, course = ready()
    march(body, course, Accuracy(), WATCHED[:2])
    ticked(Rival(body, course), 0.002, 1e-3, "Radau")
    session(body, course, chosen.repeat, chosen.first)
    a_thousand_times_a_second(body, course, chosen.repeat)
    many(chosen.bodies, chosen.repeat)


if __name__ == "__main__":
    main()
