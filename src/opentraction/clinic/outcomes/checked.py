"""What the check of the day already holds of a session: nobody is said to have not been asked who was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from opentraction.clinic.intake.models import VisitCheckRow
from opentraction.clinic.models import TreatmentSession

SAME_VISIT: Final = timedelta(hours=18)
"""A check that is older belongs to another visit."""


def checked_before(sessions: Iterable[TreatmentSession]) -> dict[str, int]:
    """Pain, 0 to 10, as the newest check before each session told it, by the session's key; in one question."""
    begun = {one: one.started or one.created for one in sessions}
    if not begun:
        return {}
    patients = {one.patient_id for one in begun}
    rows = VisitCheckRow.objects.filter(patient__in=patients, pain__isnull=False, at__lte=max(begun.values()))
    checks = list(rows.order_by("at").values_list("patient_id", "at", "pain"))
    told: dict[str, int] = {}
    for one, when in begun.items():
        for patient, at, pain in checks:
            if pain is not None and patient == one.patient_id and when - SAME_VISIT < at <= when:
                told[str(one.pk)] = pain
    return told
