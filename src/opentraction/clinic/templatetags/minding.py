"""What to mind about a plan for one patient: what screening left of the force, and where a first session begins."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from opentraction.clinic import force_left
from opentraction.clinic.models import Patient
from opentraction.prescription import Plan
from opentraction.quantities import BadInput

register = template.Library()


@register.inclusion_tag("clinic/_to_mind.html")
def to_mind(patient: Patient, plan: Plan, unit: str) -> dict[str, Any]:
    """A list of sentences, or nothing. What cannot be read is said by the gate and by the pages it is on."""
    try:
        return {"sentences": force_left.to_mind(patient, plan, timezone.now(), unit)}
    except BadInput:
        return {"sentences": []}
