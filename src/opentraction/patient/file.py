"""A patient file: TOML with a pseudonym, a body, a complaint and a ceiling. It never holds a name."""

from __future__ import annotations

from pathlib import Path

from opentraction.patient.patient import REGIONS, SEXES, Body, Complaint, Patient, check_bmi, check_ceiling
from opentraction.quantities import BadInput, quantity
from opentraction.quantities.expressions import parse_force
from opentraction.quantities.toml_file import Table, parse_toml, read_text


def read_patient(path: str | Path) -> Patient:
    """The patient in a TOML file. Raises BadInput, naming file, field, value and what is allowed."""
    return parse_patient(read_text(path), str(path))


def parse_patient(text: str, source: str = "patient") -> Patient:
    """The patient in a TOML text. Raises BadInput."""
    top = parse_toml(text, source)
    try:
        return _patient(top)
    except BadInput as refusal:
        raise refusal.within(source) from None


def _patient(top: Table) -> Patient:
    top.only("patient", "body", "complaint", "limits")
    who = top.table("patient")
    who.only("pseudonym")
    body = _body(top.table("body"))
    return Patient(
        pseudonym=who.text("pseudonym", longest=40),
        body=body,
        complaint=_complaint(top.table("complaint")),
        ceiling=_ceiling(top.table("limits"), body),
    )


def _body(table: Table) -> Body:
    table.only("mass", "mass_confirmed", "stature", "age", "sex", "disc_grade")
    mass, stature = table.amount("mass", "body_mass"), table.amount("stature", "stature")
    check_bmi(mass, stature, table.flag("mass_confirmed"))
    return Body(
        mass=mass,
        stature=stature,
        age=_age(table),
        sex=table.word("sex", SEXES, "unstated"),
        disc_grade=table.count("disc_grade", 1, 5) if "disc_grade" in table else None,
    )


def _age(table: Table) -> float:
    given = table.need("age", '"54 y"')
    bounds = quantity("age").bounds
    number = given
    if isinstance(given, str) and given.split()[-1:] in (["y"], ["years"]) and given.split()[0].isdecimal():
        number = int(given.split()[0]) if len(given.split()) == 2 and len(given) < 20 else None
    if isinstance(number, bool) or not isinstance(number, int) or not bounds.low <= number <= bounds.high:
        raise table.refuse("age", given, f'whole years from {bounds.low:.0f} to {bounds.high:.0f}, such as "54 y"')
    return float(number)


def _complaint(table: Table) -> Complaint:
    table.only("region", "levels", "kind")
    levels = table.data.get("levels", [])
    if not isinstance(levels, list) or not all(isinstance(level, str) for level in levels) or len(levels) > 12:
        raise table.refuse("levels", levels, 'a list of levels, such as ["L4-L5", "L5-S1"]')
    return Complaint(table.word("region", REGIONS, "unstated"), tuple(levels), table.text("kind", ""))


def _ceiling(table: Table, body: Body) -> float | None:
    """The clinician's ceiling [N], or None for the default."""
    table.only("ceiling")
    if "ceiling" not in table:
        return None
    force = parse_force(table.data["ceiling"], table.place("ceiling"))
    newtons = force.newtons(body.mass)
    check_ceiling(newtons, body, force.text)
    return newtons
