"""What a report says, as plain data: the page in `report.typ` only lays it out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from opentraction import DISCLAIMER
from opentraction.prescription.change import minutes
from opentraction.prescription.segments import highest
from opentraction.prescription.waveform import START
from opentraction.prescription.words import clock as spoken_time
from opentraction.prescription.words import spoken
from opentraction.quantities import display
from opentraction.session import accuracy
from opentraction.session.chart import force_unit, session_chart
from opentraction.session.documents import at_the_neck, plan_pulled
from opentraction.session.event_list import clock, event_list
from opentraction.session.metrics import summarise
from opentraction.session.reader import Recording
from opentraction.session.recorder import EDF

CHART_HEIGHTS: Final = (370, 310, 250)
"""Of a width of 1000; the page takes the tallest with which everything fits on it."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whom the report names; comes from the caller and is never in the recording."""

    name: str = ""
    birth_date: str = ""
    clinic: str = ""
    clinician: str = ""


def report_data(recording: Recording, who: Who | None = None, letter: bool = False, unit: str = "") -> dict[str, Any]:
    """Everything `report.typ` prints, as strict JSON values; forces in `unit` first, accuracy always in newtons.

    Without `unit` it is the one the prescription was written in, N where the recording does not tell. Raises BadInput
    for a unit that is none of force.
    """
    unit = unit or recording.start.get("written_in") or "N"
    force_unit(unit)
    summary = figures(recording)
    plan, pulled = recording.start["plan"], plan_pulled(recording.documents)
    names = who or Who()
    began = datetime.fromisoformat(recording.start["started_utc"])
    named = names.name or str(recording.start["patient"].get("pseudonym") or "")
    return {
        "paper": "us-letter" if letter else "a4",
        "title": "Session report",
        "running": f"Session report, {named}, {began:%-d %B %Y}",
        "date": [began.year, began.month, began.day],
        "clinic": names.clinic,
        "clinician": names.clinician or str(recording.start["operator"]),
        "who": _who(recording.start["patient"], names),
        "session": _session(recording, summary),
        "ending": recording.ending,
        "cause": _cause(recording),
        "position": _position(plan),
        "plan_head": PLAN_HEAD,
        "plans": _plans(recording, unit),
        "charts": [
            session_chart(recording.rows, recording.documents, (1000, height), theme="print", unit=unit)
            for height in CHART_HEIGHTS
        ],
        "accuracy": [line._asdict() for line in accuracy.lines(summary, pulled.get("total_time"))],
        "delivered": _delivered(summary, pulled, unit),
        "events": event_list(recording.events, unit),
        "remarks": recording.remarks,
        "hashes": _hashes(recording),
        "disclaimer": DISCLAIMER,
    }


def figures(recording: Recording) -> dict[str, Any]:
    """The summary the session told at its end, or what the recording gives where it told none."""
    told = recording.stop["summary"] if recording.stop else {}
    fresh = summarise(recording.rows, recording.documents)
    kept = {name: value for name, value in told.items() if name in fresh}
    cause = str(recording.stop["cause"]) if recording.stop else None
    return {"ending": recording.ending, "cause": cause, **fresh, **kept}


_SAID_ALREADY: Final = {"treatment finished", "stop on the console"}
"""Causes that say no more than their endings, completed and console stop."""


def _cause(recording: Recording) -> str:
    """Why it ended, unless the ending already says so."""
    cause = str(recording.stop["cause"]) if recording.stop else "the recording was not closed"
    return "" if cause in {recording.ending, *_SAID_ALREADY} else cause


def _both(newtons: float | None, unit: str) -> str:
    """The unit asked for and newtons; newtons and pounds where that is newtons: a mistake would matter."""
    if newtons is None:
        return "–"
    if unit != "N":
        return spoken(newtons, unit)
    return f"{display(newtons, 'force', 'N', 0)} ({display(newtons, 'force', 'lb', 0)})"


def _who(patient: Mapping[str, Any], names: Who) -> list[list[str]]:
    lines = [["Patient", names.name or str(patient.get("pseudonym") or "–")]]
    if names.name:
        lines.append(["Record", str(patient.get("pseudonym") or "–")])
    if names.birth_date:
        lines.append(["Born", names.birth_date])
    body = [
        f"{patient['age']:.0f}\u00a0y" if isinstance(patient.get("age"), int | float) else "",
        f"{patient['mass_kg']:.1f}\u00a0kg" if isinstance(patient.get("mass_kg"), int | float) else "",
        f"{100 * patient['stature_m']:.0f}\u00a0cm" if isinstance(patient.get("stature_m"), int | float) else "",
    ]
    return [*lines, ["Body", ", ".join(part for part in body if part) or "–"]]


