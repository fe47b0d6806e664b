"""A patient's whole record: nothing that leads to the patient is left out, and nobody else's row is in it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models
from django.test.utils import isolate_apps

from opentraction.clinic import roles
from opentraction.clinic.actions.patients import add_patient
from opentraction.clinic.models import AuditRow, Patient, PatientAccount, TreatmentSession
from opentraction.clinic.records.actions.exporting import hand_out
from opentraction.clinic.records.belongs import path_to_patient, patient_tables
from opentraction.clinic.records.export import SECRETS, export_patient
from opentraction.clinic.records.package import export_zip
from tests.clinic_ground import ADA, another_clinic, user_with

pytestmark = pytest.mark.django_db


def leads_to_a_patient(table: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> bool:
    """Asked another way than the code asks: depth first, over every relation a row itself holds."""
    if table is Patient:
        return True
    there = [one.related_model for one in table._meta.get_fields() if one.concrete and one.is_relation]
    nexts = {one for one in there if isinstance(one, type) and one not in seen}
    return any(leads_to_a_patient(one, seen | {table}) for one in nexts)


def test_every_model_that_leads_to_a_patient_is_in_the_export(session: TreatmentSession) -> None:
    leading = {one._meta.label for one in apps.get_models(include_auto_created=True) if leads_to_a_patient(one)}
    assert len(leading) > 30
    assert set(export_patient(session.patient)["rows"]) == leading


@isolate_apps("opentraction.clinic.records")
def test_a_model_of_a_wing_to_come_is_found_though_it_says_nothing() -> None:
    class Letter(models.Model):
        session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "records"

    class Page(models.Model):
        letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "records"

    assert path_to_patient(Letter) == "session__patient"
    assert path_to_patient(Page) == "letter__session__patient"


def test_each_path_can_be_asked_of_the_database(ada: Patient) -> None:
    for table, path in patient_tables().items():
        assert models.QuerySet(table).filter(**{path: ada.pk}).count() >= 0


def test_the_record_holds_the_rows_and_nobody_elses(session: TreatmentSession, clinician: User) -> None:
    other = add_patient(ADA | {"given_name": "Zoë", "family_name": "Elsewhere"}, by=clinician)
    said = export_patient(session.patient)
    assert said["rows"]["clinic.Patient"][0]["given_name"] == "Ada"
    assert [row["id"] for row in said["rows"]["clinic.TreatmentSession"]] == [str(session.pk)]
    assert len(said["rows"]["consents.SignedConsent"]) == 1
    assert "Elsewhere" not in json.dumps(said, ensure_ascii=False)
    assert other.pseudonym not in json.dumps(said)
    assert not SECRETS & {name for rows in said["rows"].values() for row in rows for name in row}
    assert clinician.username in said["people"].values()


def test_acts_are_said_in_words(ada: Patient, clinician: User) -> None:
    said = export_patient(ada)["acts"]
    assert said[0]["who"] == clinician.username
    assert said[0]["what"].startswith("add patient")
    assert said[0]["at"].endswith("+00:00")
    assert len(said[0]["at"]) == 32


def test_the_same_record_is_the_same_zip(session: TreatmentSession) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    export_zip(session.patient, first)
    export_zip(session.patient, second)
    names = zipfile.ZipFile(first).namelist()
    assert {"record.json", "index.html", "manifest.json"} <= set(names)
    assert "papers/consent-" in "".join(names)
    assert first.getvalue() == second.getvalue()


def test_the_manifest_tells_the_hash_of_every_file_and_recordings_are_in_it(session: TreatmentSession) -> None:
    folder = Path(settings.DATA) / "recordings" / "a-session"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        (folder / "documents.jsonl").write_text(json.dumps({"doc": "start", "uid": str(session.pk)}) + "\n")
        (folder / "session.edf").write_bytes(b"0" * 300)
        file = io.BytesIO()
        export_zip(session.patient, file)
    finally:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    archive = zipfile.ZipFile(file)
    listed = json.loads(archive.read("manifest.json"))["files"]
    assert f"recordings/{session.pk}/session.edf" in {one["path"] for one in listed}
    for one in listed:
        body = archive.read(one["path"])
        assert (len(body), hashlib.sha256(body).hexdigest()) == (one["bytes"], one["sha256"])
    assert set(archive.namelist()) == {one["path"] for one in listed} | {"manifest.json"}


def test_the_page_inside_shows_words_not_markup(ada: Patient, clinician: User) -> None:
    bad = add_patient(ADA | {"complaint": "<script>alert(1)</script>"}, by=clinician)
    file = io.BytesIO()
    export_zip(bad, file)
    page = zipfile.ZipFile(file).read("index.html").decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_handing_out_leaves_a_row_and_needs_the_role(ada: Patient, clinician: User) -> None:
    packed = hand_out(ada, io.BytesIO(), by=clinician, page="/x")
    row = AuditRow.objects.order_by("-id")[0]
    assert (row.act, row.patient_id, row.detail["sha256"]) == ("export", ada.pk, packed[0].sha256)
    for role in (roles.FRONT_DESK, roles.THERAPIST, roles.ADMINISTRATOR, roles.AUDITOR):
        with pytest.raises(PermissionDenied):
            hand_out(ada, io.BytesIO(), by=user_with(role))
    with pytest.raises(PermissionDenied):
        hand_out(ada, io.BytesIO(), by=user_with(roles.CLINICIAN, another_clinic()))


def test_a_patient_takes_out_the_own_record_and_no_other(ada: Patient, clinician: User) -> None:
    user = user_with(roles.PATIENT)
    PatientAccount.objects.create(user=user, patient=ada)
    assert hand_out(ada, io.BytesIO(), by=user, act=roles.PORTAL)
    with pytest.raises(PermissionDenied):
        hand_out(add_patient(dict(ADA), by=clinician), io.BytesIO(), by=user, act=roles.PORTAL)
