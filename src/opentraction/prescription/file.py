"""A prescription file: TOML a clinician can read, checked field by field before any patient is in sight."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from opentraction.prescription import release
from opentraction.prescription.amount import Amount, parse_amount
from opentraction.prescription.check import COUCHES, MODES, POSITIONS, PRETENSION_RATE, REGIONS
from opentraction.prescription.parts import (
    read_change,
    read_course,
    read_oscillation,
    read_ramp,
    read_second_hold,
    read_steps,
    read_written,
)
from opentraction.prescription.recipe import FALL_SHAPES, RAMP_SHAPES, Prescription, Pretension
from opentraction.quantities import BadInput, State
from opentraction.quantities.toml_file import Table, parse_toml, read_text

_TOP = ("name", "source", "notes", "region", "position", "posture", "couch", "angle")
_TABLES = ("session", "pretension", "forces", "rise", "hold", "second_hold", "fall", "rest", "release")
_EXTRAS = ("oscillation", "steps", "change", "cycle", "course")


def read_prescription(path: str | Path) -> Prescription:
    """The prescription in a TOML file. Raises BadInput, naming file, field, value and what is allowed."""
    return parse_prescription(read_text(path), str(path))


def parse_prescription(text: str, source: str = "prescription") -> Prescription:
    """The prescription in a TOML text. Raises BadInput."""
    return prescription_from(parse_toml(text, source))


def prescription_from(top: Table) -> Prescription:
    """The prescription in a table, from a file or a form. Raises BadInput."""
    try:
        recipe = _prescription(top)
        _agree(recipe, top)
    except BadInput as refusal:
        raise refusal.within(top.source) from None
    return recipe


def _prescription(top: Table) -> Prescription:
    top.only(*_TOP, *_TABLES, *_EXTRAS)
    session, forces = top.table("session"), top.table("forces")
    session.only("mode", "length", "cycles")
    forces.only("high", "low")
    mode = session.word("mode", MODES)
    return Prescription(
        name=_name(top),
        source=top.text("source", "", longest=600),
        notes=top.text("notes", "", longest=2000, lines=True),
        file=top.source,
        region=top.word("region", REGIONS),
        position=top.word("position", POSITIONS),
        posture=top.text("posture", "", longest=200),
        couch=top.word("couch", COUCHES),
        mode=mode,
        angle=top.amount("angle", "angle", "0 deg"),
        length=session.amount("length", "session_time") if "length" in session else None,
        cycles=session.count("cycles", 1, 1200) if "cycles" in session else None,
        pretension=_pretension(top.table("pretension")),
        high=parse_amount(forces.need("high", '"75 lb"'), forces.place("high"), shares=False),
        low=_low(forces),
        rise=read_ramp(top.table("rise"), RAMP_SHAPES),
        rise_limit=top.table("rise").amount("limit", "force_rate", "60 N/s"),
        fall=read_ramp(top.table("fall"), FALL_SHAPES),
        hold=_time(top.table("hold"), "hold_time"),
        rest=_time(top.table("rest"), "rest_time") or 0.0,
        **_release(top.table("release")),
        second_hold=read_second_hold(top.table("second_hold")),
        oscillation=read_oscillation(top.table("oscillation")),
        steps=read_steps(top.table("steps")),
        change=read_change(top.table("change")),
        written=read_written(top.tables("cycle")),
        course=read_course(top.table("course")),
    )


def _name(top: Table) -> str:
    name = top.text("name", longest=80)
    if not name:
        raise top.refuse("name", name, "a name of 1 to 80 characters")
    return name


def _low(forces: Table) -> Amount | None:
    return parse_amount(forces.data["low"], forces.place("low")) if "low" in forces else None


def _pretension(table: Table) -> Pretension:
    table.only("force", "rate", "hold")
    rate = table.amount("rate", "force_rate", "5 N/s")
    if rate > PRETENSION_RATE:
        raise table.refuse("rate", table.data["rate"], f"a pretension that rises by at most {PRETENSION_RATE:.0f} N/s")
    return Pretension(table.amount("force", "pretension", "25 N"), rate, table.amount("hold", "rest_time", "10 s"))


def _time(table: Table, name: str) -> float | None:
    table.only("time")
    return table.amount("time", name) if "time" in table else None


def _release(table: Table) -> dict[str, Any]:
    table.only("shape", "rate")
    rate = table.amount("rate", "release_rate", "40 N/s")
    return {"release_rate": rate, "release_shape": table.word("shape", release.NAMES, "linear")}


def _agree(recipe: Prescription, top: Table) -> None:
    """The parts belong together: each mode asks for its own and refuses the others'."""
    session = top.table("session")
    static, stepwise = recipe.mode == "static", recipe.mode in {"progressive", "regressive"}
    if static and (recipe.cycles not in {None, 1} or recipe.rest > 0.0):
        raise session.refuse(
            "mode", State("static, with cycles or rest"), "static with one cycle and no rest, or intermittent"
        )
    if recipe.mode == "cyclic" and recipe.rest > 0.0:
        raise top.refuse("rest.time", top.table("rest").data["time"], "no rest in cyclic mode; use intermittent")
    if recipe.mode == "intermittent" and recipe.rest < 1.0 and not recipe.written:
        raise top.refuse("rest.time", State("missing or below 1 s"), "a rest of at least 1 s; use cyclic for none")
    if recipe.hold is None and not static:
        raise top.refuse("hold.time", State("missing"), "a hold time; only static traction may leave it out")
    _one_list(recipe, top, stepwise)
    _rests(recipe, top)
    _neck(recipe, top)
    counted = recipe.written or (recipe.hold is not None and (static or recipe.cycles is not None))
    if recipe.length is None and not counted:
        raise session.refuse("length", State("missing"), 'a length such as "30 min", or a count of cycles')


