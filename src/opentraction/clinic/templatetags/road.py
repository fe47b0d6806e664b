"""The row of steps above a patient's pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from opentraction.clinic.models import Patient
from opentraction.clinic.road import steps_of
from opentraction.clinic.road_memory import road_memory

register = template.Library()


@register.inclusion_tag("clinic/_road.html", takes_context=True)
def road(context: dict[str, Any], patient: Patient, here: str = "") -> dict[str, Any]:
    """The steps of `patient`'s road; `here` is the key of the one whose page this is."""
    user, now = context["request"].user, timezone.now()
    return {"steps": road_memory.recall(patient, user, now, lambda: steps_of(patient, user, now)), "here": here}
