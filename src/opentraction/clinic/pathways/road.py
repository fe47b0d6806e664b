"""The step of the roads side by side: whether something is urgent. What it says stands on the newest intake.

It heads every page, so what was judged once of the same answers on the same day is not judged again.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from opentraction.care.pathways import surgical_urgency
from opentraction.clinic.models import Patient
from opentraction.clinic.pathways.facts import Sources, facts_of, sources_of
from opentraction.clinic.road import State, Step
from opentraction.quantities import BadInput

REMEMBERED: Final = 512


def steps(patient: Patient, when: datetime) -> list[Step]:
    """One step."""
    today = when.astimezone(ZoneInfo(patient.clinic.time_zone)).date()
    state, words = _stands(sources_of(patient, when), today)
    return [Step("pathways", _("Roads"), reverse("pathways:pathways", args=[patient.pk]), state, words)]


def _stands(sources: Sources | None, today: date) -> tuple[State, str]:
    if sources is None:
        return "open", _("compare when the intake is there")
    try:
        urgent, danger = _urgent(sources, today)
    except BadInput:
        return "look", _("the intake cannot be read")
    if urgent:
        return "stop", _("a surgeon first")
    return ("look", _("ask the danger signs")) if danger else ("open", _("nothing urgent known"))


@lru_cache(maxsize=REMEMBERED)
def _urgent(sources: Sources, today: date) -> tuple[bool, bool]:
    """Whether a surgeon is urgent, and whether a danger sign has not been asked about."""
    known = sources.known()
    urgency = surgical_urgency(facts_of(known, today, done=None))
    return urgency.urgent, bool(urgency.danger)
