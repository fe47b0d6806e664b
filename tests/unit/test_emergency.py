"""Break the glass: one record of another clinic, with a reason, to read, for an hour, watched and told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.actions import patients, prescriptions, treatments
from opentraction.clinic.actions.emergency import open_record
from opentraction.clinic.directory.models import Profile, Specialist
from opentraction.clinic.directory.visits import visits_of
from opentraction.clinic.models import AuditRow, Clinic, Emergency, Patient, Prescription, TreatmentSession
from opentraction.clinic.models.clinical import Frozen
from opentraction.clinic.reading import reading_list
from opentraction.quantities import BadInput
from tests.clinic_ground import ADA, DOCUMENT, another_clinic, user_with
from tests.outcomes_ground import event_of

pytestmark = pytest.mark.django_db
REASON = "Collapsed in the street, no words from her."


@pytest.fixture
def north() -> Clinic:
    return another_clinic()


@pytest.fixture
def eve(north: Clinic) -> User:
    """A clinician of the north clinic, where nobody knows Ada."""
    return user_with(roles.CLINICIAN, north)


def browser_of(user: User) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(user)
    return browser


def opened(browser: Client, who: str = "P-001", **more: str) -> Any:
    return browser.post(reverse("emergency"), {"who": who, "reason": REASON, **more})


def test_the_record_opens_to_read_and_every_look_is_in_the_record_of_its_clinic(
    session: TreatmentSession, eve: User
) -> None:
    browser, ada = browser_of(eve), session.patient
    assert browser.get(ada.get_absolute_url()).status_code == 404
    assert opened(browser)["Location"] == ada.get_absolute_url()
    page = browser.get(ada.get_absolute_url()).content.decode()
    assert "Ada Example" in page
    assert "open to you in an emergency until" in page
    assert browser.get(session.plan.prescription.get_absolute_url()).status_code == 200
    looks = AuditRow.objects.filter(act="read")
    assert {(row.by, row.patient, row.clinic) for row in looks} == {(eve, ada, ada.clinic)}
    assert all(row.detail["emergency"] == "North clinic" for row in looks)
    told = AuditRow.objects.filter(act="open in an emergency")
    assert {row.clinic for row in told} == {ada.clinic, Clinic.objects.get(name="North clinic")}
    assert all(row.detail["reason"] == REASON for row in told)


def test_nothing_can_be_done_to_it(session: TreatmentSession, eve: User) -> None:
    browser, ada = browser_of(eve), session.patient
    opened(browser)
    page = browser.get(ada.get_absolute_url()).content.decode()
    page += browser.get(session.plan.prescription.get_absolute_url()).content.decode()
    for words in ("Treat now", ">Change<", "Amend", "Write another"):
        assert words not in page
    assert browser.post(reverse("begin"), {"prescription": session.plan.prescription.pk}).status_code == 404
    assert browser.get(reverse("edit-patient", args=[ada.pk])).status_code == 404
    assert browser.post(reverse("amend", args=[session.plan.prescription.pk])).status_code == 404
    for act in (
        lambda: patients.change_patient(ada, {"mass_kg": 60.0}, by=eve),
        lambda: prescriptions.draft(ada, "Mine", DOCUMENT, by=eve),
        lambda: treatments.begin(session.plan.prescription, by=eve),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert Prescription.objects.count() == 1


def test_no_list_and_no_export_holds_it(session: TreatmentSession, eve: User) -> None:
    """One record was opened, with a reason: what names many is of the clinic where one works."""
    ada, clinician = session.patient, session.operator
    event = str(event_of(ada, clinician))
    lists = [reverse("outcomes:events"), reverse("outcomes:events-csv")]
    before = [browser_of(clinician).get(one).content.decode().count(event) for one in lists]
    assert min(before) > 0, "the list of her own clinic holds her"
    browser = browser_of(eve)
    opened(browser)
    assert browser.get(ada.get_absolute_url()).status_code == 200
    for one in lists:
        assert event not in browser.get(one).content.decode()
    assert [row.detail["patients"] for row in AuditRow.objects.filter(act="read list", by=eve)] == [[], []]


def test_no_visit_of_it_is_to_be_reviewed_elsewhere(session: TreatmentSession, eve: User) -> None:
    treatments.take_in(session, treatments.Outcome("completed", "", None, None, None, {"treatment_s": 60}, "x"))
    doctor = Specialist(registry="own", number="1", kind="person", name="A Doctor", sort_name="DOCTOR A")
    doctor.save()
    Profile(specialist=doctor, works_here=session.operator, changed=timezone.now()).save()
    assert len(visits_of(doctor, session.operator)) == 1
    open_record("P-001", "", REASON, by=eve, now=timezone.now())
    assert visits_of(doctor, eve) == []


def test_a_list_that_would_name_another_clinics_patient_is_not_shown(ada: Patient, eve: User) -> None:
    request = RequestFactory().get("/patients")
    request.user = eve
    with pytest.raises(PermissionDenied, match="your clinic"):
        reading_list(request, "patients", [ada])


def test_it_ends_after_an_hour_and_is_one_persons_and_one_patients(ada: Patient, eve: User, north: Clinic) -> None:
    ben = patients.add_patient({**ADA, "given_name": "Ben"}, by=User.objects.get(username="a clinician"))
    now = timezone.now()
    open_record("P-001", "", REASON, by=eve, now=now - timedelta(minutes=59))
    assert browser_of(eve).get(ada.get_absolute_url()).status_code == 200
    assert browser_of(eve).get(ben.get_absolute_url()).status_code == 404
    other = User.objects.create_user("fay")
    roles.give(other, roles.CLINICIAN, north)
    assert browser_of(other).get(ada.get_absolute_url()).status_code == 404
    open_record("P-002", "", REASON, by=eve, now=now - timedelta(minutes=61))
    assert browser_of(eve).get(ben.get_absolute_url()).status_code == 404


def test_administrators_are_told_until_one_has_seen_it(ada: Patient, eve: User, north: Clinic) -> None:
    boss, theirs = browser_of(user_with(roles.ADMINISTRATOR)), browser_of(user_with(roles.ADMINISTRATOR, north))
    assert "emergency" not in boss.get(reverse("people")).content.decode()
    browser = browser_of(eve)
    opened(browser)
    browser.get(ada.get_absolute_url())
    page = boss.get(reverse("people")).content.decode()
    assert "People: emergency" in page
    assert eve.username in page
    assert REASON in page
    assert "1 look recorded" in page
    assert REASON not in theirs.get(reverse("people")).content.decode()
    one = Emergency.objects.get()
    assert theirs.post(reverse("emergency-seen", args=[one.pk])).status_code == 404
    assert boss.post(reverse("emergency-seen", args=[one.pk])).status_code == 302
    assert "People: emergency" not in boss.get(reverse("people")).content.decode()
    assert AuditRow.objects.filter(act="see emergency").count() == 1


def test_a_family_name_goes_with_a_birth_date(ada: Patient, eve: User) -> None:
    browser = browser_of(eve)
    assert opened(browser, "example", born="1971-05-23").status_code == 302
    for who, born in (("Example", ""), ("Example", "1971-05-24"), ("Exampl", "1971-05-23"), ("x\0", "1971-05-23")):
        assert opened(browser, who, born=born).status_code == 400


def test_words_that_fit_two_open_neither(ada: Patient, eve: User, clinician: User) -> None:
    patients.add_patient({**ADA, "given_name": "Alba"}, by=clinician)
    assert opened(browser_of(eve), "Example", born="1971-05-23").status_code == 400
    assert not Emergency.objects.exists()


@pytest.mark.parametrize("reason", ["", "short", " " * 40, "x" * 401, "a reason\0with nothing"])
def test_without_a_reason_nothing_opens(ada: Patient, eve: User, reason: str) -> None:
    with pytest.raises(BadInput, match="what happened"):
        open_record("P-001", "", reason, by=eve, now=timezone.now())
    assert not Emergency.objects.exists()


def test_ones_own_patient_and_nobody_are_not_opened_and_the_search_is_on_record(ada: Patient, clinician: User) -> None:
    for who in ("P-001", "P-999", "9" * 30):
        with pytest.raises(BadInput, match="not found"):
            open_record(who, "", REASON, by=clinician, now=timezone.now())
    rows = AuditRow.objects.filter(act="search in an emergency, nobody found")
    assert rows.count() == 3
    assert "P-999" not in str(list(rows.values()))


@pytest.mark.parametrize("role", [role for role in roles.ROLES if role != roles.CLINICIAN])
def test_only_clinicians_break_the_glass(ada: Patient, north: Clinic, role: str) -> None:
    user = user_with(role, north)
    with pytest.raises(PermissionDenied):
        open_record("P-001", "", REASON, by=user, now=timezone.now())
    assert opened(browser_of(user)).status_code == 403


def test_an_emergency_stays_as_it_was_written(ada: Patient, eve: User) -> None:
    one = open_record("P-001", "", REASON, by=eve, now=timezone.now())
    one.until += timedelta(days=1)
    with pytest.raises(Frozen):
        one.save()
    with pytest.raises(Frozen):
        one.delete()
    refused = pytest.raises(DatabaseError, match="kept as it was written")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM clinic_emergency")
