"""The demo sign-in: made once, printed while it is the demo's, and never forced upon a clinic that has moved on."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from opentraction.clinic.actions import users
from opentraction.clinic.clearance import NotCleared, clearance_for
from opentraction.clinic.models import AuditRow, Patient, SignedPlan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings: LazySettings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def said() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue().strip()


def test_an_empty_clinic_is_filled_once_and_the_sign_in_said_at_every_start() -> None:
    first = said()
    assert first.startswith("Sign in as clinician with password ")
    assert said() == first
    assert Patient.objects.count() == 4
    assert User.objects.get(username="clinician").check_password(first.split()[-1])


def test_who_is_in_a_course_can_be_treated_at_once() -> None:
    said()
    plans = [(plan.prescription.patient, plan) for plan in SignedPlan.objects.all()]
    assert {patient.given_name for patient, _ in plans} == {"Ada", "Ben", "Cleo"}
    for patient, plan in plans:
        if patient.given_name == "Cleo":  # her course is over
            with pytest.raises(NotCleared, match="The screening counted until"):
                clearance_for(patient, plan, timezone.now())
        else:
            assert clearance_for(patient, plan, timezone.now()).plan_sha256 == plan.sha256


def test_a_password_of_ones_own_stays() -> None:
    said()
    users.set_password("clinician", "of-my-own-42", author="command line")
    assert said().startswith("Sign in as clinician with the password that was set. Forgotten: ")
    assert User.objects.get(username="clinician").check_password("of-my-own-42")


def test_a_disabled_demo_user_is_not_offered() -> None:
    said()
    users.set_active("clinician", False, author="command line")
    assert said() == "Sign in with your own name; the demo's clinician is disabled."


def test_a_clinic_with_users_of_its_own_gets_no_demo() -> None:
    users.add_user("ada", "clinician", "of-my-own-42", author="command line")
    assert said() == "Sign in with your own name."
    assert not Patient.objects.exists()


def test_a_lost_password_stays_its_owners(data: Path) -> None:
    said()
    users.set_password("clinician", "of-my-own-42", author="command line")
    (data / "demo-password").unlink()
    assert said().startswith("Sign in as clinician with the password that was set. Forgotten: ")
    assert User.objects.get(username="clinician").check_password("of-my-own-42")


def test_another_users_name_is_no_reason_to_raise_them(data: Path) -> None:
    users.add_user("clinician", "therapist", "of-my-own-42", author="command line")
    assert said().startswith("Sign in as clinician with the password that was set. Forgotten: ")
    assert users.role_of(User.objects.get(username="clinician")) == "therapist"


def test_who_made_the_demo_is_in_the_record() -> None:
    said()
    assert AuditRow.objects.filter(act="add user", detail__author="demo").count() == 1


def test_a_password_that_was_told_is_set() -> None:
    said()
    call_command("demo", password="told-by-hand-42", stdout=StringIO())
    assert User.objects.get(username="clinician").check_password("told-by-hand-42")


def test_whose_course_is_over_had_consented_before_it_and_is_listed_by_its_days() -> None:
    """The demo's own past keeps the rules of the house: consent first, and no session dated by its taking in."""
    said()
    cleo = Patient.objects.get(given_name="Cleo")
    first, last = cleo.sessions.order_by("started").first(), cleo.sessions.order_by("started").last()
    assert first is not None
    assert last is not None
    assert cleo.consents.get().given.signed < first.started
    browser = Client()
    browser.force_login(User.objects.get(username="clinician"))
    listed = browser.get("/patients").content.decode()
    assert f"completed, {last.started.day} {last.started:%b}" in listed