def _one_list(recipe: Prescription, top: Table, stepwise: bool) -> None:
    """Cycles come from one place: a count, steps, a change, or a list written by hand."""
    if stepwise != (recipe.steps is not None):
        raise top.refuse(
            "steps",
            State("missing" if stepwise else "given"),
            "[steps] with progressive or regressive, and only there",
        )
    if recipe.steps is not None and recipe.low is not None:
        raise top.refuse("forces.low", recipe.low.text, "no low force beside [steps]; use steps.fall_to")
    if recipe.steps is not None and recipe.cycles is not None and recipe.cycles < recipe.steps.count:
        raise top.refuse("session.cycles", recipe.cycles, f"at least the {recipe.steps.count} steps")
    varied = recipe.change is not None or bool(recipe.written)
    if varied and recipe.mode not in {"intermittent", "cyclic"}:
        raise top.refuse(
            "change" if recipe.change else "cycle",
            State("given"),
            "changing cycles in intermittent or cyclic mode only",
        )
    if recipe.written and (recipe.cycles is not None or recipe.change is not None):
        both = State("given beside a count or a change")
        raise top.refuse("cycle", both, "either [[cycle]] or session.cycles and [change]")


def _rests(recipe: Prescription, top: Table) -> None:
    """Cyclic traction has no rest; intermittent traction has one in each cycle."""
    rests = [recipe.rest if item.rest is None else item.rest for item in recipe.written]
    if recipe.mode == "cyclic" and any(rests):
        raise top.refuse("cycle", State("with a rest"), "no rest in cyclic mode")
    if recipe.mode == "intermittent" and rests and min(rests) < 1.0:
        rule = "a rest of at least 1 s in each cycle; use cyclic for none"
        raise top.refuse("cycle", State("without a rest of 1 s"), rule)
    if recipe.change is not None and recipe.mode == "cyclic" and recipe.change.rest is not None:
        raise top.refuse("change.rest", recipe.change.rest, "no rest in cyclic mode")


def _neck(recipe: Prescription, top: Table) -> None:
    """The neck is pulled supine and without oscillation."""
    if recipe.region != "cervical":
        return
    if recipe.oscillation is not None:
        raise top.refuse("oscillation", State("given"), "oscillation in lumbar prescriptions only")
    if recipe.position == "prone":
        raise top.refuse("position", "prone", "supine for the neck")
