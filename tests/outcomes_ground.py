"""One row of each kind of the outcomes wing for a patient, for the walk over every address."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.contrib.auth.models import User

from opentraction.care.adverse import AdverseEvent
from opentraction.care.outcomes import Examination, Form
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.actions.answering import hand_in
from opentraction.clinic.outcomes.actions.events import report_event
from opentraction.clinic.outcomes.actions.examining import examine
from opentraction.clinic.outcomes.models import AdverseEventRow, ExaminationRow, OutcomeForm


def form_of(patient: Patient, by: User) -> int:
    """A form that counts."""
    known = OutcomeForm.objects.filter(patient=patient, replaced_by=None).first()
    given = Form("rmdq", datetime.now(UTC).date(), {"total": 14}, {}, "paper", by.username)
    return (known or hand_in(patient, given, by=by)).pk


def examination_of(patient: Patient, by: User) -> int:
    """An examination that counts."""
    known = ExaminationRow.objects.filter(patient=patient, replaced_by=None).first()
    found = Examination(datetime.now(UTC).date(), by.username, strength={"hip_flexors-left": 5})
    return (known or examine(patient, found, by=by)).pk


def event_of(patient: Patient, by: User) -> UUID:
    """A mild event that counts."""
    known = AdverseEventRow.objects.filter(patient=patient, replaced_by=None).first()
    now = datetime.now(UTC)
    told = AdverseEvent(str(uuid4()), "soreness", now, now, 1, "possible", "Sore.", by=by.username)
    return (known or report_event(patient, told, None, by=by)).uid
