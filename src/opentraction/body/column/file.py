"""A scenario as people write it: who, then stages one after the other, in TOML."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.column.anatomy import DISCS, SHOWN
from opentraction.body.column.scenario import (
    DIRECTIONS,
    KINDS,
    LYING,
    PLAIN,
    POSTURES,
    SPLIT,
    Scenario,
    Somebody,
    Specimen,
    Stage,
    Traction,
)
from opentraction.quantities import BadInput, State, display, parse_force, parse_quantity
from opentraction.quantities.toml_file import Table, parse_toml, read_text

FloatArray = npt.NDArray[np.float64]


class Prescribed(NamedTuple):
    """What a prescription has a table do: force [N] over times [s], let go at the end, couch, angle [rad], position."""

    times: FloatArray
    forces: FloatArray
    couch: str
    angle: float
    position: str


Profile = Callable[[str, Somebody], Prescribed]
"""Times [s] and forces [N] of a prescription file for somebody. Raises BadInput."""

MOST_STAGES = 400
LONGEST = 60 * 86400.0
STRONGEST = 3000.0
"""The largest force on the spine that is played [N]: about what heavy lifting does."""


def read_scenario(path: Path, profile: Profile) -> Scenario:
    """The scenario of a file. Raises BadInput, naming the field."""
    table = parse_toml(read_text(path), str(path))
    try:
        return scenario_of(table, profile)
    except BadInput as refusal:
        raise refusal.within(str(path)) from None


def scenario_of(table: Table, profile: Profile) -> Scenario:
    """The scenario of a table. Raises BadInput."""
    table.only("person", "specimen", "stage")
    if ("person" in table) == ("specimen" in table):
        raise table.refuse(
            "person",
            State("missing" if "person" not in table else "given beside [specimen]"),
            "one of [person] and [specimen]",
        )
    who = _person(table.table("person")) if "person" in table else _specimen(table.table("specimen"))
    stages = table.tables("stage")
    if not 1 <= len(stages) <= MOST_STAGES:
        raise table.refuse(
            "stage", State(f"there {len(stages)} times"), f"one to {MOST_STAGES} stages, each written [[stage]]"
        )
    made = tuple(_stage(one, who, profile) for one in stages)
    if (whole := sum(one.duration for one in made)) > LONGEST:
        raise table.refuse(
            "stage", State(f"{whole / 86400.0:.0f} days long in all"), f"at most {LONGEST / 86400.0:.0f} days"
        )
    return Scenario(who, made)


def _person(t: Table) -> Somebody:
    t.only("mass", "stature", "age", "sex", "disc_grade")
    return Somebody(
        mass=_amount(t, "mass", "mass", 30.0, 250.0, "kg"),
        stature=_amount(t, "stature", "length", 1.2, 2.3, "m", 1.72),
        age=t.number("age", 16.0, 100.0, 40.0),
        sex=t.word("sex", ("female", "male", "unstated"), "unstated"),
        grades=_grades(t),
    )


def _specimen(t: Table) -> Specimen:
    t.only("kind", "level", "disc_grade", "age", "sex", "stature")
    return Specimen(
        kind=t.word("kind", KINDS),
        level=t.word("level", SHOWN, "L4-L5"),
        stature=_amount(t, "stature", "length", 1.2, 2.3, "m", 1.72),
        age=t.number("age", 16.0, 100.0, 50.0),
        sex=t.word("sex", ("female", "male", "unstated"), "unstated"),
        grades=_grades(t),
    )


def _grades(t: Table) -> tuple[float | None, ...]:
    """One grade for all, or a table of some."""
    if "disc_grade" not in t:
        return (None,) * len(DISCS)
    if not isinstance(t.data["disc_grade"], dict):
        return (t.number("disc_grade", 1.0, 5.0),) * len(DISCS)
    some = t.table("disc_grade")
    some.only(*DISCS)
    return tuple(some.number(disc, 1.0, 5.0) if disc in some else None for disc in DISCS)


def _stage(t: Table, who: Somebody | Specimen, profile: Profile) -> Stage:
    t.only("posture", "duration", "traction", "axial_force", "moment")
    posture = t.word("posture", POSTURES, None if isinstance(who, Somebody) else "unloaded")
    if isinstance(who, Specimen) and posture != "unloaded":
        raise t.refuse("posture", posture, "unloaded, for a specimen has no weight of its own")
    duration = _amount(t, "duration", "time", 1.0, LONGEST, "s")
    moment, direction = _moment(t)
    return Stage(
        posture=posture,
        duration=duration,
        traction=_traction(t, who, posture, profile) if "traction" in t else None,
        axial_force=_force(t, "axial_force", who, -STRONGEST, STRONGEST) if "axial_force" in t else 0.0,
        moment=moment,
        direction=direction,
    )


def _traction(t: Table, who: Somebody | Specimen, posture: str, profile: Profile) -> Traction:
    if isinstance(who, Specimen):
        raise t.refuse("traction", State("given to a specimen"), "axial_force, for a specimen wears no harness")
    if posture not in LYING:
        raise t.refuse("traction", State(f"given while {posture}"), "a pull while " + ", ".join(LYING))
    pull = t.table("traction")
    pull.only("force", "profile", "couch", "angle")
    shape = pull.text("profile", "static")
    plan = None if shape == "static" else _profile(pull, shape, who, profile)
    couch = pull.word("couch", (SPLIT, PLAIN), SPLIT if plan is None else plan.couch)
    angle = _amount(pull, "angle", "angle", -0.8, 0.8, "rad", 0.0 if plan is None else plan.angle)
    if plan is None:
        return Traction(_force(pull, "force", who, 0.0, 1000.0), couch, angle)
    if (plan.position == "prone") != (posture == "prone"):
        raise t.refuse("posture", posture, f"as the prescription of the pull has it, {plan.position}")
    forces = plan.forces
    if "force" in pull:
        forces = forces * (_force(pull, "force", who, 0.0, 1000.0) / max(float(forces.max()), 1e-9))
    return Traction(float(forces.max()), couch, angle, plan.times, forces)


def _profile(t: Table, shape: str, who: Somebody, profile: Profile) -> Prescribed:
    """A prescription beside the scenario's file, or where it says."""
    try:
        return profile(shape, who)
    except BadInput as refusal:
        raise refusal.within(t.place("profile")) from None


def _moment(t: Table) -> tuple[float, str]:
    if "moment" not in t:
        return 0.0, DIRECTIONS[0]
    m = t.table("moment")
    m.only("value", "direction")
    return _amount(m, "value", "moment", -40.0, 40.0, "N m"), m.word("direction", DIRECTIONS)


def _force(t: Table, key: str, who: Somebody | Specimen, low: float, high: float) -> float:
    """A force, of body weight too where there is a body."""
    written = parse_force(t.need(key, '"300 N"'), t.place(key))
    if written.needs_mass and isinstance(who, Specimen):
        raise t.refuse(key, written.text, "a force in N, kN, lb, kgf or daN, for a specimen has no body weight")
    force = written.newtons(who.mass if isinstance(who, Somebody) else 70.0)
    if not low <= force <= high:
        raise t.refuse(key, written.text, f"a force from {low:g} N to {high:g} N; this is {force:.0f} N")
    return force


def _amount(t: Table, key: str, kind: str, low: float, high: float, unit: str, default: float | None = None) -> float:
    if key not in t and default is not None:
        return default
    value = parse_quantity(t.need(key, f'"{display(low, kind, unit, 0)}"'), kind, t.place(key))
    if not low <= value <= high:
        raise t.refuse(key, t.data[key], f"{low:g} to {high:g} {unit}")
    return value
