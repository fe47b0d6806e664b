"""A draft, a verdict and a link of a patient, for tests that walk every address."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from opentraction.clinic.intake.models import Intake, IntakeLink, Screening
from opentraction.clinic.models import Patient
from opentraction.clinic.tokens import token_hash


def draft_of(patient: Patient, by: User) -> int:
    """An open intake."""
    now = timezone.now()
    made = {"begun_by": by, "begun": now, "since": now}
    return Intake.objects.get_or_create(patient=patient, region=patient.region, completed=None, defaults=made)[0].pk


def verdict_of(patient: Patient, by: User) -> int:
    """The newest verdict there is; one is made where there is none."""
    from tests.cleared import screened

    there = Screening.objects.filter(patient=patient).first()
    return (there or screened(patient, by, timezone.now() - timedelta(hours=1), patient.region)).pk


def link_of(patient: Patient, by: User) -> int:
    """A link for the phone."""
    draft, now = draft_of(patient, by), timezone.now()
    made = {"made": now, "made_by": by, "expires": now + timedelta(days=7), "token_sha256": token_hash(f"of {draft}")}
    return IntakeLink.objects.get_or_create(intake_id=draft, defaults=made)[0].pk
