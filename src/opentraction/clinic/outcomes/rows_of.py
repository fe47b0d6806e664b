"""A patient's rows that count, as they stand: each kind asked for once a page, whoever looks at them."""

from __future__ import annotations

from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.models import COUNTS, AdverseEventRow, CourseEnd, OutcomeForm


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
