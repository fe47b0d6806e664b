"""A clock of its own, on which the words of consent are in force, and an Ada who has signed nothing yet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from opentraction.clinic.models import Patient, TreatmentSession


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def ada(clinician: User) -> Patient:
    from opentraction.clinic.actions import patients
    from tests.clinic_ground import ADA

    return patients.add_patient(dict(ADA), by=clinician)


@pytest.fixture
def session(ada: Patient, clinician: User) -> TreatmentSession:
    """Past the gate, which asks for more than consent."""
    from opentraction.clinic.actions import prescriptions
    from opentraction.clinic.models import TreatmentSession
    from tests.clinic_ground import DOCUMENT, confirmed

    drafted = prescriptions.draft(ada, "Short", DOCUMENT, by=clinician)
    plan = prescriptions.sign(drafted, by=clinician, confirmed=confirmed(clinician)).plans.get()
    one = TreatmentSession(patient=ada, plan=plan, operator=clinician)
    one.save()
    return one
