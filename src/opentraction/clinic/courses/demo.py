"""Courses to try out: Ada's begins on the next open day, with her scores of today; Dora's must stop. All invented."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care.outcomes import Form
from opentraction.clinic.agenda.diary import today_of
from opentraction.clinic.courses.actions.courses import begin_course, check_before_pull
from opentraction.clinic.courses.models import CourseRow, Terms
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.actions.answering import hand_in

ADA: Final = 1
SCORES: Final[dict[str, dict[str, Any]]] = {
    "nprs_back": {"now": 5, "average": 5, "worst": 7},
    "nprs_leg": {"now": 6, "average": 6, "worst": 8},
    "rmdq": {"total": 13},
}
FOUND: Final = {"spine": 5, "limb": 6, "strength_drop": 0, "weakest_muscle": 5, "new_distal": False}
ENDS_IN_STOP: Final = "Dora"


@transaction.atomic
def demo_courses(by: User, now: datetime) -> None:
    """Once for each patient."""
    for patient in Patient.objects.all():
        if CourseRow.objects.filter(patient=patient).exists():
            continue
        if patient.number == ADA:
            _ada(patient, by, now)
        elif patient.given_name == ENDS_IN_STOP:
            begin_course(patient, Terms(region=patient.region, start=_tomorrow(patient, now)), by=by, now=now)


def _ada(patient: Patient, by: User, now: datetime) -> None:
    today = today_of(patient.clinic, now)
    terms = Terms(region=patient.region, start=_tomorrow(patient, now), template="B", onset=today - timedelta(days=60))
    row = begin_course(patient, terms, by=by, now=now)
    for name, answers in SCORES.items():
        hand_in(patient, Form(name, today, answers, {}, "paper", by.get_username()), by=by)
    check_before_pull(row, FOUND, by=by, now=now)


def _tomorrow(patient: Patient, now: datetime) -> date:
    return today_of(patient.clinic, now) + timedelta(days=1)
