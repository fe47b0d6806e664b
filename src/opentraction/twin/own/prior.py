"""What is fitted and what is known of it before: standard deviations `z`, and the body and table they make."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from opentraction.body.person import PARAMETERS as BODY
from opentraction.body.person import Person, chosen_person
from opentraction.quantities.parameters import Parameter, load_parameters
from opentraction.table.virtual.parameters import PARAMETERS as TABLE
from opentraction.table.virtual.parameters import table_parameters
from opentraction.twin.plant import PlantParameters

FloatArray = npt.NDArray[np.float64]
OWN: Final = load_parameters("opentraction.twin.own", "fitted.toml")
_ALL = {**BODY, **TABLE, **OWN}
_PERCENTILE = 1.645
_BEND = math.sqrt(_PERCENTILE * _PERCENTILE + 1.0) - 1.0

PERSON: Final = (
    "harness.stiffness", "harness.toe", "harness.maxwell", "harness.tau", "harness.damping_time",
    "harness.slip_most", "harness.slip_rate",
    "spine.k1", "spine.k2", "spine.damping", "spine.fast_share", "spine.slow_share", "spine.fast_tau", "spine.slow_tau",
    "thorax.stiffness", "thorax.toe", "thorax.damping_time",
    "body.lower_share", "behaviour.tone", "behaviour.tone_tau",
)  # fmt: skip
"""Of the person in their harness."""
COUCH: Final = {
    True: (
        "carriage.rolling",
        "carriage.breakaway_extra",
        "carriage.bristle",
        "carriage.spring",
        "carriage.mass",
        "couch.showing",
    ),
    False: ("carriage.sliding", "carriage.skin_bristle", "couch.showing_locked"),
}
"""Of what they lie on, by whether the table is split."""
SHOWING: Final = {True: "couch.showing", False: "couch.showing_locked"}
"""How much of its friction shows in means."""
MACHINE: Final = (
    "carriage.stribeck_speed", "carriage.viscous", "couch.shaking",
    "cable.k1", "cable.k2", "cable.creep_share", "cable.creep_tau",
    "cell_error.gain", "cell_error.late",
)  # fmt: skip
"""Of the table, alike in all sessions."""
SESSION: Final = ("session.offset", "cell_error.zero", "cell_error.drift")
"""Of each session anew."""


def parameter(name: str) -> Parameter:
    """The parameter called `section.name`."""
    section, _, key = name.partition(".")
    return _ALL[section][key]


def value_at(p: Parameter, z: float) -> float:
    """The value `z` standard deviations from the middle, as `Parameter.at` at -1.645, 0 and 1.645, but smooth and with
    tails: nobody is said to be impossible for lying beyond the 95th percentile.
    """
    grows, below, above = _ends(p)
    share = z / _PERCENTILE
    bend = (math.sqrt(z * z + 1.0) - 1.0) / _BEND
    moved = 0.5 * ((above + below) * share + (above - below) * bend)
    return p.value * math.exp(moved) if grows else max(p.value + moved, 0.0) if p.value > 0.0 else p.value + moved


def _ends(p: Parameter) -> tuple[bool, float, float]:
    """Whether it is spread by factors, and how far 5th and 95th percentile lie from the middle (logarithms then)."""
    if p.value > 0.0 and p.low > 0.0:
        return True, math.log(p.value / p.low), math.log(p.high / p.value)
    return False, p.value - p.low, p.high - p.value


def z_of(p: Parameter, value: float) -> float:
    """The `z` at which `value_at` gives `value`, between -8 and 8."""
    low, high = -8.0, 8.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if value_at(p, middle) < value else (low, middle)
    return 0.5 * (low + high)


@dataclass(frozen=True)
class Known:
    """What is known of a person and their pull without any recording: mass [kg], couch, pull angle [rad]."""

    mass: float
    split: bool
    angle: float

    @property
    def words(self) -> str:
        """As people say it."""
        couch = "split" if self.split else "locked"
        return f"{self.mass:g} kg on a {couch} couch, pulled at {math.degrees(self.angle):.3g} deg"

    @property
    def names(self) -> tuple[str, ...]:
        """What is fitted for all of their sessions together, in order."""
        return (*PERSON, *COUCH[self.split], *MACHINE)


def values(names: Sequence[str], z: Sequence[float] | FloatArray) -> dict[str, float]:
    """Each named parameter at its `z`, SI units."""
    return {name: value_at(parameter(name), float(one)) for name, one in zip(names, z, strict=True)}


class Fitted:
    """Takes what is fitted at its value and all else at its middle; what the builders of body and table ask."""

    def __init__(self, given: dict[str, float]) -> None:
        self._given = {id(parameter(name)): value for name, value in given.items()}

    def __call__(self, p: Parameter) -> float:
        return self._given.get(id(p), p.value)


def twin_of(known: Known, given: dict[str, float]) -> tuple[Person, PlantParameters]:
    """The modelled person and the whole plant of the twin's loop, from fitted values."""
    choose = Fitted(given)
    person = chosen_person(known.mass, choose)
    table = table_parameters(person.body.mass, known.split, choose=choose)
    return person, PlantParameters(table, person.body, math.cos(known.angle))
