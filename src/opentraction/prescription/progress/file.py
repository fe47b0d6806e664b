"""A course file: TOML with the patient, the template, and how each session went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from opentraction.patient import Patient, read_patient
from opentraction.prescription.check import REGIONS
from opentraction.prescription.progress.course import Course
from opentraction.prescription.progress.history import (
    DECISIONS,
    FELT,
    VERDICTS,
    Check,
    History,
    Pain,
    Review,
    Scores,
    Screened,
    SessionDone,
)
from opentraction.prescription.progress.templates import Template, own_template, templates
from opentraction.prescription.progress.visits import WEEKDAYS, Clinic
from opentraction.quantities import BadInput, parse_force, parse_quantity
from opentraction.quantities.toml_file import Table, parse_toml, read_text
from opentraction.quantities.units import FACTORS
from opentraction.quantities.vocabulary import ENDINGS

_COURSE = (
    "patient", "region", "template", "weeks", "start", "length", "device_max", "plan_ceiling", "clinician_cap",
    "above_planned", "watch_pressure", "justification", "maintenance_from", "unit", "onset",
    "imaging_fits", "asks_surgeon",
)  # fmt: skip
_TABLES = ("clinic", "screening", "consent", "baseline", "score", "session", "review", "today")
_SESSION = (
    "day", "force", "length", "treated", "ending", "before", "after", "felt", "comfort", "soreness_hours",
    "peripheralised", "new_distal", "dizzy", "systolic_before", "systolic_after", "stop_reason", "table_released",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CourseFile:
    """What a course file holds; `today` is the day of its [today] table, None without one."""

    course: Course
    history: History
    clinic: Clinic
    today: date | None


def read_course(path: str | Path) -> CourseFile:
    """The course in a TOML file; its patient file is looked for beside it. Raises BadInput."""
    top = parse_toml(read_text(path), str(path))
    named = top.text("patient", longest=400)
    return course_from(top, read_patient(Path(path).parent / named))


def parse_course(text: str, patient: Patient, source: str = "course") -> CourseFile:
    """The course in a TOML text, for a patient who is known already. Raises BadInput."""
    return course_from(parse_toml(text, source), patient)


def course_from(top: Table, patient: Patient) -> CourseFile:
    """The course in a table, from a file or a form. Raises BadInput."""
    try:
        top.only(*_COURSE, *_TABLES)
        today = top.table("today")
        history = _history(top)
        return CourseFile(
            _course(top, patient), history, _clinic(top.table("clinic")), today.day("day") if today else None
        )
    except BadInput as refusal:
        raise refusal.within(top.source) from None


def _course(top: Table, patient: Patient) -> Course:
    return Course(
        patient=patient,
        region=top.word("region", REGIONS),
        template=_template(top),
        start=top.day("start"),
        length=top.amount("length", "session_time", "15 min" if top.data["region"] == "cervical" else "28 min"),
        device_max=_force(top, "device_max", patient),
        plan_ceiling=_force(top, "plan_ceiling", patient),
        clinician_cap=_force(top, "clinician_cap", patient),
        above_planned=top.flag("above_planned"),
        watch_pressure=top.flag("watch_pressure"),
        justification=top.text("justification", "", longest=1000),
        maintenance_from=_day(top, "maintenance_from"),
        unit=top.word("unit", tuple(FACTORS["force"]), "lb"),
    )


def _template(top: Table) -> Template:
    if ("weeks" in top) == ("template" in top):
        raise top.refuse(
            "template", top.data.get("template", "nothing"), 'template = "A", "B" or "C", or weeks = [3, 2, 1]'
        )
    if "template" in top:
        return templates()[top.word("template", tuple(templates()))]
    weeks = top.data["weeks"]
    if not isinstance(weeks, list):
        raise top.refuse("weeks", weeks, "a list of sessions a week, such as [3, 2, 1]")
    return own_template(tuple(weeks))


def _force(table: Table, key: str, patient: Patient) -> float | None:
    return parse_force(table.data[key], table.place(key)).newtons(patient.body.mass) if key in table else None


def _day(table: Table, key: str) -> date | None:
    return table.day(key) if key in table else None


def _clinic(table: Table) -> Clinic:
    table.only("days", "holidays")
    names = table.texts("days", longest=3) or WEEKDAYS[:5]
    for name in names:
        if name not in WEEKDAYS:
            raise table.refuse("days", name, "days such as " + ", ".join(WEEKDAYS))
    holidays = table.data.get("holidays", [])
    if not isinstance(holidays, list) or len(holidays) > 400:
        raise table.refuse("holidays", holidays, "a list of days, such as [2026-12-25]")
    closed = [Table({"day": one}, table.place("holidays"), table.source).day("day") for one in holidays]
    return Clinic(frozenset(WEEKDAYS.index(name) for name in names), frozenset(closed))


def _history(top: Table) -> History:
    consent, screening, today = top.table("consent"), top.table("screening"), top.table("today")
    consent.only("day")
    return History(
        sessions=tuple(_session(one) for one in top.tables("session")),
        baseline=_scores(top.table("baseline")) if "baseline" in top else None,
        scores=tuple(_scores(one) for one in top.tables("score")),
        screened=_screened(screening) if screening else None,
        consented=consent.day("day") if consent else None,
        check=_check(today) if today else None,
        reviews=tuple(_review(one) for one in top.tables("review")),
        onset=_day(top, "onset"),
        imaging_fits=_answer(top, "imaging_fits"),
        asks_surgeon=top.flag("asks_surgeon"),
    )


def _session(table: Table) -> SessionDone:
    table.only(*_SESSION)
    return SessionDone(
        day=table.day("day"),
        force=parse_quantity(table.data["force"], "force", table.place("force")) if "force" in table else None,
        length=_time(table, "length"),
        treated=_time(table, "treated"),
        ending=table.word("ending", ENDINGS) if "ending" in table else None,
        before=_pain(table.table("before")),
        after=_pain(table.table("after")),
        felt=table.word("felt", FELT) if "felt" in table else None,
        comfort=_count(table, "comfort", 10),
        soreness_hours=table.number("soreness_hours", 0.0, 1000.0) if "soreness_hours" in table else None,
        peripheralised=_answer(table, "peripheralised"),
        new_distal=_answer(table, "new_distal"),
        dizzy=_answer(table, "dizzy"),
        systolic_before=_count(table, "systolic_before", 300),
        systolic_after=_count(table, "systolic_after", 300),
        stop_reason=table.text("stop_reason", ""),
        table_released=_answer(table, "table_released"),
    )


def _check(table: Table) -> Check:
    table.only(
        "day", "pain", "red_flags", "strength_drop", "weakest_muscle", "new_distal", "systolic", "diastolic", "says",
    )  # fmt: skip
    return Check(
        day=table.day("day"),
        pain=_pain(table.table("pain")),
        red_flags=table.texts("red_flags", longest=10) if "red_flags" in table else None,
        strength_drop=_count(table, "strength_drop", 5),
        weakest_muscle=_count(table, "weakest_muscle", 5),
        new_distal=_answer(table, "new_distal"),
        systolic=_count(table, "systolic", 300),
        diastolic=_count(table, "diastolic", 250),
        says=table.word("says", VERDICTS) if "says" in table else None,
    )


def _scores(table: Table) -> Scores:
    table.only("day", "pain", "rmdq", "odi", "ndi")
    odi, ndi = (table.number(key, 0.0, 100.0) if key in table else None for key in ("odi", "ndi"))
    return Scores(
        day=table.day("day"), pain=_pain(table.table("pain")), rmdq=_count(table, "rmdq", 24), odi=odi, ndi=ndi
    )


def _screened(table: Table) -> Screened:
    table.only("day", "verdict", "limits", "rules", "valid_until")
    return Screened(
        day=table.day("day"),
        verdict=table.word("verdict", VERDICTS),
        limits=table.texts("limits", longest=40),
        rules=table.texts("rules", longest=10),
        valid_until=_day(table, "valid_until"),
    )


def _review(table: Table) -> Review:
    table.only("day", "after", "decision", "why")
    return Review(
        day=table.day("day"),
        after=table.count("after", 0, 100),
        decision=table.word("decision", DECISIONS),
        why=table.text("why", "", longest=1000),
    )


def _pain(table: Table) -> Pain:
    table.only("spine", "limb")
    return Pain(_count(table, "spine", 10), _count(table, "limb", 10))


def _count(table: Table, key: str, most: int) -> int | None:
    return table.count(key, 0, most) if key in table else None


def _time(table: Table, key: str) -> float | None:
    return parse_quantity(table.data[key], "time", table.place(key)) if key in table else None


def _answer(table: Table, key: str) -> bool | None:
    """Yes, no, or None where the key is left out: not asked."""
    return table.flag(key) if key in table else None
