"""Requests to correct the record: kept beside the row, decided once, changed by nobody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from opentraction.clinic import roles
from opentraction.clinic.actions.patients import add_patient
from opentraction.clinic.intake.models import Screening
from opentraction.clinic.models import AuditRow, Patient, PatientAccount, TreatmentSession
from opentraction.clinic.models.clinical import Frozen
from opentraction.clinic.outcomes.models import ExaminationRow
from opentraction.clinic.records.actions.amending import amendments_of, ask_amendment, decide
from opentraction.clinic.records.export import export_patient
from opentraction.clinic.records.models import Amendment, AmendmentDecision
from opentraction.quantities import BadInput
from tests.clinic_ground import ADA, another_clinic, user_with
from tests.outcomes_ground import examination_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def asked(patient: Patient, by: User, about: str = "") -> Amendment:
    return ask_amendment(patient, "It was L4-L5.", "The scan says so.", by=by, now=NOW, about=about)


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_a_request_stands_beside_its_row_and_in_the_export(session: TreatmentSession, clinician: User) -> None:
    one = asked(session.patient, clinician, f"clinic.treatmentsession:{session.pk}")
    assert list(amendments_of(session)) == [one]
    decide(one, False, "The session was as recorded.", by=clinician, now=NOW)
    rows = export_patient(session.patient)["rows"]
    assert rows["records.Amendment"][0]["what"] == "It was L4-L5."
    assert rows["records.AmendmentDecision"][0]["accepted"] is False
    acts = AuditRow.objects.filter(act__contains="amendment").values_list("act", "patient")
    assert list(acts.order_by("id")) == [("ask for amendment", one.patient_id), ("refuse amendment", one.patient_id)]


@pytest.mark.parametrize(
    "about", ["clinic.patient:999", "clinic.nothing:1", "x", "clinic.treatmentsession:y", "auth.user:1"]
)
def test_what_is_no_row_of_this_record_is_refused(about: str, ada: Patient, clinician: User) -> None:
    with pytest.raises(BadInput, match="a row of this record"):
        asked(ada, clinician, about)


def test_a_row_of_somebody_else_is_refused(session: TreatmentSession, clinician: User) -> None:
    other = add_patient(dict(ADA), by=clinician)
    with pytest.raises(BadInput):
        asked(other, clinician, f"clinic.treatmentsession:{session.pk}")


def test_it_is_decided_once_by_who_may_sign(ada: Patient, clinician: User) -> None:
    one = asked(ada, user_with(roles.THERAPIST))
    with pytest.raises(PermissionDenied):
        decide(one, True, "Yes.", by=user_with("front-desk"), now=NOW)
    decide(one, True, "Yes.", by=clinician, now=NOW)
    with pytest.raises(BadInput, match="made already"):
        decide(Amendment.objects.get(), False, "No.", by=clinician, now=NOW)
    assert AmendmentDecision.objects.get().accepted


def test_nothing_of_it_changes_by_model_or_by_sql(ada: Patient, clinician: User) -> None:
    one = asked(ada, clinician)
    made = decide(one, True, "Yes.", by=clinician, now=NOW)
    for row in (one, made):
        with pytest.raises(Frozen):
            row.save()
        with pytest.raises(Frozen):
            row.delete()
    for sql in ("UPDATE records_amendment SET what = 'x'", "DELETE FROM records_amendmentdecision"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_a_patient_asks_of_the_own_record_only(ada: Patient, clinician: User) -> None:
    user = user_with(roles.PATIENT)
    PatientAccount.objects.create(user=user, patient=ada)
    ask_amendment(ada, "a", "b", by=user, now=NOW, act=roles.PORTAL)
    with pytest.raises(PermissionDenied):
        ask_amendment(add_patient(dict(ADA), by=clinician), "a", "b", by=user, now=NOW, act=roles.PORTAL)


def test_the_page_asks_decides_and_takes_out(ada: Patient, clinician: User) -> None:
    browser, page = browser_of(clinician), f"/patients/{ada.pk}/record"
    assert b"Nobody has asked" in browser.get(page).content
    refused = browser.post(f"/patients/{ada.pk}/amendments", {"what": "Say <b>this</b>", "why": " "})
    assert refused.status_code == 400
    assert b"Say &lt;b&gt;this" in refused.content
    assert browser.post(f"/patients/{ada.pk}/amendments", {"what": "This", "why": "So"}).status_code == 302
    one = Amendment.objects.get()
    assert browser.post(f"/amendments/{one.pk}/decide", {"do": "accept", "reason": ""}).status_code == 400
    assert browser.post(f"/amendments/{one.pk}/decide", {"do": "accept", "reason": "Right"}).status_code == 302
    assert b"accepted" in browser.get(page).content
    answer = browser.post(f"/patients/{ada.pk}/record.zip")
    assert answer["Content-Disposition"] == f'attachment; filename="record-{ada.pseudonym}.zip"'
    assert answer.content[:2] == b"PK"
    assert AuditRow.objects.filter(act="export", patient=ada, page=f"/patients/{ada.pk}/record.zip").count() == 1
    assert AuditRow.objects.filter(act="read", patient=ada, page=page).count() == 2


def test_another_clinic_finds_nothing(ada: Patient, clinician: User) -> None:
    one, browser = asked(ada, clinician), browser_of(user_with(roles.CLINICIAN, another_clinic()))
    assert browser.get(f"/patients/{ada.pk}/record").status_code == 404
    for path in (f"patients/{ada.pk}/record.zip", f"patients/{ada.pk}/amendments", f"amendments/{one.pk}/decide"):
        assert browser.post(f"/{path}", {"do": "accept", "reason": "x"}).status_code == 404


def test_what_was_asked_stands_on_the_page_of_its_row(ada: Patient, session: TreatmentSession, clinician: User) -> None:
    verdict = Screening.objects.get(patient=ada)
    found = ExaminationRow.objects.get(pk=examination_of(ada, clinician))
    pages = {
        session.plan.prescription: reverse("prescription", args=[session.plan.prescription.pk]),
        verdict: reverse("intake:verdict", args=[verdict.pk]),
        found: reverse("outcomes:examination", args=[found.pk]),
    }
    browser = browser_of(clinician)
    for row, page in pages.items():
        assert "Correction asked for" not in browser.get(page).content.decode()
        one = asked(ada, clinician, f"{row._meta.label_lower}:{row.pk}")
        assert "Correction asked for" in browser.get(page).content.decode()
        decide(one, True, "Right.", by=clinician, now=NOW)
        said = browser.get(page).content.decode()
        assert "Correction accepted" in said
        assert "It was L4-L5." in said
