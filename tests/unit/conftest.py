"""A clinician, Ada, and a session begun for her; a test that touches the clinic asks for them by name.

Imports stand inside: this file is read before Django is set up.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from opentraction.clinic.models import Patient, TreatmentSession


@pytest.fixture(autouse=True)
def no_head_of_another_record() -> None:
    """What a test that really commits left beside the database; the next one's begins anew."""
    from django.conf import settings

    (Path(settings.DATA) / "audit-head").unlink(missing_ok=True)


@pytest.fixture
def clinician(db: None) -> User:
    from opentraction.clinic import roles
    from tests.clinic_ground import user_with

    return user_with(roles.CLINICIAN)


@pytest.fixture
def ada(clinician: User) -> Patient:
    """Someone who may be treated today: screened, asked, with a signed consent."""
    from opentraction.clinic.actions import patients
    from tests.cleared import clear
    from tests.clinic_ground import ADA

    one = patients.add_patient(dict(ADA), by=clinician)
    clear(one, clinician)
    return one


@pytest.fixture
def session(ada: Patient, clinician: User) -> TreatmentSession:
    from opentraction.clinic.actions import prescriptions, treatments
    from tests.clinic_ground import DOCUMENT, confirmed

    signed = prescriptions.sign(
        prescriptions.draft(ada, "Short", DOCUMENT, by=clinician), by=clinician, confirmed=confirmed(clinician)
    )
    return treatments.begin(signed, by=clinician)
