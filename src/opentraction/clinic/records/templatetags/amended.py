"""`{% amended row %}`: what was asked to be corrected about this row, beside it; nothing where nobody has asked."""

from __future__ import annotations

from typing import Any

from django import template
from django.db import models

from opentraction.clinic import roles
from opentraction.clinic.records.actions.amending import amendments_of

register = template.Library()


@register.inclusion_tag("records/_amended.html")
def amended(row: models.Model) -> dict[str, Any]:
    """The requests about a row, and the patient in whose record they are decided."""
    return {"amendments": amendments_of(row), "patient": roles.patient_of(row)}
