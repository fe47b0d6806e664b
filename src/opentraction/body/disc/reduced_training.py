"""How a reduced disc is derived: through which marches, with how many modes and points, within which forces."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from opentraction.body.disc.disc import PARAMETERS, Cells, Disc
from opentraction.body.disc.loading import Loading, stages
from opentraction.body.disc.points import Point
from opentraction.body.disc.reduced import Reduced
from opentraction.body.disc.reduced_basis import Modes, coordinates, modes_of, points_of
from opentraction.body.disc.reduced_kernel import Outside, Points
from opentraction.body.disc.sampling import choose, rows_of, taken
from opentraction.body.disc.stepping import Accuracy
from opentraction.quantities import BadInput

FloatArray = npt.NDArray[np.float64]
Snapshots = tuple[FloatArray, FloatArray]
"""Displacements (s, nu) [m] and potentials (s, np) [Pa]."""
HOUR, DAY = 3600.0, 86400.0
LYING: Final = -120.0
"""[N]"""
MARGIN: Final = 0.5
"""Of the range of each coordinate over the snapshots: how far beyond it a march may go."""
SLACK: Final = 0.03
"""Of the widest range, on top: small coordinates are known no better."""
ROWS: Final = 5
"""Random sums for each point sought: they keep the squares of all rows (Johnson and Lindenstrauss)."""


@dataclass(frozen=True)
class Recipe:
    """All that a reduced disc follows from, beside `parameters.toml`.

    forces [N]: the bounds; plan: marches from rest at `lying` [N], itself after `rested` [s] of it; snapshots: about as
    many of each march; states: as many, evenly out of all, are what the points are chosen by.
    """

    plan: Mapping[str, Loading]
    tissues: str = "healthy"
    cells: Cells = field(default_factory=Cells)
    forces: tuple[float, float] = (-800.0, 250.0)
    lying: float = LYING
    rested: float = 5 * DAY
    relative: float = 1e-3
    smallest: float = 0.1
    snapshots: int = 160
    states: int = 150
    modes: tuple[int, int] = (40, 34)
    points: int = 280

    def told(self) -> dict[str, object]:
        """In plain words and numbers."""
        plan = {name: [one.times.tolist(), one.forces.tolist()] for name, one in self.plan.items()}
        c = self.cells
        return {
            "tissues": self.tissues,
            "parameters": parameters_of(self.tissues),
            "cells": [c.nucleus, c.annulus, c.height, c.endplate],
            "forces": list(self.forces),
            "lying": self.lying,
            "rested": self.rested,
            "accuracy": [self.relative, self.smallest],
            "plan": hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest(),
            "kept": [self.snapshots, self.states, *self.modes, self.points],
        }


def parameters_of(tissues: str) -> str:
    """SHA-256 of the geometry and the tissue set that stand in `parameters.toml`."""
    names = ("geometry", *(name for name in sorted(PARAMETERS) if name.startswith(f"{tissues}_")))
    values = {name: {key: one.value for key, one in PARAMETERS[name].items()} for name in names}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def rest_of(disc: Disc, recipe: Recipe) -> Point:
    """The finite-element disc in balance with lying, at time 0."""
    march = disc.under(lambda _t: recipe.lying, _accuracy(recipe))
    return replace(march.run(march.start(mu=disc.porous.thirst()), recipe.rested), t=0.0)


def snapshots_of(disc: Disc, rest: Point, loading: Loading, recipe: Recipe) -> Snapshots:
    """A march of the finite-element disc, thinned by a power of two."""
    points = [rest]
    march = disc.under(loading, _accuracy(recipe))
    march.run(rest, loading.span[1], breaks=loading.marks, each=points.append)
    kept = points[:: thinned(len(points), recipe.snapshots)]
    return np.array([point.u for point in kept]), np.array([point.mu for point in kept])


def thinned(points: int, wanted: int) -> int:
    """Every how manyth point is kept."""
    return int(2 ** max(0, int(np.log2(points / wanted))))


def derive(
    recipe: Recipe, marched: Callable[[str, Disc, Point, Loading], Snapshots] | None = None, disc: Disc | None = None
) -> Reduced:
    """A reduced disc. `marched` may give snapshots kept from before; else the disc is marched through the plan."""
    _check(recipe)
    disc = disc or Disc(recipe.tissues, recipe.cells)
    rest = rest_of(disc, recipe)

    def fresh(_name: str, disc: Disc, rest: Point, loading: Loading) -> Snapshots:
        return snapshots_of(disc, rest, loading, recipe)

    some = [(marched or fresh)(name, disc, rest, loading) for name, loading in recipe.plan.items()]
    u, mu = (np.concatenate([one[kind] for one in some]) for kind in (0, 1))
    return reduce(disc, rest, u, mu, recipe)


def reduce(disc: Disc, rest: Point, u: FloatArray, mu: FloatArray, recipe: Recipe) -> Reduced:
    """From snapshots (s, nu), (s, np): modes, then points."""
    modes = modes_of(disc, rest.u, u, mu, recipe.modes)
    ys, zs = coordinates(disc, modes, u, mu)
    every = points_of(disc, modes)
    some = np.linspace(0, len(ys) - 1, min(recipe.states, len(ys))).astype(int)
    rows = rows_of(disc, every, ys[some], zs[some], ROWS * recipe.points)
    chosen = choose(rows, every.weight, recipe.points)
    told = {**recipe.told(), "unknowns": sum(disc.under(lambda _t: 0.0).unknowns.count), "missed": chosen.missed}
    return Reduced(_rounded(taken(every, chosen)), outside_of(disc, modes, ys, zs), recipe.forces, told)


def outside_of(disc: Disc, modes: Modes, ys: FloatArray, zs: FloatArray) -> Outside:
    """Rows of the modes at the vertebra and the side, and how far snapshots go."""
    phi, top, side = modes.displacement, disc.top[0], disc.side
    low, high = ys.min(axis=0), ys.max(axis=0)
    room = MARGIN * (high - low) + SLACK * float((high - low).max())
    scale = np.array([np.abs(ys).max(), np.abs(zs).max()])
    rows = (phi[top].copy(), float(modes.rest[top]), phi[side].copy(), float(modes.rest[side]))
    return Outside(*rows, low - room, high + room, scale)


def _rounded(points: Points) -> Points:
    """Modes to the seven digits that a file keeps, so that what is kept is what was derived."""
    names = ("shape", "value", "slope")
    return points._replace(**{name: getattr(points, name).astype(np.float32).astype(np.float64) for name in names})


def _accuracy(recipe: Recipe) -> Accuracy:
    return Accuracy(relative=recipe.relative, smallest=recipe.smallest)


def _check(recipe: Recipe) -> None:
    low, high = recipe.forces
    if not recipe.plan:
        raise BadInput("plan", "no march", "one march at least")
    for name, one in recipe.plan.items():
        if one.forces[0] != recipe.lying or one.times[0] != 0.0:
            raise BadInput(f"plan.{name}", f"{one.forces[0]:g} N at {one.times[0]:g} s", "a start at rest, at 0 s")
        if one.forces.min() < low or one.forces.max() > high:
            raise BadInput(f"plan.{name}", "a force beyond the bounds", f"{low:g} to {high:g} N")


def drawn(seed: int, count: int, lasts: tuple[float, float], forces: tuple[float, float]) -> list[tuple[float, float]]:
    """Stages by chance: how long, evenly in its logarithm [s], and the force [N]."""
    chance = np.random.default_rng(seed)
    some = []
    for _ in range(count):
        long = float(np.exp(chance.uniform(np.log(lasts[0]), np.log(lasts[1]))))
        some.append((long, float(chance.uniform(*forces))))
    return some


def cycles(hold: float, rest: float, pull: float, slack: float, count: int) -> list[tuple[float, float]]:
    """Intermittent traction: `pull` for `hold` [s], `slack` for `rest`."""
    return [(hold, pull), (rest, slack)] * count


def healthy() -> Recipe:
    """The reduced disc that comes with the project: healthy, L4-L5, 20,000 unknowns, hours at either bound."""
    wide, usual = (-800.0, 250.0), (-750.0, -100.0)
    pulls = [
        (2 * HOUR, -600.0),
        *cycles(60, 30, 250.0, -150.0, 5),
        (HOUR, -800.0),
        *cycles(30, 10, 100.0, -300.0, 5),
        (2 * HOUR, LYING),
    ]
    plan = {
        "pressed": stages(LYING, [(30 * HOUR, -800.0), (12 * HOUR, LYING)], rise=1.0),
        "pulled": stages(LYING, [(8 * HOUR, 250.0), (6 * HOUR, -500.0), (2 * HOUR, 250.0)], rise=1.0),
        "unloaded": stages(LYING, [(24 * HOUR, 0.0), (2 * HOUR, -800.0), (HOUR, 250.0)], rise=1.0),
        "mixed": stages(LYING, drawn(1, 14, (300, 3 * HOUR), wide)),
        "cycled": stages(LYING, pulls),
        "quick": stages(LYING, drawn(2, 14, (60, 2 * HOUR), wide), rise=2.0),
        "days": stages(LYING, [*drawn(3, 12, (600, 4 * HOUR), usual), (8 * HOUR, LYING)]),
    }
    return Recipe(plan, cells=Cells(33, 27, 27, 10))
