"""Ada, whom nobody has screened yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from opentraction.clinic.models import Patient


@pytest.fixture
def ada(clinician: User) -> Patient:
    from opentraction.clinic.actions import patients
    from tests.clinic_ground import ADA

    return patients.add_patient(dict(ADA), by=clinician)
