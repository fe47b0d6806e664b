"""The step of the roads side by side: whether something is urgent. What it says stands on the newest intake."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from opentraction.care.pathways import surgical_urgency
from opentraction.clinic.models import Patient
from opentraction.clinic.pathways.facts import facts_of, known_of
from opentraction.clinic.road import State, Step
from opentraction.quantities import BadInput


def steps(patient: Patient, when: datetime) -> list[Step]:
    """One step."""
    state, words = _stands(patient, when)
    return [Step("pathways", _("Roads"), reverse("pathways:pathways", args=[patient.pk]), state, words)]


def _stands(patient: Patient, when: datetime) -> tuple[State, str]:
    try:
        known = known_of(patient, when)
    except BadInput:
        return "look", _("the intake cannot be read")
    if known is None:
        return "open", _("compare when the intake is there")
    urgency = surgical_urgency(facts_of(patient, known, when.astimezone(ZoneInfo(patient.clinic.time_zone)).date()))
    if urgency.urgent:
        return "stop", _("a surgeon first")
    if urgency.danger:
        return "look", _("ask the danger signs")
    return "open", _("nothing urgent known")
