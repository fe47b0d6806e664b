"""What happens to a body: who, and stages of posture, pull and load, one after the other. Values, no files.

Each value checks itself: what no body and no table can be raises BadInput, as in a file.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opentraction.body.column.anatomy import DISCS, SHOWN
from opentraction.quantities import BadInput, State

FloatArray = npt.NDArray[np.float64]
POSTURES = ("standing", "sitting", "prone", "supine", "fowler", "side", "suspended", "inverted", "unloaded")
LYING = ("prone", "supine", "fowler", "side")
DIRECTIONS = ("flexion", "extension", "lateral", "axial")
KINDS = ("lumbar-column", "segment", "disc")
SPLIT, PLAIN = "split", "plain"
SEXES = ("female", "male", "unstated")
MASSES = (30.0, 250.0)  # [kg]
STATURES = (1.2, 2.3)  # [m]
AGES = (16.0, 100.0)  # [years]
GRADES = (1.0, 5.0)
DAY = 86400.0
SHORTEST, LONGEST = 1.0, 60 * DAY
"""Of a stage [s]; all stages together last no longer than the second."""
MOST_STAGES = 400
STRONGEST = 3000.0
"""The largest force on the spine that is played [N]: about what heavy lifting does."""
HARDEST = 1000.0
"""The largest pull [N]."""
STEEPEST = 0.8
"""The largest angle of a pull, either way [rad]."""
TWISTED = 40.0
"""The largest moment, either way [N m]."""
_LATE = 1e-6
"""Sums of stages miss the end of a scenario by less than this [s]."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person: mass [kg], stature [m], age [years], sex, and disc grades, None where they are as usual at that age.

    Raises BadInput.
    """

    mass: float
    stature: float = 1.72
    age: float = 40.0
    sex: str = "unstated"
    grades: tuple[float | None, ...] = (None,) * len(DISCS)

    def __post_init__(self) -> None:
        _check("mass", self.mass, *MASSES, "kg")
        _check_body(self)


@dataclass(frozen=True, slots=True)
class Specimen:
    """Cut out: the column T12-S1, one segment with its ligaments, or the disc between two vertebrae.

    Raises BadInput.
    """

    kind: str
    level: str = "L4-L5"
    stature: float = 1.72
    age: float = 50.0
    sex: str = "unstated"
    grades: tuple[float | None, ...] = (None,) * len(DISCS)

    def __post_init__(self) -> None:
        _check_word("kind", self.kind, KINDS)
        _check_word("level", self.level, SHOWN)
        _check_body(self)


@dataclass(frozen=True, slots=True)
class Traction:
    """A pull by the harness: force [N] over times from the stage's start [s] (none: static), couch, angle [rad].

    Raises BadInput.
    """

    force: float
    couch: str = SPLIT
    angle: float = 0.0
    times: FloatArray | None = None
    forces: FloatArray | None = None

    def __post_init__(self) -> None:
        _check("traction.force", self.force, 0.0, HARDEST, "N")
        _check_word("traction.couch", self.couch, (SPLIT, PLAIN))
        _check("traction.angle", self.angle, -STEEPEST, STEEPEST, "rad")
        if (self.times is None) != (self.forces is None):
            name = "forces" if self.forces is None else "times"
            raise BadInput(f"traction.{name}", State("missing"), "times and forces together, or neither")
        if self.times is not None and self.forces is not None:
            _check_profile(self.times, self.forces)


@dataclass(frozen=True, slots=True)
class Stage:
    """One posture for a time [s], with a pull, or a force [N, tension positive] and moment [N m] on the spine.

    Raises BadInput.
    """

    posture: str
    duration: float
    traction: Traction | None = None
    axial_force: float = 0.0
    moment: float = 0.0
    direction: str = "flexion"

    def __post_init__(self) -> None:
        _check_word("posture", self.posture, POSTURES)
        _check("duration", self.duration, SHORTEST, LONGEST, "s")
        _check("axial_force", self.axial_force, -STRONGEST, STRONGEST, "N")
        _check("moment", self.moment, -TWISTED, TWISTED, "N m")
        _check_word("direction", self.direction, DIRECTIONS)
        if self.traction is not None and self.posture not in LYING:
            raise BadInput("traction", State(f"given while {self.posture}"), "a pull while " + ", ".join(LYING))


@dataclass(frozen=True, slots=True)
class Scenario:
    """Who, and what. Raises BadInput."""

    who: Somebody | Specimen
    stages: tuple[Stage, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.stages) <= MOST_STAGES:
            raise BadInput("stages", State(f"there {len(self.stages)} times"), f"one to {MOST_STAGES} stages")
        if self.whole > LONGEST:
            raise BadInput("stages", State(f"{spell(self.whole)} long in all"), f"at most {spell(LONGEST)}")
        if isinstance(self.who, Specimen):
            for stage in self.stages:
                _check_word("posture", stage.posture, ("unloaded",))

    @property
    def whole(self) -> float:
        """How long all stages last together [s]."""
        return sum(one.duration for one in self.stages)

    def check_times(self, asked: FloatArray) -> None:
        """Raises BadInput unless `asked` [s] are numbers that rise, or stay, from 0 to the end of the last stage."""
        at = np.asarray(asked, dtype=float)
        if at.ndim != 1 or not at.size:
            raise BadInput("times", State(f"of shape {at.shape}"), "one time or more, one after the other")
        if not np.isfinite(at).all():
            raise BadInput("times", State("not numbers throughout"), "finite times [s]")
        if np.any(np.diff(at) < 0.0):
            raise BadInput("times", State("out of order"), "times [s] that rise")
        if at[0] < 0.0 or at[-1] > self.whole + _LATE:
            wrong = float(at[0] if at[0] < 0.0 else at[-1])
            raise BadInput("times", wrong, f"0 s to {self.whole:g} s, when the scenario ends")


def spell(seconds: float) -> str:
    """A time [s] as people say it, to the second: `1 s`, `60 days`, `60 days and 10 min`."""
    said, left = [], round(seconds)
    for size, name in ((86400, "day"), (3600, "h"), (60, "min"), (1, "s")):
        count, left = divmod(left, size)
        if count:
            said.append(f"{count} {name}" + ("s" if name == "day" and count > 1 else ""))
    return " and ".join(said) or f"{seconds:g} s"


def _check(where: str, value: float, low: float, high: float, unit: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not low <= value <= high:
        raise BadInput(where, value, f"{low:g} to {high:g} {unit}".rstrip())


def _check_word(where: str, value: str, words: Collection[str]) -> None:
    if value not in words:
        raise BadInput(where, value, "one of " + ", ".join(words))


def _check_body(who: Somebody | Specimen) -> None:
    _check("stature", who.stature, *STATURES, "m")
    _check("age", who.age, *AGES, "years")
    _check_word("sex", who.sex, SEXES)
    if len(who.grades) != len(DISCS):
        raise BadInput("grades", State(f"{len(who.grades)} numbers"), f"{len(DISCS)}, from {DISCS[0]} to {DISCS[-1]}")
    for disc, grade in zip(DISCS, who.grades, strict=True):
        if grade is not None:
            _check(f"grades of {disc}", grade, *GRADES, "")


def _check_profile(times: FloatArray, forces: FloatArray) -> None:
    """A pull over time: as many forces as times, times that rise from 0 on."""
    t, f = np.asarray(times, dtype=float), np.asarray(forces, dtype=float)
    if t.ndim != 1 or not t.size or f.shape != t.shape:
        raise BadInput("traction.forces", State(f"of shape {f.shape}"), f"one force for each time, here {t.shape}")
    if not (np.isfinite(t).all() and t[0] >= 0.0 and np.all(np.diff(t) >= 0.0)):
        raise BadInput("traction.times", State("no times"), "finite times [s] from 0 on that rise")
    if not np.all((f >= 0.0) & (f <= HARDEST)):
        wrong = float(f[~((f >= 0.0) & (f <= HARDEST))][0])
        raise BadInput("traction.forces", wrong, f"0 to {HARDEST:g} N")
