"""How fast is a simulated session, and is it the right one?

A session of 45 minutes, plant at 1 kHz, with the shipping control, guard and estimate, on one core. Beside it: the same with a
step four times finer (agreement), the same kernels in C (generated from the same text), and the same plant in SciPy's LSODA.
Ways are run in turn, several times; processor time of this thread, medians.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import _c_run
import _lsoda
import numpy as np
from _long_session import MINUTES, LongSession

from opentraction.session.rows import COLUMNS, COMMAND, PHASE, RATE_HZ, TRUE_FORCE, Rows
from opentraction.twin.compiled import compiled_run
from opentraction.twin.plant import Plant

SECONDS = 60.0 * MINUTES
COMPARED = ("measured", "guard_measured", "spine", "spine_low", "spine_high", "travel", "speed", "true_force")
STRETCH = range(300 * RATE_HZ, 330 * RATE_HZ)
"""LSODA gets half a minute with a rise and a hold: it is too slow for all of it."""


def timed(work: Callable[[], Any]) -> float:
    """Processor seconds of this thread."""
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def agreement(session: LongSession, run: Callable[..., Any]) -> list[tuple[str, float, float]]:
    """Name, range and largest difference in % of it, between 5 and 20 steps a tick: rows at each tick, plant each second."""
    coarse_rows, coarse = _with_plant(session, run, 5)
    fine_rows, fine = _with_plant(session, run, 20)
    found = []
    for name in COMPARED:
        column = COLUMNS.index(name)
        found.append(_difference(name, coarse_rows[:, column], fine_rows[:, column]))
    for name in coarse:
        found.append(_difference(f"plant {name}", coarse[name], fine[name]))
    return [one for one in found if one[1] > 0.0]


def _difference(name: str, a: Rows, b: Rows) -> tuple[str, float, float]:
    wide = float(np.nanmax(b) - np.nanmin(b))
    return name, wide, 100.0 * float(np.nanmax(np.abs(a - b))) / wide if wide > 0.0 else 0.0


def _with_plant(session: LongSession, run: Callable[..., Any], steps: int) -> tuple[Rows, dict[str, Rows]]:
    state, seen = session.fresh(), []
    for first in range(0, session.ticks, RATE_HZ):
        state = session.piece(run, first, first + RATE_HZ, state, steps)
        seen.append(numbers(state[1]))
    table = np.array([[value for _, value in one] for one in seen])
    return session.rows.copy(), {name: table[:, n] for n, (name, _) in enumerate(seen[0])}


def numbers(plant: Plant, before: str = "") -> list[tuple[str, float]]:
    """Every mechanical state of a plant by name; samples on their way and time are left out."""
    found: list[tuple[str, float]] = []
    for name, value in plant._asdict().items():
        if hasattr(value, "_fields") and name != "hardware":
            found += numbers(value, f"{before}{name}.")
        elif name not in {"t", "hardware", "s0", "s1", "s2", "s3", "s4"}:
            found.append((before + name, float(value)))
    return found


def print_agreement(session: LongSession, run: Callable[..., Any]) -> None:
    """The table of the finer step."""
    print(f"\n1 kHz against 4 kHz over {MINUTES} min, largest difference in % of each signal's range")
    table = sorted(agreement(session, run), key=lambda one: -one[2])
    for name, wide, percent in table:
        print(f"  {name:<28}{wide:14.6g}{percent:10.3f} %")
    print(f"  worst: {table[0][0]} {table[0][2]:.3f} % (allowed 0.5 %)")


def in_c(session: LongSession) -> dict[str, Callable[[], Any]]:
    """The ways in C, after a check that they give the same numbers."""
    if not _c_run.available():
        print("gcc is not here: no comparison with C.")
        return {}
    exact, fused = _c_run.c_run(_c_run.EXACT), _c_run.c_run(_c_run.FUSED)
    ours = session.play(compiled_run()).copy()
    for name, run in (("without fused operations", exact), ("with fused operations", fused)):
        theirs = session.play(run)
        worst = float(np.nanmax(np.abs(ours - theirs)))
        same = "every bit the same" if np.array_equal(ours, theirs, equal_nan=True) else f"differs by at most {worst:.1e}"
        print(f"C {name} against compiled Python, all {ours.size:,} numbers of the rows: {same}")
    return {
        "C, gcc -O3 -march=native -ffp-contract=off": lambda: session.play(exact),
        "C, gcc -O3 -march=native": lambda: session.play(fused),
    }


def lsoda(session: LongSession, rtol: float) -> float:
    """Seconds LSODA would need for the session, from a stretch; prints how well its force agrees."""
    run = compiled_run()
    state = session.piece(run, 0, STRETCH.start, session.fresh(), 5)
    session.piece(run, STRETCH.start, STRETCH.stop, state, 5)
    part = slice(STRETCH.start, STRETCH.stop)
    rows, parameters = session.rows[part], session.treatment.parameters
    made = _lsoda.kernels(parameters)
    arguments = (state[1], parameters, session.world[part], rows[:, COMMAND].copy(), np.ones(len(rows)), rtol, made)
    _lsoda.play(*arguments[:2], session.world[part][:5], *arguments[3:])
    begun = time.thread_time()
    tension = _lsoda.play(*arguments)
    spent = time.thread_time() - begun
    off = np.abs(tension[1:] - rows[1:, TRUE_FORCE]).max()
    print(f"LSODA rtol {rtol:g}: {len(rows) / RATE_HZ:.0f} s of session, force within {off:.3f} N of ours")
    return spent * session.ticks / len(rows)


def main() -> None:
    """Check, then time in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--no-lsoda", action="store_true")
    chosen = parser.parse_args()
    session, run = LongSession(), compiled_run()
    rows = session.play(run)
    print(f"{MINUTES} min, {session.plan.cycles} pulls, {session.ticks:,} control ticks, {5 * session.ticks:,} plant steps;")
    print(f"pulling {100 * np.isin(rows[:, PHASE], (4, 5, 6, 7, 8)).mean():.0f} % of the time, force to {np.nanmax(rows[:, TRUE_FORCE]):.0f} N")
    ways: dict[str, Callable[[], Any]] = {"compiled Python (ships)": lambda: session.play(run)}
    ways |= in_c(session)
    rounds = [{name: timed(work) for name, work in ways.items()} for _ in range(chosen.repeats)]
    spent = {name: statistics.median(one[name] for one in rounds) for name in ways}
    extra = {} if chosen.no_lsoda else {f"LSODA rtol {rtol:g}, plant alone": lsoda(session, rtol) for rtol in (1e-4, 1e-6)}
    print_times(rounds, spent, extra)
    print_agreement(session, run)


def print_times(rounds: list[dict[str, float]], spent: dict[str, float], extra: dict[str, float]) -> None:
    """Times real time, spread, and how many times as long as ours."""
    base = next(iter(spent))
    print(f"\n{'way':<46}{'times real time':>16}{'lowest':>10}{'highest':>10}{'time, of ours':>15}")
    for name, seconds in spent.items():
        speeds = sorted(SECONDS / one[name] for one in rounds)
        ratio = statistics.median(one[name] / one[base] for one in rounds)
        print(f"{name:<46}{SECONDS / seconds:>16,.0f}{speeds[0]:>10,.0f}{speeds[-1]:>10,.0f}{ratio:>15.2f}")
    for name, seconds in extra.items():
        print(f"{name:<46}{SECONDS / seconds:>16,.1f}{'':>20}{seconds / spent[base]:>15,.0f}")


if __name__ == "__main__":
    main()
