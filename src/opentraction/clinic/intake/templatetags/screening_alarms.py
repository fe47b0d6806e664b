"""The red line above the lists: who needs somebody at once, whoever told it. And the same above one patient's pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.alarms import Alarm, alarms_of, emergencies_in, neutral, seen_to, told_in, written
from opentraction.clinic.models import Patient

register = template.Library()
MOST = 20
OWN_PAGES = frozenset({"outcomes", "home"})
"""Wings whose own pages say in full what they found."""
ROADS = "pathways"
"""This one says everything that is urgent by itself."""


@register.inclusion_tag("intake/_alarms.html", takes_context=True)
def screening_alarms(context: dict[str, Any]) -> dict[str, Any]:
    """Patients of the clinic where this user acts who need somebody now; the front desk is told whom, not why."""
    user = context["request"].user
    place = roles.place_of(user)
    if place is None or roles.FIND not in place.acts:
        return {"alarms": []}
    found = emergencies_in(place.clinic, timezone.now())
    told = written(told_in(found))
    return {"told": told, "alarms": found[:MOST], "more": max(0, len(found) - MOST), "look": roles.LOOK in place.acts}


@register.inclusion_tag("intake/_patient_alarms.html", takes_context=True)
def patient_alarms(context: dict[str, Any], patient: Patient, wing: str = "") -> dict[str, Any]:
    """What stops one patient, above each of their pages; for whoever may not look, that they are not to be booked."""
    look = roles.may(context["request"].user, roles.LOOK)
    found = alarms_of(patient, timezone.now())
    shown = [one for one in found if not _said_below(one, wing)]
    grave = any(one.level == "emergency" for one in found)
    return {
        "patient": patient,
        "alarms": shown if look else (),
        "grave": grave,
        "look": look,
        "seen": seen_to(patient, timezone.now()) if grave and look else None,
        "elsewhere": wing != "emergency",
        "neutral": neutral() if found and not look else "",
    }


def _said_below(one: Alarm, wing: str) -> bool:
    return (wing in OWN_PAGES and one.step == wing) or (wing == ROADS and one.level != "stop")
