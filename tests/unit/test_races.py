"""The same act at many desks at once: numbers run in a row, one thing is open, and who comes too late hears a sentence.

Before these, PostgreSQL let several desks read the same last number, and each of them write the next one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.actions import prescriptions, treatments
from opentraction.clinic.actions.patients import add_patient
from opentraction.clinic.consents.actions import signing, taking_back
from opentraction.clinic.consents.models import Signing, Withdrawal
from opentraction.clinic.intake.actions import intakes
from opentraction.clinic.intake.models import Intake
from opentraction.clinic.models import Clinic, Patient, PatientAccount, Prescription, TreatmentSession
from opentraction.clinic.outcomes.actions import answering
from opentraction.clinic.outcomes.models import OutcomeForm
from opentraction.clinic.portal.actions.access import invite, join
from opentraction.clinic.portal.models import Invitation
from opentraction.quantities import BadInput
from tests.api_ground import posted, with_key
from tests.at_once import at_once, needs_postgresql
from tests.cleared import clear
from tests.clinic_ground import ADA, DOCUMENT, PASSWORD, another_clinic, confirmed, user_with

pytestmark = [pytest.mark.django_db(transaction=True), needs_postgresql]
DESKS = 8


@pytest.fixture
def by(transactional_db: None) -> User:
    return user_with(roles.CLINICIAN)


@pytest.fixture
def patient(by: User) -> Patient:
    return add_patient(dict(ADA), by=by)


def fresh(patient: Patient) -> Patient:
    """As a request of its own finds the row."""
    return Patient.objects.get(pk=patient.pk)


def test_patients_of_every_clinic_share_one_row_of_numbers(by: User) -> None:
    north = another_clinic()
    there = user_with(roles.CLINICIAN, north)
    added = at_once(lambda desk: add_patient(dict(ADA), by=(by, there)[desk % 2]), DESKS)
    assert sorted(one.number for one in added) == list(range(1, DESKS + 1))
    assert {one.clinic_id for one in added} == set(Clinic.objects.values_list("pk", flat=True))


def test_a_program_that_adds_patients_at_once_adds_each_of_them(by: User) -> None:
    body = {"given_name": "A", "family_name": "B", "birth_date": "1980-01-01", "mass_kg": 70.0, "stature_m": 1.7}
    program = with_key(by)
    answers = at_once(lambda _: posted(program, "/patients", body), DESKS)
    assert [answer.status_code for answer in answers] == [201] * DESKS


def test_versions_of_a_prescription_run_in_a_row(patient: Patient, by: User) -> None:
    drafts = at_once(lambda _: prescriptions.draft(fresh(patient), "Short", DOCUMENT, by=by), DESKS)
    assert sorted(one.version for one in drafts) == list(range(1, DESKS + 1))


def test_one_session_is_begun(patient: Patient, by: User) -> None:
    clear(patient, by)
    draft = prescriptions.draft(patient, "Short", DOCUMENT, by=by)
    signed = prescriptions.sign(draft, by=by, confirmed=confirmed(by))
    begun = at_once(lambda _: treatments.begin(Prescription.objects.get(pk=signed.pk), by=by), DESKS)
    assert len({one.pk for one in begun}) == TreatmentSession.objects.count() == 1


def test_one_intake_is_begun(patient: Patient, by: User) -> None:
    begun = at_once(lambda _: intakes.begin(fresh(patient), "lumbar", by=by, now=timezone.now()), DESKS)
    assert len({one.pk for one in begun}) == Intake.objects.count() == 1


def test_the_page_that_begins_an_intake_opens_it_at_every_desk(patient: Patient, by: User) -> None:
    desks = [Client(raise_request_exception=False) for _ in range(4)]
    for desk in desks:
        desk.force_login(by)
        desk.get("/patients")
    address = reverse("intake:begin", args=[patient.pk])
    answers = at_once(lambda desk: desks[desk].post(address, {"region": "lumbar"}), len(desks))
    assert [answer.status_code for answer in answers] == [302] * len(desks)


def test_one_way_through_the_words_is_begun(patient: Patient, by: User) -> None:
    def ask(_: int) -> Any:
        return signing.begin(fresh(patient), "lumbar", "en", "tablet", by=by, now=timezone.now())

    assert len({one.pk for one, _ in at_once(ask, DESKS)}) == Signing.objects.count() == 1


def test_consent_is_taken_back_once(patient: Patient, by: User) -> None:
    clear(patient, by)
    got = at_once(lambda _: taking_back.withdraw(fresh(patient), "lumbar", by=by, now=timezone.now()), DESKS)
    assert sum(isinstance(one, BadInput) for one in got) == DESKS - 1
    assert Withdrawal.objects.count() == 1


def test_a_form_is_corrected_once(patient: Patient, by: User) -> None:
    from opentraction.care.outcomes import Form

    day = timezone.localdate() - timedelta(days=1)
    first = answering.hand_in(patient, Form("nprs_back", day, {"now": 4, "average": 4, "worst": 4}), by=by)
    again = Form("nprs_back", day, {"now": 5, "average": 5, "worst": 5})

    def correct(_: int) -> OutcomeForm:
        was = OutcomeForm.objects.get(pk=first.pk)
        return answering.hand_in(fresh(patient), again, by=by, replaces=was, because="read wrongly")

    got = at_once(correct, DESKS)
    assert sum(isinstance(one, BadInput) for one in got) == DESKS - 1
    assert OutcomeForm.objects.count() == 2


def test_a_patient_has_one_account(patient: Patient, by: User) -> None:
    """And one open link: each closes the one before."""
    now = timezone.now()
    links = [link for link, _ in at_once(lambda _: invite(fresh(patient), by=by, now=now), DESKS)]
    still = [link for link in links if Invitation.objects.get(pk=link.pk).is_open(now)]
    assert len(still) == 1
    joined = at_once(lambda _: join(still[0], ADA["birth_date"], PASSWORD, now=now), DESKS)
    assert sum(one is not None for one in joined) == PatientAccount.objects.count() == 1
