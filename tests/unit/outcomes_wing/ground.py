"""Sessions that lie behind a patient, forms and events, in as few words as the tests need."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User

from opentraction.care.adverse import AdverseEvent
from opentraction.care.outcomes import Examination, Form
from opentraction.clinic.actions import prescriptions
from opentraction.clinic.models import Patient, Prescription, TreatmentSession
from opentraction.clinic.outcomes.actions.answering import hand_in
from opentraction.clinic.outcomes.actions.events import report_event
from opentraction.clinic.outcomes.actions.examining import examine
from opentraction.clinic.outcomes.models import AdverseEventRow, ExaminationRow, OutcomeForm
from tests.clinic_ground import DOCUMENT, confirmed

TODAY = datetime.now(UTC).date()


def ago(days: int) -> date:
    """So many days before today."""
    return TODAY - timedelta(days=days)


def signed(patient: Patient, by: User) -> Prescription:
    """A signed prescription."""
    return prescriptions.sign(prescriptions.draft(patient, "Short", DOCUMENT, by=by), by=by, confirmed=confirmed(by))


def pulled(patient: Patient, day: date, by: User, **other: Any) -> TreatmentSession:
    """A session that was held on that day at nine."""
    prescription = patient.prescriptions.filter(signed_at__isnull=False).first() or signed(patient, by)
    began = datetime.combine(day, time(9), UTC)
    values = {"summary": {"treatment_s": 60.0, "peak_force_n": 200.0}, "ending": "completed", "started": began}
    one = TreatmentSession(patient=patient, plan=prescription.plans.first(), operator=by, **(values | other))
    one.save()
    return one


def rmdq(patient: Patient, total: int, day: date, by: User, **other: Any) -> OutcomeForm:
    """A form by its total."""
    return hand_in(patient, Form("rmdq", day, {"total": total}, {}, "paper", by.username), by=by, **other)


def nprs(patient: Patient, average: int | None, day: date, by: User, name: str = "nprs_back") -> OutcomeForm:
    """A pain scale: the average of 24 hours, and now."""
    answers = {"now": 5} | ({} if average is None else {"average": average})
    return hand_in(patient, Form(name, day, answers, {}, "patient", by.username), by=by)


def strength(patient: Patient, grade: int, day: date, by: User, **other: Any) -> ExaminationRow:
    """An examination of one muscle."""
    found = Examination(day, by.username, strength={"ankle_dorsiflexors-left": grade})
    return examine(patient, found, by=by, **other)


def event(patient: Patient, by: User, kind: str = "soreness", days: int = 0, **other: Any) -> AdverseEventRow:
    """An adverse event of so many days ago."""
    onset = datetime.now(UTC) - timedelta(days=days, minutes=5)
    session = other.pop("row", None)
    values: dict[str, Any] = {"severity": 1, "relatedness": "possible", "what": "It hurt.", "outcome": "recovering"}
    told = AdverseEvent(uid=str(uuid4()), kind=kind, onset=onset, reported=onset, by=by.username, **(values | other))
    return report_event(patient, told, session, by=by)
