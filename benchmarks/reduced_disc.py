"""How far is the reduced disc from the one of 20,000 unknowns, and how much faster?

    python benchmarks/reduced_disc.py session day --keep docs/researcher/reduced-disc.json

A session of 45 minutes (22 pulls of a minute, a minute between them) and a day of 24 hours, neither seen when the
reduced disc was derived, from the same rest. Errors are the largest at any step of the large disc, in % of how far each
reading changes. Processor time, one core: the reduced disc is marched anew at every so many steps of the large one, so
that both see the same machine. The large one runs twice: iterated as usual, and no further than the reduced one is.
Ten minutes.
"""

from __future__ import annotations

import _one_core  # noqa: F401  before NumPy

# isort: split
import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from opentraction.body.disc.disc import Disc
from opentraction.body.disc.loading import Loading, stages
from opentraction.body.disc.points import Point
from opentraction.body.disc.reduced import Played, Reduced
from opentraction.body.disc.reduced_file import load, ready
from opentraction.body.disc.reduced_training import cycles, healthy, rest_of
from opentraction.body.disc.stepping import Accuracy

HOUR, LYING = 3600.0, -120.0
NAMES = ("height", "bulge", "pressure", "water")
READ, BETWEEN = 2000, 60
"""How often the reduced disc is read; steps of the large one between two marches of it."""
LOOSE = 2e-5
"""How far the reduced disc's iteration is carried, of its largest value."""
CURVES = Path(__file__).parents[1] / "docs" / "researcher" / "reduced-disc.json"


def histories() -> dict[str, Loading]:
    """What neither was derived from: hours, forces [N] of the vertebra on the disc."""
    minutes = [(60, -500), (20, -750), (120, -620), (15, -350), (150, -700), (45, -280), (180, -560), (10, -790)]
    minutes += [(120, -640), (120, -420), (60, -240), (540, LYING)]
    return {
        "session": stages(LYING, [*cycles(60.0, 60.0, 180.0, -60.0, 22), (60.0, LYING)]),
        "day": stages(LYING, [(60.0 * long, float(force)) for long, force in minutes]),
    }


class Both(NamedTuple):
    """The large disc's readings, seconds, steps, iterations; seconds of each march of the reduced one."""

    table: np.ndarray
    seconds: float
    steps: int
    iterations: int
    reduced: list[float]


def small(reduced: Reduced, loading: Loading, at: np.ndarray) -> tuple[Played, float]:
    """From rest through a loading, read at times; seconds."""
    begun = time.process_time()
    played = reduced.march(reduced.rest(LYING), loading, at)
    return played, time.process_time() - begun


def large(disc: Disc, rest: Point, loading: Loading, reduced: Reduced, iteration: float) -> Both:
    """The large disc through a loading, the reduced one at every so many of its steps."""
    points, took, at = [rest], [], np.linspace(*loading.span, READ)
    march = disc.under(loading, Accuracy(relative=1e-3, smallest=0.1, iteration=iteration))

    def each(point: Point) -> None:
        points.append(point)
        if len(points) % BETWEEN == 0:
            took.append(small(reduced, loading, at)[1])

    begun = time.process_time()
    march.run(rest, loading.span[1], breaks=loading.marks, each=each)
    long = time.process_time() - begun - sum(took)
    table = np.array([disc.read(point) for point in points])
    table[:, 0] = np.minimum(table[:, 0], loading.span[1])
    return Both(table, long, march.work.steps, march.work.iterations, took)


def _thinned(table: np.ndarray) -> list[list[float]]:
    """Enough rows to draw, to five digits."""
    every = max(1, len(table) // 500)
    return [[float(f"{one:.5g}") for one in row] for row in table[::every]]


def measured(disc: Disc, rest: Point, loading: Loading, reduced: Reduced) -> dict[str, Any]:
    """Both discs through a loading: errors, times, curves."""
    small(reduced, loading, np.linspace(*loading.span, READ))  # compiles
    usual, loose = (large(disc, rest, loading, reduced, one) for one in (Accuracy.iteration, LOOSE))
    played, _ = small(reduced, loading, usual.table[:, 0])
    error = 100.0 * (np.abs(played.table - usual.table) / np.ptp(usual.table, axis=0))[:, 1:]
    took = [*usual.reduced, *loose.reduced]
    return {
        "large_s": round(usual.seconds, 1), "loose_s": round(loose.seconds, 1),
        "iterations": [usual.iterations, loose.iterations],
        "reduced_ms": [round(1e3 * one, 2) for one in (min(took), statistics.median(took), max(took))],
        "rounds": len(took), "steps": [usual.steps, played.work.steps],
        "largest_error_percent": dict(zip(NAMES, error.max(axis=0).round(3).tolist(), strict=True)),
        "error_percent_99": dict(zip(NAMES, np.percentile(error, 99, axis=0).round(3).tolist(), strict=True)),
        "large": _thinned(usual.table), "reduced": _thinned(played.table),
    }  # fmt: skip


def told(name: str, run: dict[str, Any]) -> str:
    """One line of the table."""
    errors = (f"{run['largest_error_percent'][one]:.2f} ({run['error_percent_99'][one]:.2f})" for one in NAMES)
    least, median, most = run["reduced_ms"]
    times = f"{run['large_s'] / median * 1e3:,.0f} ({run['loose_s'] / median * 1e3:,.0f})"
    return (
        f"| {name}; {run['steps'][0]:,} and {run['steps'][1]} steps | {' | '.join(errors)} "
        f"| {run['large_s']:.0f} s ({run['loose_s']:.0f} s) | {median:.0f} ms ({least:.0f} to {most:.0f}) | {times} |"
    )


def main() -> None:
    """March both, print a table, keep the curves."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("names", nargs="*", default=list(histories()), help="session, day or both")
    asked.add_argument("--file", type=Path, help="a reduced disc other than the one that comes with the project")
    asked.add_argument("--keep", type=Path, default=None, help=f"where to keep the curves, as {CURVES.name}")
    args, recipe = asked.parse_args(), healthy()
    disc = Disc(recipe.tissues, recipe.cells)
    rest, reduced = rest_of(disc, recipe), load(args.file) if args.file else ready(recipe.tissues)
    heads = (*(f"{name}, % (99 % of steps)" for name in NAMES), "large (iterated less)", "reduced", "times as fast")
    print("| | " + " | ".join(heads) + " |\n" + "|---" * (1 + len(heads)) + "|")
    for name in args.names:
        run = measured(disc, rest, histories()[name], reduced)
        print(told(name, run), flush=True)
        if args.keep:
            kept = json.loads(args.keep.read_text("utf-8")) if args.keep.exists() else {}
            args.keep.write_text(json.dumps({**kept, name: run}, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
