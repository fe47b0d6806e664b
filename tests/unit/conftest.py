"""A clinician, Ada, and a session begun for her; a test that touches the clinic asks for them by name.

Imports stand inside: this file is read before Django is set up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from opentraction.clinic.models import Patient, TreatmentSession


@pytest.fixture
def clinician(db: None) -> User:
    from opentraction.clinic import roles
    from tests.clinic_ground import user_with

    return user_with(roles.CLINICIAN)


@pytest.fixture
def ada(clinician: User) -> Patient:
    from opentraction.clinic.actions import patients
    from tests.clinic_ground import ADA

    return patients.add_patient(dict(ADA), by=clinician)


@pytest.fixture
def session(ada: Patient, clinician: User) -> TreatmentSession:
    from opentraction.clinic.actions import prescriptions, treatments
    from tests.clinic_ground import DOCUMENT

    signed = prescriptions.sign(prescriptions.draft(ada, "Short", DOCUMENT, by=clinician), by=clinician)
    return treatments.begin(signed, by=clinician)
