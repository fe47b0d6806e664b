"""How far is the reduced disc from the one of 20,000 unknowns, and how much faster?

A session of 45 minutes (22 pulls of a minute, a minute between them) and a day of 24 hours, neither seen when the
reduced disc was derived, from the same rest. Errors are the largest at any step of the large disc, in % of how far each
reading changes. Processor time, one core, both in one run; the reduced disc: median of rounds. Ten minutes.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path

import numpy as np

from opentraction.body.disc.disc import Disc
from opentraction.body.disc.loading import Loading, stages
from opentraction.body.disc.reduced_file import load, ready
from opentraction.body.disc.reduced_training import cycles, healthy, rest_of
from opentraction.body.disc.stepping import Accuracy, Point

HOUR, LYING = 3600.0, -120.0
NAMES = ("height", "bulge", "pressure", "water")
CURVES = Path(__file__).parents[1] / "docs" / "researcher" / "reduced-disc.json"


def histories() -> dict[str, Loading]:
    """What neither was derived from: hours, forces [N] of the vertebra on the disc."""
    minutes = [(60, -500), (20, -750), (120, -620), (15, -350), (150, -700), (45, -280), (180, -560), (10, -790)]
    minutes += [(120, -640), (120, -420), (60, -240), (540, LYING)]
    return {
        "session": stages(LYING, [*cycles(60.0, 60.0, 180.0, -60.0, 22), (60.0, LYING)]),
        "day": stages(LYING, [(60.0 * long, float(force)) for long, force in minutes]),
    }


def large(disc: Disc, rest: Point, loading: Loading) -> tuple[np.ndarray, float, int]:
    """Readings at its steps, seconds, steps."""
    points = [rest]
    march = disc.under(loading, Accuracy(relative=1e-3, smallest=0.1))
    begun = time.process_time()
    march.run(rest, loading.span[1], breaks=loading.marks, each=points.append)
    took = time.process_time() - begun
    table = np.array([disc.read(point) for point in points])
    table[:, 0] = np.minimum(table[:, 0], loading.span[1])
    return table, took, march.work.steps


def _thinned(table: np.ndarray) -> list[list[float]]:
    """Enough rows to draw, to five digits."""
    every = max(1, len(table) // 500)
    return [[float(f"{one:.5g}") for one in row] for row in table[::every]]


def main() -> None:
    """March both, print a table, keep the curves."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=11)
    asked.add_argument("--file", type=Path, help="a reduced disc other than the one that comes with the project")
    asked.add_argument("--keep", type=Path, default=None, help=f"where to keep the curves, as {CURVES.name}")
    args = asked.parse_args()
    recipe = healthy()
    disc = Disc(recipe.tissues, recipe.cells)
    rest = rest_of(disc, recipe)
    marched = {name: large(disc, rest, loading) for name, loading in histories().items()}
    reduced = load(args.file) if args.file else ready(recipe.tissues)
    kept = {}
    print(
        "| | "
        + " | ".join(f"{name}, % (99 % of steps)" for name in NAMES)
        + " | large, s | reduced, ms | times as fast |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, loading in histories().items():
        theirs, long, steps = marched[name]
        took = []
        for turn in range(args.rounds + 1):
            begun = time.process_time()
            played = reduced.march(reduced.rest(recipe.lying), loading, theirs[:, 0])
            took += [time.process_time() - begun] if turn else []  # the first compiles
        error = 100.0 * (np.abs(played.table - theirs) / np.ptp(theirs, axis=0))[:, 1:]
        short = statistics.median(took)
        told = " | ".join(
            f"{a:.2f} ({b:.2f})" for a, b in zip(error.max(axis=0), np.percentile(error, 99, axis=0), strict=True)
        )
        print(
            f"| {name}, {steps} and {played.work.steps} steps | {told} "
            f"| {long:.0f} | {1e3 * short:.0f} | {long / short:.0f} |"
        )
        kept[name] = {
            "large_s": round(long, 1), "reduced_ms": round(1e3 * short, 2), "steps": [steps, played.work.steps],
            "largest_error_percent": dict(zip(NAMES, error.max(axis=0).round(3).tolist(), strict=True)),
            "error_percent_99": dict(zip(NAMES, np.percentile(error, 99, axis=0).round(3).tolist(), strict=True)),
            "large": _thinned(theirs), "reduced": _thinned(played.table),
        }  # fmt: skip
        print(f"  lowest to highest of the reduced: {1e3 * min(took):.0f} to {1e3 * max(took):.0f} ms")
    if args.keep:
        args.keep.write_text(json.dumps(kept, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
