"""The step of the roads side by side: whether something is urgent, by the newest intake and what was told since.

It heads every page, so what was judged once of the same answers on the same day is not judged again.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from opentraction.care.pathways import surgical_urgency
from opentraction.clinic.alarms import alarms_of
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient
from opentraction.clinic.pathways.facts import Sources, facts_of, sources_of
from opentraction.clinic.pathways.told import signs_asked
from opentraction.clinic.road import State, Step
from opentraction.quantities import BadInput

REMEMBERED: Final = 512


def steps(patient: Patient, when: datetime) -> list[Step]:
    """One step."""
    today = day_at(patient.clinic, when)
    state, words = _stands(patient, when, today)
    return [Step("pathways", _("Roads"), reverse("pathways:pathways", args=[patient.pk]), state, words)]


def _stands(patient: Patient, when: datetime, today: date) -> tuple[State, str]:
    told = {one.level for one in alarms_of(patient, when)}
    if "emergency" in told:
        return "stop", _("hospital first")
    state, words = _by_intake(sources_of(patient, when), today)
    if state != "stop" and told:
        return "stop", _("a surgeon first") if "urgent" in told else _("stopped")
    return state, words


def _by_intake(sources: Sources | None, today: date) -> tuple[State, str]:
    if sources is None:
        return "open", _("compare when the intake is there")
    try:
        urgent, danger, asked = _urgent(sources, today)
    except BadInput:
        return "look", _("the intake cannot be read")
    if urgent:
        return "stop", _("a surgeon first")
    if danger:
        return "look", _("examine") if asked else _("ask the danger signs")
    return "open", _("nothing urgent known")


@lru_cache(maxsize=REMEMBERED)
def _urgent(sources: Sources, today: date) -> tuple[bool, bool, bool]:
    """Whether a surgeon is urgent, whether a danger sign is open, and whether the patient has answered them all."""
    known = sources.known()
    urgency = surgical_urgency(facts_of(known, today, done=None), asked=signs_asked(known))
    return urgency.urgent, bool(urgency.danger), urgency.asked