def _session(recording: Recording, summary: Mapping[str, Any]) -> list[list[str]]:
    start = recording.start
    began = datetime.fromisoformat(start["started_utc"])
    return [
        ["Started", f"{began:%-d %b %Y, %H:%M} UTC"],
        ["Recorded", spoken_time(summary["duration_s"])],
        ["Table", _table(start["table"])],
        ["Operator", str(start["operator"])],
    ]


def _position(plan: Mapping[str, Any]) -> list[list[str]]:
    """How the patient lies; no change of prescription touches it."""
    place = [plan.get("region"), plan.get("position")]
    lines = [
        ["Region", ", ".join(str(word) for word in place if word) or "–"],
        ["Posture", str(plan.get("posture") or "–").rstrip(".")],
        ["Couch", str(plan.get("couch") or "–")],
        ["Pull angle", _degrees(plan.get("angle"))],
    ]
    return [line for line in lines if line[1] != "–"]


PLAN_HEAD: Final = ["From", "Protocol", "Highest force", "Between pulls", "Ceiling", "Pulls", "Time"]


def _plans(recording: Recording, unit: str) -> list[list[str]]:
    """What was prescribed, a row for the start and for each change that was pulled; columns as in `PLAN_HEAD`.

    Pulls and time are those of the whole session as it was prescribed from then on.
    """
    plans = {doc["data"]["plan_sha256"]: doc["data"]["plan"] for doc in recording.events if "plan" in doc["data"]}
    rows = [_plan_row("start", recording.start["plan"], recording.start["plan"].get("peak"), unit)]
    for doc in recording.changes:
        plan, at = plans.get(doc["data"]["plan_sha256"], {}), float(doc["data"]["at_s"])
        rows.append(_plan_row(minutes(at), plan, _peak_from(plan, at), unit))
    return rows


def _plan_row(begins: str, plan: Mapping[str, Any], peak: float | None, unit: str) -> list[str]:
    return [
        begins,
        str(plan.get("name") or "–"),
        _both(peak, unit),
        _both(plan.get("base"), unit),
        _both(plan.get("ceiling"), unit),
        str(plan.get("cycles") or "–"),
        spoken_time(plan["total_time"]) if plan.get("total_time") else "–",
    ]


def _peak_from(plan: Mapping[str, Any], at: float) -> float | None:
    """Highest force of a plan from a treatment time on [N]."""
    return max((highest(row) for row in plan.get("rows", ()) if row[START] >= at - 1e-9), default=None)


def _degrees(angle: float | None) -> str:
    return "–" if angle is None else display(angle, "angle", "deg", 0).replace(" deg", "°")


def _delivered(summary: Mapping[str, Any], plan: Mapping[str, Any], unit: str) -> list[list[str]]:
    spine = summary["spine_force_n"]
    modelled = "not modelled for a pull at the neck" if at_the_neck(plan) else "–"
    if spine["estimate"] is not None:
        modelled = f"{_both(spine['estimate'], unit)}, 90 % band {spine['low']:.0f}–{spine['high']:.0f} N"
    comfort = [f"{said.get('score', said['text'])} at {clock(said['t'])}" for said in summary["comfort"]]
    cycles = f"{summary['cycles_done']}" + (f" of {plan['cycles']}" if plan.get("cycles") else "")
    return [
        ["Pulls finished", cycles],
        ["Highest force", _both(summary["peak_force_n"], unit)],
        ["Dose", f"{summary['impulse_n_s'] / 1000:.1f} kN s"],
        ["Spine force in hold, modelled", modelled],
        ["Comfort (0 worst, 10 best)", ", ".join(comfort) or "–"],
    ]


def _hashes(recording: Recording) -> list[list[str]]:
    waveforms = hashlib.sha256((recording.folder / EDF).read_bytes()).hexdigest()
    return [
        ["Session", str(recording.start["uid"])],
        ["Prescription, SHA-256", str(recording.start["plan_sha256"])],
        *(["Changed to, SHA-256", str(doc["data"]["plan_sha256"])] for doc in recording.changes),
        ["Event log, last hash", recording.log.last],
        ["Waveforms, SHA-256", waveforms],
        ["Software", f"OpenTraction {recording.start['software']}"],
    ]


def _table(table: Mapping[str, Any]) -> str:
    """What pulled, as every page calls it: the kind `virtual` of a recording is the simulated table."""
    kind = table.get("kind", "unknown")
    return str(table.get("name") or f"{'simulated' if kind == 'virtual' else kind} table")
