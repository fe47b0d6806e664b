"""How fast is a simulated session, and is it the right one?

A session of 45 minutes, plant at 1 kHz, with the shipping control, guard and estimate, on one core. Beside it: the same
with a step four times finer (agreement), the same kernels in C (generated from the same text), and the same plant in
SciPy's LSODA. Ways are run in turn, several times; processor time of this thread, medians.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import _agreement
import _c_run
import _lsoda
import numpy as np
from _cohort import person_of
from _long_session import MINUTES, LongSession

from opentraction.body.column.chosen import typical
from opentraction.body.column.scenario import Somebody
from opentraction.session.measures import PULLING
from opentraction.session.rows import COMMAND, PHASE, RATE_HZ, TRUE_FORCE
from opentraction.twin.column_spine import ColumnSpine
from opentraction.twin.compiled import compiled_run

SECONDS = 60.0 * MINUTES
STRETCH = range(300 * RATE_HZ, 420 * RATE_HZ)
"""LSODA gets one whole cycle of two minutes: it is too slow for all of it, five times over."""


def timed(work: Callable[[], Any]) -> float:
    """Processor seconds of this thread."""
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


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
        same = (
            "every bit the same" if np.array_equal(ours, theirs, equal_nan=True) else f"differs by at most {worst:.1e}"
        )
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
    spent = statistics.median(timed(lambda: _lsoda.play(*arguments)) for _ in range(5))
    tension = _lsoda.play(*arguments)
    off = np.abs(tension[1:] - rows[1:, TRUE_FORCE]).max()
    print(f"LSODA rtol {rtol:g}: {len(rows) / RATE_HZ:.0f} s of session, force within {off:.3f} N of ours")
    return spent * session.ticks / len(rows)


def with_the_column(session: LongSession) -> float:
    """Seconds with a column of the body's size on the table, laid down anew before each; the median of three."""
    spent, kept = [], session.treatment.parameters
    for _ in range(3):
        column = ColumnSpine(Somebody(session.plan.mass), session.plan.position, typical(), session.plan.angle)
        person = column.in_place_of(person_of(0))
        session.treatment.parameters = kept._replace(body=person.body)
        run = column.run(compiled_run())
        spent.append(timed(lambda run=run: session.play(run)))  # type: ignore[misc]
    session.treatment.parameters = kept
    return statistics.median(spent)


def main() -> None:
    """Check, then time in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--no-lsoda", action="store_true")
    chosen = parser.parse_args()
    session, run = LongSession(), compiled_run()
    rows = session.play(run)
    ticks = f"{session.ticks:,} control ticks, {5 * session.ticks:,} plant steps"
    print(f"{MINUTES} min, {session.plan.cycles} pulls, {ticks};")
    pulling = 100.0 * np.isin(rows[:, PHASE], PULLING).mean()
    print(f"pulling {pulling:.0f} % of the time, force to {np.nanmax(rows[:, TRUE_FORCE]):.0f} N")
    ways: dict[str, Callable[[], Any]] = {"compiled Python (ships)": lambda: session.play(run)}
    ways |= in_c(session)
    rounds = [{name: timed(work) for name, work in ways.items()} for _ in range(chosen.repeats)]
    spent = {name: statistics.median(one[name] for one in rounds) for name in ways}
    extra = (
        {} if chosen.no_lsoda else {f"LSODA rtol {rtol:g}, plant alone": lsoda(session, rtol) for rtol in (1e-4, 1e-6)}
    )
    extra["with the column in the loop"] = with_the_column(session)
    print_times(rounds, spent, extra)
    print(_agreement.printed(session, run))


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
