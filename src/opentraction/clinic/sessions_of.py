"""A patient's sessions in their order, asked for once a page: most of what is told of a patient looks at them."""

from __future__ import annotations

from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.models import Patient, TreatmentSession


@asked_once
def sessions_of(patient: Patient) -> tuple[TreatmentSession, ...]:
    """All of them, the oldest first, however they ended."""
    return tuple(patient.sessions.order_by("created"))
