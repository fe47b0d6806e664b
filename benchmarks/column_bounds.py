"""Random scenarios over everything that is declared: which are refused, and what is told beyond what can be.

python benchmarks/column_bounds.py [count] [seed]
"""

from __future__ import annotations

import sys
import time
from collections import Counter

import numpy as np

from opentraction.body.column.anatomy import DISCS, SHOWN
from opentraction.body.column.chosen import drawn
from opentraction.body.column.play import NotSolved, Seen, play
from opentraction.body.column.scenario import (
    DIRECTIONS,
    KINDS,
    LYING,
    POSTURES,
    Scenario,
    Somebody,
    Specimen,
    Stage,
    Traction,
)
from opentraction.quantities.streams import Streams

LONG = (1.0, 2.0, 10.0, 600.0, 8 * 3600.0, 86400.0, 7 * 86400.0)
LOWEST = {"height": 0.0, "volume": 0.0, "fluid": 0.0, "anterior": 0.0, "posterior": 0.0, "foramen": -100.0,
          "bulge": -100.0}  # fmt: skip
"""What cannot be less."""


def whoever(rng: np.random.Generator) -> Somebody | Specimen:
    """Bounds as often as what lies between them."""
    grades = tuple(
        float(g)
        for g in (rng.uniform(1.0, 5.0, len(DISCS)) if rng.random() < 0.6 else [rng.integers(1, 6)] * len(DISCS))
    )
    stature = float(rng.choice([1.2, 2.3]) if rng.random() < 0.3 else rng.uniform(1.2, 2.3))
    sex = str(rng.choice(["male", "female", "unstated"]))
    age = float(rng.uniform(16.0, 100.0))
    if rng.random() < 0.7:
        mass = float(rng.choice([30.0, 250.0]) if rng.random() < 0.3 else rng.uniform(30.0, 250.0))
        return Somebody(mass, stature, age, sex, grades)
    return Specimen(str(rng.choice(KINDS)), str(rng.choice(SHOWN)), stature, age, sex, grades)


def stage(rng: np.random.Generator, alive: bool) -> Stage:
    """Any posture, pull, force and moment."""
    posture = str(rng.choice(POSTURES)) if alive else "unloaded"
    pull = None
    if posture in LYING and rng.random() < 0.6:
        pull = Traction(
            float(rng.uniform(0.0, 1000.0)), str(rng.choice(["split", "plain"])), float(rng.uniform(-0.8, 0.8))
        )
    force = float(rng.choice([0.0, 0.0, -3000.0, 3000.0]) if rng.random() < 0.7 else rng.uniform(-3000.0, 3000.0))
    moment = float(rng.choice([0.0, 0.0, -40.0, 40.0]) if rng.random() < 0.7 else rng.uniform(-40.0, 40.0))
    return Stage(posture, float(rng.choice(LONG)), pull, force, moment, str(rng.choice(DIRECTIONS)))


def scenario(rng: np.random.Generator) -> Scenario:
    """One to four stages."""
    who = whoever(rng)
    return Scenario(who, tuple(stage(rng, isinstance(who, Somebody)) for _ in range(rng.integers(1, 5))))


def beyond(seen: Seen) -> tuple[str, ...]:
    """Names of what cannot be."""
    wild = [name for name, values in vars(seen).items() if not np.all(np.isfinite(values))]
    if np.max(np.abs(seen.pressure)) > 50e6:
        wild.append("pressure")
    return tuple(wild + [name for name, least in LOWEST.items() if np.min(getattr(seen, name)) < least - 1e-9])


def main(count: int, seed: int) -> None:
    """Play them, one body each."""
    rng = np.random.default_rng(seed)
    bodies = drawn(200, Streams(seed))
    refused, out = Counter[str](), Counter[tuple[str, ...]]()
    start = time.perf_counter()
    for i in range(count):
        one, body = scenario(rng), bodies[int(rng.integers(len(bodies)))]
        at = np.cumsum([stage.duration for stage in one.stages])
        try:
            seen = play(one, at, body)
        except NotSolved as refusal:
            kind = "person" if isinstance(one.who, Somebody) else one.who.kind
            refused[kind] += 1
            print(f"{i}: {refusal}: {one}", flush=True)
            continue
        if names := beyond(seen):
            out[names] += 1
    print(f"{count} scenarios, {sum(refused.values())} refused {dict(refused)}, {sum(out.values())} beyond what can be")
    for names, times in out.most_common():
        print(f"  {times}: {', '.join(names)}")
    print(f"{1e3 * (time.perf_counter() - start) / count:.0f} ms a scenario")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
