"""What to mind about a plan for one patient: what screening leaves of the force, a first session, no baseline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from opentraction.clinic import force_left
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.courses import baseline_wanted
from opentraction.prescription import Plan
from opentraction.quantities import BadInput

register = template.Library()


@register.inclusion_tag("clinic/_to_mind.html")
def to_mind(patient: Patient, plan: Plan, unit: str) -> dict[str, Any]:
    """A list of sentences, or nothing. What cannot be read is said by the gate and by the pages it is on."""
    try:
        now = timezone.now()
        return {"sentences": [*force_left.to_mind(patient, plan, now, unit), *_no_baseline(patient, now)]}
    except BadInput:
        return {"sentences": []}


def _no_baseline(patient: Patient, now: datetime) -> list[str]:
    wanted = ", ".join(baseline_wanted(patient, now))
    said = _("No baseline yet: {forms}. After the first pull it cannot be made up for.")
    return [said.format(forms=wanted)] if wanted else []
