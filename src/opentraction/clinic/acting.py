"""What a browser may ask of the table, as data. No entry raises force, and no number a browser sends becomes one.

Plan, patient and operator never come from the browser; Reduce takes its number from the table's own telemetry. Each act
names the session of the page it comes from, and the table refuses one that means another than it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from opentraction.clinic.actions.changes import plan_in_force
from opentraction.clinic.actions.treatments import may_still_bind
from opentraction.clinic.days import day_at
from opentraction.clinic.models import TreatmentSession
from opentraction.clinic.recordings import take_in_all
from opentraction.clinic.rehearsing import written_unit
from opentraction.clinic.scores import score_of
from opentraction.prescription.ahead import pull_ahead
from opentraction.quantities import BadInput
from opentraction.session.still_bound import still_on_the_table

ITEMS = {
    "pelvic_harness": "Pelvic harness on, snug on skin",
    "thoracic_harness": "Thoracic harness on, snug",
    "cable_clipped": "Cable clipped, pull in line",
    "quick_release": "Quick release in reach",
    "carriage": "Carriage set as prescribed",
    "position": "Patient placed as prescribed",
}
PLACED = {"supine": "knees supported", "prone": ""}
AT_THE_NECK = "head and neck in line"
SIMULATED = {
    "remote-plug": "Plug in remote",
    "remote-unplug": "Unplug remote",
    "remote-press": "Press remote",
    "remote-release": "Let go of remote",
    "clinician-stop": "Press clinician stop",
    "clinician-reset": "Reset clinician stop",
    "cough": "Cough",
    "sneeze": "Sneeze",
    "shift": "Shift",
    "spasm": "Spasm",
    "harness-slip": "Harness slips",
    "sit-up": "Sit up",
    "cable-break": "Cable breaks",
    "power-loss": "Power fails",
    "power-back": "Power returns",
}
SETTING_UP = {"setup", "stop test"}
STILL_BOUND = {"safe", "complete", "torque off"}
"""Phases after a pull, in which nobody else is bound until somebody has unclipped and unbound."""
REDUCE_BY = 0.10
LOWEST_REDUCED_N = 30.0

Arguments = dict[str, Any]
Reader = Callable[[Mapping[str, str], Mapping[str, Any], TreatmentSession], Arguments]


def items_for(region: str, position: str) -> dict[str, str]:
    """The checklist in words, for one prescribed position."""
    how = AT_THE_NECK if region == "cervical" else PLACED.get(position, "")
    return ITEMS | {"position": f"Patient placed {position}" + (f", {how}" if how else "")}


def _nothing(post: Mapping[str, str], now: Mapping[str, Any], session: TreatmentSession) -> Arguments:
    return {}


def _bind(post: Mapping[str, str], now: Mapping[str, Any], session: TreatmentSession) -> Arguments:
    if post.get("identity") != "confirmed":
        raise BadInput("identity", post.get("identity", ""), "a name and a birth date read back by the patient")
    take_in_all()
    session.refresh_from_db()
    on_table = now.get("bound") or {}
    bound = str(on_table.get("session") or "")
    if bound not in {"", str(session.pk)} and now.get("phase") in STILL_BOUND:
        raise still_on_the_table(str(on_table.get("pseudonym")))
    clearance = may_still_bind(session, in_set_up=bound if now.get("phase") in SETTING_UP else "")
    person = session.patient.as_person(day_at(session.patient.clinic, session.created))
    return {
        "instead_of": post.get("instead_of") or None,
        "plan": session.plan.canonical,
        "plan_sha256": session.plan.sha256,
        "patient": person.document(),
        "written_in": written_unit(session.plan.prescription.document),
        "clearance": clearance.document(),
    }


def _checklist(post: Mapping[str, str], now: Mapping[str, Any], session: TreatmentSession) -> Arguments:
    item = post.get("item", "")
    if item not in ITEMS:
        raise BadInput("item", item, "one of " + ", ".join(ITEMS))
    return {"item": item, "done": post.get("done") == "true"}


def _reduce(post: Mapping[str, str], now: Mapping[str, Any], session: TreatmentSession) -> Arguments:
    """Ten per cent below what is pulled now or next, or below the limit in force where that is lower: it always lowers.

    Of a pull under way the highest force still to come counts, between two pulls that of the next; what was pulled
    before, or a later step would reach, does not.
    """
    limit, tau = now.get("limit_n"), now.get("treatment_s")
    high = pull_ahead(plan_in_force(session), 0.0 if tau is None else float(tau))
    start = high if limit is None else min(high, float(limit))
    return {"to_n": max(LOWEST_REDUCED_N, (1.0 - REDUCE_BY) * start)}


def _acknowledge(post: Mapping[str, str], now: Mapping[str, Any], session: TreatmentSession) -> Arguments:
    """The raises that stood on the page, so that one which came a moment later is not silenced unseen."""
    return {"numbers": seen_numbers(post) or None}


def seen_numbers(post: Mapping[str, str]) -> list[int]:
    """Numbers of the alarms a page shows. Raises BadInput."""
    words = post.get("numbers", "").split()
    if not all(word.isascii() and word.isdigit() and len(word) < 10 for word in words):
        raise BadInput("numbers", post["numbers"][:40], "what this page shows as alarms")
    return [int(word) for word in words]


def _comfort(post: Mapping[str, str], now: Mapping[str, Any], session: TreatmentSession) -> Arguments:
    return {"score": score_of(post.get("score", ""))}


def _simulate(post: Mapping[str, str], now: Mapping[str, Any], session: TreatmentSession) -> Arguments:
    what = post.get("what", "")
    if what not in SIMULATED:
        raise BadInput("what", what, "one of " + ", ".join(SIMULATED))
    return {"what": what}


ACTS: dict[str, Reader] = {
    "bind": _bind,
    "checklist": _checklist,
    "arm": _nothing,
    "start": _nothing,
    "pause": _nothing,
    "resume": _nothing,
    "reduce": _reduce,
    "stop": _nothing,
    "acknowledge": _acknowledge,
    "pause-sound": _nothing,
    "sound-again": _nothing,
    "unbind": _nothing,
    "comfort": _comfort,
    "seen": _nothing,
    "lease": _nothing,
    "simulate": _simulate,
}
UNNOTED = {"lease", "simulate", "checklist"}


def arguments(do: str, post: Mapping[str, str], now: Mapping[str, Any], session: TreatmentSession) -> Arguments:
    """What goes to the table for one act; binding reads the database. Raises BadInput for anything not on the list."""
    if do not in ACTS:
        raise BadInput("do", do, "one of " + ", ".join(ACTS))
    return {"session": str(session.pk), **ACTS[do](post, now, session)}
