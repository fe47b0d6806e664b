"""Every parameter of the column taken once: at its middle, at a percentile, or as one of many stratified draws."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from opentraction.body.person import PARAMETERS as ON_THE_TABLE
from opentraction.quantities.parameters import load_parameters
from opentraction.quantities.streams import Streams

FloatArray = npt.NDArray[np.float64]
PACKAGE = "opentraction.body.column"
BELTS = ("harness", "thorax")
PARAMETERS = load_parameters(PACKAGE) | {section: ON_THE_TABLE[section] for section in BELTS}
"""Those of the column, and of the belts from the first floor of the body."""
FIXED = ("discs", "grades", "ligaments", "postures")
"""Sections of lists, one value a disc, grade, ligament or posture."""

Chosen = Mapping[str, Mapping[str, float]]


@cache
def lists() -> dict[str, dict[str, list[float]]]:
    """The sections of lists."""
    raw = tomllib.loads(files(PACKAGE).joinpath("parameters.toml").read_text("utf-8"))
    return {section: {name: entry["values"] for name, entry in raw[section].items()} for section in FIXED}


def names() -> list[tuple[str, str]]:
    """Section and name of every parameter with a spread, in the order of the file."""
    return [(section, name) for section, ones in PARAMETERS.items() if section not in FIXED for name in ones]


def chosen_at(z: Mapping[tuple[str, str], float]) -> Chosen:
    """Parameters as many standard deviations from their middles as `z` says, which may leave some out."""
    made: dict[str, dict[str, float]] = {}
    for section, name in names():
        made.setdefault(section, {})[name] = PARAMETERS[section][name].at(z.get((section, name), 0.0))
    return made


def typical() -> Chosen:
    """The middle of every spread."""
    return chosen_at({})


def drawn(count: int, streams: Streams) -> list[Chosen]:
    """So many people: a Latin hypercube, each parameter in `count` equally likely strata."""
    normal = NormalDist()
    scores: dict[tuple[str, str], FloatArray] = {}
    for one in names():
        rng = streams.stream("column " + ".".join(one))
        share = (rng.permutation(count) + rng.random(count)) / count
        scores[one] = np.array([normal.inv_cdf(min(max(u, 1e-6), 1.0 - 1e-6)) for u in share])
    return [chosen_at({one: float(z[i]) for one, z in scores.items()}) for i in range(count)]
