"""Neck and back in words, and which of them a patient's treatment is about."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from opentraction.clinic.actions.treatments import newest_signed
from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.models import Patient
from opentraction.screening import REGIONS


def region_names() -> dict[str, str]:
    """As staff read it."""
    return {"lumbar": _("Low back"), "cervical": _("Neck")}


@asked_once
def region_of(patient: Patient) -> str:
    """The region of the prescription that counts, else of the complaint, else the low back."""
    signed = newest_signed(patient)
    plan = signed.plans.first() if signed else None
    told = str(json.loads(plan.canonical)["region"]) if plan else patient.region
    return told if told in REGIONS else "lumbar"


def region_asked(region: str) -> str | None:
    """The region a form sent, or nothing where it is none."""
    return region if region in REGIONS else None
