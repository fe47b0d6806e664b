"""Ada with a signed prescription, the clinic's books open, and browsers by role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

    from opentraction.clinic.billing.models import PriceListRow
    from opentraction.clinic.models import Patient


@pytest.fixture
def billed(ada: Patient, clinician: User) -> Patient:
    """Ada, who can be given sessions, at a clinic with prices."""
    from tests.money_ground import signed_for, with_books

    signed_for(ada, clinician)
    with_books(ada.clinic, clinician)
    return ada


@pytest.fixture
def prices(billed: Patient) -> PriceListRow:
    from opentraction.clinic.billing.models import PriceListRow

    return PriceListRow.objects.get(clinic=billed.clinic)


@pytest.fixture
def desk(billed: Patient) -> User:
    from opentraction.clinic import roles
    from tests.clinic_ground import user_with

    return user_with(roles.FRONT_DESK, billed.clinic)


@pytest.fixture
def browser(clinician: User) -> Client:
    from django.test import Client

    client = Client()
    client.force_login(clinician)
    return client


@pytest.fixture
def at_desk(desk: User) -> Client:
    from django.test import Client

    client = Client()
    client.force_login(desk)
    return client
