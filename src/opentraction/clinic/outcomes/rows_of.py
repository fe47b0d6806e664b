"""A patient's rows that count, as they stand: each kind asked for once a page, whoever looks at them. Or of many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model

from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.models import COUNTS, AdverseEventRow, CourseEnd, OutcomeForm

Row = TypeVar("Row", bound=Model)


@asked_once
def form_rows(patient: Patient) -> tuple[OutcomeForm, ...]:
    """Forms, the one that was taken first at the head."""
    return tuple(OutcomeForm.objects.filter(patient=patient, **COUNTS).select_related("by"))


@asked_once
def event_rows(patient: Patient) -> tuple[AdverseEventRow, ...]:
    """Adverse events, the newest first."""
    return tuple(AdverseEventRow.objects.filter(patient=patient, **COUNTS))


@asked_once
def end_rows(patient: Patient) -> tuple[CourseEnd, ...]:
    """What somebody said of a course's end, in the order of its day."""
    return tuple(CourseEnd.objects.filter(patient=patient, **COUNTS))


def by_patient(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """The rows of each patient, in the order they come."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.patient_id, []).append(row)  # type: ignore[attr-defined]  # each has a patient
    return found
