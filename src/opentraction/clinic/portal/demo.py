"""The demo's first patient can sign in: as P-001, with the password of the demo's clinician."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.models import Patient, PatientAccount

ADA: Final = 1


@transaction.atomic
def demo_portal(user: User, now: datetime) -> None:
    """One sign-in for a patient. The password is the same, kept as the same hash."""
    patient = Patient.objects.select_related("clinic").get(number=ADA)
    own = User(username=patient.pseudonym, password=user.password, date_joined=now)
    own.save()
    PatientAccount.objects.create(user=own, patient=patient)
    roles.give(own, roles.PATIENT, patient.clinic, user)
    record("join portal", patient, by=user, author="demo")
