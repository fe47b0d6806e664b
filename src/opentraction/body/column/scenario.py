"""What happens to a body: who, and stages of posture, pull and load, one after the other. Values, no files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.column.anatomy import DISCS

FloatArray = npt.NDArray[np.float64]
POSTURES = ("standing", "sitting", "prone", "supine", "fowler", "side", "suspended", "inverted", "unloaded")
LYING = ("prone", "supine", "fowler", "side")
DIRECTIONS = ("flexion", "extension", "lateral", "axial")
KINDS = ("lumbar-column", "segment", "disc")
SPLIT, PLAIN = "split", "plain"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person: mass [kg], stature [m], age [years], sex, and disc grades, None where they are as usual at that age."""

    mass: float
    stature: float = 1.72
    age: float = 40.0
    sex: str = "male"
    grades: tuple[float | None, ...] = (None,) * len(DISCS)


@dataclass(frozen=True, slots=True)
class Specimen:
    """Cut out: the column T12-S1, one segment with its ligaments, or the disc between two vertebrae."""

    kind: str
    level: str = "L4-L5"
    stature: float = 1.72
    age: float = 50.0
    sex: str = "male"
    grades: tuple[float | None, ...] = (None,) * len(DISCS)


class Traction(NamedTuple):
    """A pull by the harness: force [N] over times from the stage's start [s] (none: static), couch, angle [rad]."""

    force: float
    couch: str = SPLIT
    angle: float = 0.0
    times: FloatArray | None = None
    forces: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One posture for a time [s], with a pull, or a force [N, tension positive] and moment [N m] on the spine."""

    posture: str
    duration: float
    traction: Traction | None = None
    axial_force: float = 0.0
    moment: float = 0.0
    direction: str = "flexion"


@dataclass(frozen=True, slots=True)
class Scenario:
    """Who, and what."""

    who: Somebody | Specimen
    stages: tuple[Stage, ...]
