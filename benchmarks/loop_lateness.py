"""How late does the 200 Hz control loop wake up, beside cyclictest, alone and with the console busy?

The real table process treats a simulated patient and logs every tick. cyclictest (rt-tests) wakes at the same 200 Hz
with the same priority and does nothing else: it shows what the machine allows. The two run in turn. Busy: the console
serves eight signed-in browsers, each reading the live stream and asking for a page twice a second.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from _clinic import BROWSERS, Console, TableUnderTest

from opentraction.app.prompt import REAL_TIME_PRIORITY

PERIOD_US = 5000
WARM_UP = 600
"""Ticks after the pull begins that do not count."""
WIDEST_US = 50000
Late = list[float]


def table_lateness(seconds: float, busy: bool) -> Late:
    """Microseconds late of every tick during `seconds` of treatment."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = TableUnderTest(folder)
        console = Console(folder) if busy else None
        table.treat()
        time.sleep(seconds + WARM_UP * PERIOD_US * 1e-6)
        if console is not None:
            console.stop()
        late = table.stop()
    return late[-round(seconds / PERIOD_US * 1e6) - 800 : -800]


def cyclictest_lateness(seconds: float, busy: bool) -> Late:
    """The same from cyclictest's histogram, in whole microseconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = TableUnderTest(folder) if busy else None
        console = Console(folder) if busy else None
        time.sleep(WARM_UP * PERIOD_US * 1e-6)
        options = ["-m", "-q", "-t1", f"-p{REAL_TIME_PRIORITY}", f"-i{PERIOD_US}", f"-D{seconds:.0f}", f"-h{WIDEST_US}"]
        said = subprocess.run(["cyclictest", *options], check=True, capture_output=True, text=True).stdout
        if console is not None and table is not None:
            console.stop()
            table.stop()
    late: Late = []
    for microseconds, count in re.findall(r"^(\d+)\s+(\d+)$", said, re.MULTILINE):
        late += [float(microseconds)] * int(count)
    return late


def main() -> None:
    """Rounds of four legs; medians of the rounds, their spread, and ratios within each round."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each leg (10)")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    has = shutil.which("cyclictest") is not None and os.geteuid() == 0
    if not has:
        print("cyclictest is left out: it needs rt-tests and root. SCHED_FIFO may not be granted to the table either.")
    rounds: list[dict[str, Late]] = []
    for number in range(chosen.rounds):
        legs: dict[str, Late] = {}
        for busy in (False, True):
            state = "busy" if busy else "alone"
            if has:
                legs[f"cyclictest, {state}"] = cyclictest_lateness(chosen.seconds, busy)
            legs[f"table, {state}"] = table_lateness(chosen.seconds, busy)
        rounds.append(legs)
        print(f"round {number + 1} of {chosen.rounds} done", flush=True)
    print_table(rounds, chosen.seconds)


def print_table(rounds: list[dict[str, Late]], seconds: float) -> None:
    """Percentiles of lateness and the table's as ratios to cyclictest's."""
    print(f"\nLateness of a 200 Hz loop [us], {len(rounds)} rounds of {seconds:.0f} s a leg, in turn")
    print(f"busy: {BROWSERS} browsers")
    print(f"{'':<20}{'p50':>18}{'p99':>20}{'max':>22}{'missed periods':>16}")
    figures = {name: [_figures(one[name]) for one in rounds] for name in rounds[0]}
    for name, values in figures.items():
        columns = [_spread([value[n] for value in values]) for n in range(3)]
        missed = sum(value[3] for value in values)
        of = sum(len(one[name]) for one in rounds)
        print(f"{name:<20}{columns[0]:>18}{columns[1]:>20}{columns[2]:>22}{missed:>10.0f} of {of}")
    for state in ("alone", "busy"):
        ours, theirs = figures[f"table, {state}"], figures.get(f"cyclictest, {state}")
        if theirs:
            ratios = [statistics.median(a[n] / b[n] for a, b in zip(ours, theirs, strict=True)) for n in range(3)]
            print(f"table of cyclictest, {state}: p50 {ratios[0]:.2f}, p99 {ratios[1]:.2f}, max {ratios[2]:.2f}")


def _figures(late: Late) -> tuple[float, float, float, float]:
    values = np.array(late)
    return (*np.percentile(values, [50, 99, 100]), float((values > PERIOD_US).sum()))


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):,.0f} ({min(values):,.0f}-{max(values):,.0f})"


if __name__ == "__main__":
    main()
