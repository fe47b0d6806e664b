"""The facts the gates look at: what the intake told, and what staff asked beyond it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from opentraction.care.home import Facts, facts_from_intake, facts_known
from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.home.models import HomeFacts
from opentraction.clinic.intake.standing import newest_screening, something_changed
from opentraction.clinic.models import Patient
from opentraction.screening import Action

AGEING: Final = "radiculopathy_weeks"
"""Grows by itself: six weeks ago is seven weeks ago a week later."""


def facts_now(patient: Patient, now: datetime) -> dict[str, Any]:
    """Every fact, None where nobody told it.

    What the intake told stands, for there it is corrected; a number that staff took later replaces the older one.
    Raises BadInput where a stored screening was altered.
    """
    told, since = _from_intake(patient, now)
    asked = newest_asked(patient)
    if asked is None:
        return told
    for name, value in aged(asked, now).items():
        number = facts_known()[name].kind == "number" if name in facts_known() else False
        newer = number and (since is None or asked.at >= since)
        if name in told and value is not None and (told[name] is None or newer):
            told[name] = value
    return told


def intake_tells(patient: Patient, now: datetime) -> dict[str, Any]:
    """The facts of the newest screening alone."""
    return _from_intake(patient, now)[0]


@asked_once
def newest_asked(patient: Patient) -> HomeFacts | None:
    """The newest answers that staff wrote down."""
    return HomeFacts.objects.filter(patient=patient).order_by("-id").first()


def aged(asked: HomeFacts, now: datetime) -> Facts:
    """The answers as they are today."""
    weeks = asked.facts.get(AGEING)
    if weeks is None:
        return dict(asked.facts)
    return {**asked.facts, AGEING: weeks + max(0, (now - asked.at).days // 7)}


@asked_once
def _from_intake(patient: Patient, now: datetime) -> tuple[dict[str, Any], datetime | None]:
    """What the newest screening tells. Where something has changed since, its verdict waits as on HOLD."""
    newest = newest_screening(patient, patient.region, now)
    if newest is None:
        return dict(facts_from_intake({}, None)), None
    told = dict(facts_from_intake(newest.snapshot.answers, newest.counts.action))
    waits = told["verdict"] in {Action.OK.name, Action.CAUTION.name}
    if waits and something_changed(patient, patient.region, now):
        told["verdict"] = Action.HOLD.name
    return told, newest.decided
