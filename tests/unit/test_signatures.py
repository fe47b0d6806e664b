"""A signature says who, when and what it means, is bound to the words, and asks for the password."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.actions import patients, prescriptions
from opentraction.clinic.actions.confirming import RECENT, Confirmed, confirm
from opentraction.clinic.actions.signatures import sign_document, signatures_of
from opentraction.clinic.actions.signing_in import Try
from opentraction.clinic.models import AuditRow, Patient, PatientAccount, Prescription, Seat, Signature
from opentraction.clinic.models.clinical import Frozen
from opentraction.quantities import BadInput
from tests.clinic_ground import ADA, DOCUMENT, PASSWORD, WRITTEN, another_clinic, confirmed, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ada: Patient, clinician: User) -> Prescription:
    return prescriptions.draft(ada, "Short", DOCUMENT, by=clinician)


@pytest.fixture
def browser(clinician: User) -> Client:
    client = Client()
    client.force_login(clinician)
    return client


class TestSigning:
    def test_a_signed_prescription_carries_name_time_meaning_and_hash(
        self, draft: Prescription, clinician: User
    ) -> None:
        clinician.first_name, clinician.last_name = "Ann", "Weber"
        clinician.save()
        signed = prescriptions.sign(draft, by=clinician, confirmed=confirmed(clinician))
        (mark,) = signatures_of(signed)
        assert (mark.name, mark.meaning, mark.user) == ("Ann Weber", "prescribed", clinician)
        assert (mark.kind, mark.object_id, mark.patient) == ("clinic.prescription", str(signed.pk), signed.patient)
        assert abs(mark.at - timezone.now()) < timedelta(minutes=1)
        assert mark.is_of(prescriptions.canonical(signed))
        row = AuditRow.objects.get(act="sign")
        assert (row.by, row.detail["document_sha256"]) == (clinician, mark.sha256)

    def test_other_words_are_not_what_was_signed(self, draft: Prescription, clinician: User) -> None:
        signed = prescriptions.sign(draft, by=clinician, confirmed=confirmed(clinician))
        with connection.cursor() as cursor:
            on = " ON clinic_prescription" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER clinic_prescription_no_update{on}")
            cursor.execute("UPDATE clinic_prescription SET document = replace(document, '45', '90')")
        (mark,) = signatures_of(signed)
        assert not mark.is_of(prescriptions.canonical(Prescription.objects.get(pk=signed.pk)))

    def test_a_signature_never_changes(self, draft: Prescription, clinician: User) -> None:
        prescriptions.sign(draft, by=clinician, confirmed=confirmed(clinician))
        mark = Signature.objects.get()
        for act in (mark.save, mark.delete, Signature.objects.all().delete):
            with pytest.raises(Frozen):
                act()
        for sql in ("UPDATE clinic_signature SET meaning = 'x'", "DELETE FROM clinic_signature"):
            refused = pytest.raises(DatabaseError, match="kept as it was written")
            with refused, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)

    @pytest.mark.parametrize(
        "change",
        [
            {"user": 99999},
            {"at": timezone.now() - RECENT - timedelta(seconds=1)},
            {"at": timezone.now() + timedelta(hours=1)},
        ],
    )
    def test_a_confirmation_of_another_or_of_another_time_signs_nothing(
        self, draft: Prescription, clinician: User, change: dict[str, Any]
    ) -> None:
        with pytest.raises(PermissionDenied, match="password again"):
            prescriptions.sign(draft, by=clinician, confirmed=replace(confirmed(clinician), **change))
        assert not Signature.objects.exists()
        assert not Prescription.objects.get().signed

    def test_who_may_not_sign_does_not(self, draft: Prescription) -> None:
        for user in (user_with(roles.THERAPIST), user_with(roles.CLINICIAN, another_clinic())):
            with pytest.raises(PermissionDenied):
                sign_document(draft, "words", "prescribed", by=user, confirmed=confirmed(user))

    def test_a_patient_signs_what_is_theirs_alone(self, ada: Patient, clinician: User) -> None:
        ben = patients.add_patient({**ADA, "given_name": "Ben"}, by=clinician)
        user = user_with(roles.PATIENT)
        PatientAccount.objects.create(user=user, patient=ada)
        mark = sign_document(ada, "words", "consented", by=user, confirmed=confirmed(user), act=roles.PORTAL)
        assert (mark.patient, mark.meaning) == (ada, "consented")
        with pytest.raises(PermissionDenied, match="somebody else"):
            sign_document(ben, "words", "consented", by=user, confirmed=confirmed(user), act=roles.PORTAL)

    def test_a_signature_has_a_meaning_and_something_stored_under_it(self, ada: Patient, clinician: User) -> None:
        with pytest.raises(ValueError, match="no meaning"):
            sign_document(ada, "words", "liked", by=clinician, confirmed=confirmed(clinician))
        unsaved = Patient(clinic=ada.clinic)
        with pytest.raises(ValueError, match="stored first"):
            sign_document(unsaved, "words", "reviewed", by=clinician, confirmed=confirmed(clinician))


class TestThePassword:
    NOON = datetime(2026, 3, 4, 12, tzinfo=timezone.get_default_timezone())

    def test_the_right_one_confirms(self, clinician: User) -> None:
        proof = confirm(clinician, PASSWORD, Try(clinician.username, "192.0.2.1"), self.NOON)
        assert proof == Confirmed(clinician.pk, self.NOON, "password")

    def test_wrong_ones_are_counted_with_those_of_signing_in(self, clinician: User) -> None:
        one = Try(clinician.username, "192.0.2.1")
        for _ in range(5):
            with pytest.raises(BadInput, match="password is not right"):
                confirm(clinician, "wrong", one, self.NOON)
        with pytest.raises(BadInput, match=r"tried too often.*60 seconds"):
            confirm(clinician, PASSWORD, one, self.NOON)
        assert AuditRow.objects.filter(act="refuse sign-in").count() == 5


class TestTheEditor:
    def post(self, browser: Client, ada: Patient, **more: str) -> Any:
        return browser.post(reverse("prescribe", args=[ada.pk]), {**WRITTEN, "act": "sign", **more})

    @pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", "x" * 200])
    def test_without_the_password_nothing_is_signed_or_kept(self, browser: Client, ada: Patient, password: str) -> None:
        answer = self.post(browser, ada, password=password)
        assert answer.status_code == 400
        page = answer.content.decode()
        assert "The password is not right. Nothing was signed" in page
        assert 'value="45 lb"' in page, "what was written stands on the page"
        assert password not in page or not password.strip()
        assert not Prescription.objects.exists()

    def test_a_password_that_is_no_text_is_refused_at_the_door(self, browser: Client, ada: Patient) -> None:
        assert self.post(browser, ada, password="x\0").status_code == 400
        assert not Prescription.objects.exists()

    def test_with_it_the_page_says_who_signed_what_it_means(self, browser: Client, ada: Patient) -> None:
        assert self.post(browser, ada, password=PASSWORD).status_code == 302
        page = browser.get(Prescription.objects.get().get_absolute_url()).content.decode()
        assert "a clinician, " in page
        assert "prescribed</dd>" in page
        assert Signature.objects.get().confirmed == "password"

    def test_a_draft_is_saved_without_it(self, browser: Client, ada: Patient) -> None:
        assert browser.post(reverse("prescribe", args=[ada.pk]), {**WRITTEN, "act": "save"}).status_code == 302
        assert not Prescription.objects.get().signed

    def test_the_seat_remembers_when_it_was_given(self, browser: Client, ada: Patient) -> None:
        self.post(browser, ada, password=PASSWORD)
        given = Seat.objects.get().confirmed_at
        assert given is not None
        assert abs(given - timezone.now()) < timedelta(minutes=1)

    def test_within_two_minutes_another_page_may_do_without(
        self, clinician: User, monkeypatch: pytest.MonkeyPatch, rf: Any
    ) -> None:
        from django.contrib.sessions.backends.db import SessionStore

        from opentraction.clinic import confirmed as page

        now = [timezone.now()]
        monkeypatch.setattr(page, "clock", lambda: now[0])
        request = rf.post("/", {"password": PASSWORD})
        request.user, request.session = clinician, SessionStore()
        request.session.create()
        assert page.confirmed(request).how == "password"
        again = rf.post("/", {})
        again.user, again.session = clinician, request.session
        now[0] += RECENT
        assert page.confirmed(again, recent=True).how == "recently"
        with pytest.raises(BadInput):
            page.confirmed(again)
        now[0] += timedelta(seconds=1)
        with pytest.raises(BadInput):
            page.confirmed(again, recent=True)
