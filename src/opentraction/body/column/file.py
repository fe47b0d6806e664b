"""A scenario as people write it: who, then stages one after the other, in TOML."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.column.anatomy import DISCS, SHOWN
from opentraction.body.column.scenario import (
    AGES,
    DIRECTIONS,
    GRADES,
    HARDEST,
    KINDS,
    LONGEST,
    LYING,
    MASSES,
    PLAIN,
    POSTURES,
    SEXES,
    SHORTEST,
    SPLIT,
    STATURES,
    STEEPEST,
    STRONGEST,
    TWISTED,
    Scenario,
    Somebody,
    Specimen,
    Stage,
    Traction,
    spell,
)
from opentraction.quantities import BadInput, State, parse_force, parse_quantity
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


def read_scenario(path: Path, profile: Profile) -> Scenario:
    """The scenario of a file. Raises BadInput, naming the field."""
    table = parse_toml(read_text(path), str(path))
    try:
        return scenario_of(table, profile)
    except BadInput as refusal:
        raise refusal.within(str(path)) from None


def scenario_of(table: Table, profile: Profile, counted: str = "stage") -> Scenario:
    """The scenario of a table; a refusal calls its stages `counted`. Raises BadInput."""
    table.only("person", "specimen", "stage")
    if ("person" in table) == ("specimen" in table):
        raise table.refuse(
            "person",
            State("missing" if "person" not in table else "given beside [specimen]"),
            "one of [person] and [specimen]",
        )
    who = _person(table.table("person")) if "person" in table else _specimen(table.table("specimen"))
    stages = table.counted("stage", counted)
    made = tuple(_stage(one, who, profile) for one in stages)
    try:
        return Scenario(who, made)
    except BadInput as refusal:  # in a file they are called by their tables
        raise table.refuse("stage", refusal.value, f"{refusal.allowed}, each written [[stage]]") from None


def _person(t: Table) -> Somebody:
    t.only("mass", "stature", "age", "sex", "disc_grade")
    return Somebody(
        mass=_amount(t, "mass", "mass", MASSES, "75 kg", "30 kg to 250 kg"),
        stature=_stature(t),
        age=t.number("age", *AGES, 40.0),
        sex=t.word("sex", SEXES, "unstated"),
        grades=_grades(t, DISCS),
    )


def _specimen(t: Table) -> Specimen:
    t.only("kind", "level", "disc_grade", "age", "sex", "stature")
    kind, level = t.word("kind", KINDS), t.word("level", SHOWN, "L4-L5")
    if kind == KINDS[0] and "level" in t:
        raise t.refuse("level", State(f"given for a {kind}"), "level with a segment or a disc; a column has all")
    return Specimen(
        kind=kind,
        level=level,
        stature=_stature(t),
        age=t.number("age", *AGES, 50.0),
        sex=t.word("sex", SEXES, "unstated"),
        grades=_grades(t, DISCS if kind == KINDS[0] else (level,)),
    )


def _stature(t: Table) -> float:
    return _amount(t, "stature", "length", STATURES, "1.76 m", "1.2 m to 2.3 m", 1.72)


def _grades(t: Table, there: Collection[str]) -> tuple[float | None, ...]:
    """One grade for all, or a table of some of those that are `there`."""
    if "disc_grade" not in t:
        return (None,) * len(DISCS)
    if not isinstance(t.data["disc_grade"], dict):
        return (t.number("disc_grade", *GRADES),) * len(DISCS)
    some = t.table("disc_grade")
    some.only(*there)
    return tuple(some.number(disc, *GRADES) if disc in some else None for disc in DISCS)


def _stage(t: Table, who: Somebody | Specimen, profile: Profile) -> Stage:
    t.only("posture", "duration", "traction", "axial_force", "moment")
    posture = t.word("posture", POSTURES, None if isinstance(who, Somebody) else "unloaded")
    if isinstance(who, Specimen) and posture != "unloaded":
        raise t.refuse("posture", posture, "unloaded, for a specimen has no weight of its own")
    duration = _amount(t, "duration", "time", (SHORTEST, LONGEST), "30 min", f"{spell(SHORTEST)} to {spell(LONGEST)}")
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
    if not shape:
        raise pull.refuse("profile", shape, "static, a shipped protocol, or a prescription file beside the scenario")
    plan = None if shape == "static" else _profile(pull, shape, who, profile)
    couch = pull.word("couch", (SPLIT, PLAIN), SPLIT if plan is None else plan.couch)
    usual = 0.0 if plan is None else plan.angle
    angle = _amount(pull, "angle", "angle", (-STEEPEST, STEEPEST), "0 deg", _ANGLES, usual)
    if plan is None:
        return Traction(_force(pull, "force", who, 0.0, HARDEST), couch, angle)
    if (plan.position == "prone") != (posture == "prone"):
        raise t.refuse("posture", posture, f"as the prescription of the pull has it, {plan.position}")
    forces = plan.forces
    if "force" in pull:
        forces = forces * (_force(pull, "force", who, 0.0, HARDEST) / max(float(forces.max()), 1e-9))
    try:
        return Traction(float(forces.max()), couch, angle, plan.times, forces)
    except BadInput as refusal:  # a prescription pulls harder than is played
        raise pull.refuse("profile", shape, f"a prescription whose {refusal.where} is {refusal.allowed}") from None


_ANGLES = f"-{math.degrees(STEEPEST):.1f} deg to {math.degrees(STEEPEST):.1f} deg (-{STEEPEST} to {STEEPEST} rad)"


def _profile(t: Table, shape: str, who: Somebody, profile: Profile) -> Prescribed:
    """A prescription beside the scenario's file, or where it says; what is wrong in it is said with its file."""
    try:
        return profile(shape, who)
    except BadInput as refusal:
        where = ": ".join(one for one in (t.place("profile"), refusal.source, refusal.where) if one)
        where = where.removesuffix(": profile")
        raise BadInput(where, refusal.value, refusal.allowed, t.source) from None


def _moment(t: Table) -> tuple[float, str]:
    if "moment" not in t:
        return 0.0, DIRECTIONS[0]
    m = t.table("moment")
    m.only("value", "direction")
    value = _amount(m, "value", "moment", (-TWISTED, TWISTED), "5 N m", "-40 N m to 40 N m")
    return value, m.word("direction", DIRECTIONS)


def _force(t: Table, key: str, who: Somebody | Specimen, low: float, high: float) -> float:
    """A force, of body weight too where there is a body."""
    raw = t.need(key, '"300 N"')
    try:
        written = parse_force(raw, t.place(key))
    except BadInput as refusal:  # its own limit is that of a pull
        raise t.refuse(key, raw, refusal.allowed.replace("at most 1000 N", f"{low:g} N to {high:g} N")) from None
    if written.needs_mass and isinstance(who, Specimen):
        raise t.refuse(key, written.text, "a force in N, kN, lb, kgf or daN, for a specimen has no body weight")
    force = written.newtons(who.mass if isinstance(who, Somebody) else 70.0)
    if not low <= force <= high:
        raise t.refuse(key, written.text, f"a force from {low:g} N to {high:g} N; this is {force:.0f} N")
    return force


def _amount(
    t: Table, key: str, kind: str, bounds: tuple[float, float], example: str, allowed: str, default: float | None = None
) -> float:
    """An amount within `bounds` in SI, which people read as `allowed`."""
    if key not in t and default is not None:
        return default
    value = parse_quantity(t.need(key, f'"{example}"'), kind, t.place(key))
    if not bounds[0] <= value <= bounds[1]:
        raise t.refuse(key, t.data[key], allowed)
    return value
