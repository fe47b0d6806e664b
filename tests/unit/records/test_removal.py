"""A record whose time has passed is removed by two people: nothing of the person stays, and what proves stays whole."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opentraction.app.commands.audit import _check
from opentraction.clinic import roles
from opentraction.clinic.actions.patients import add_patient
from opentraction.clinic.chain import broken_link
from opentraction.clinic.checks import expected
from opentraction.clinic.frozen_rows import let_go, there
from opentraction.clinic.models import AuditRow, Patient, Signature, TreatmentSession
from opentraction.clinic.records.actions import removing
from opentraction.clinic.records.actions.exporting import hand_out
from opentraction.clinic.records.actions.holding import turn_hold
from opentraction.clinic.records.actions.removing import ask_removal, remove
from opentraction.clinic.records.belongs import patient_tables, rows_about
from opentraction.clinic.records.loading import load_whole
from opentraction.clinic.records.models import Removal
from opentraction.clinic.records.removing import STAYS, sweep
from opentraction.clinic.records.whole import export_whole
from opentraction.quantities import BadInput
from tests.cleared import clear
from tests.clinic_ground import ADA, PASSWORD, another_clinic, confirmed, user_with

pytestmark = pytest.mark.django_db
LATER = datetime(2060, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)
ADAS = ('"Ada"', '"P-001"', '"555-0101"', '"ada@example.org"')
"""What says of a row of the demo that it is its first patient's."""
NONE = "The patient has died; nobody asked for a copy."


@pytest.fixture
def grace() -> User:
    return user_with(roles.ADMINISTRATOR)


@pytest.fixture
def kay() -> User:
    one = User.objects.create_user("kay", password=PASSWORD)
    roles.give(one, roles.ADMINISTRATOR)
    return one


def removed(patient: Patient, one: User, other: User) -> Removal:
    return remove(ask_removal(patient, NONE, by=one, now=LATER), by=other, confirmed=confirmed(other), now=LATER)


def about(patient: Patient) -> dict[str, int]:
    """Rows that still lead to the patient, but for what stays."""
    counts = {
        table._meta.label: rows_about(table, path, patient).count()
        for table, path in patient_tables().items()
        if table._meta.label not in STAYS
    }
    return {label: count for label, count in counts.items() if count}


def whole() -> bytes:
    out = BytesIO()
    export_whole(out)
    return out.getvalue()


def test_everything_of_the_demos_patient_goes_and_the_record_of_acts_stays_whole(kay: User, grace: User) -> None:
    call_command("demo", password=PASSWORD, stdout=StringIO())
    ada = Patient.objects.get(number=1)
    before, kinds = AuditRow.objects.count(), len(about(ada))
    assert kinds > 20
    assert all(one.encode() in whole() for one in ADAS)
    row = removed(ada, grace, kay)
    assert about(ada) == {"clinic.Signature": 1}, "the signature under the removal"
    assert len(row.counts) == kinds
    assert row.rows == sum(row.counts.values()) > 50
    left = [line for line in whole().decode().splitlines() if any(one in line for one in ADAS)]
    assert left == []
    assert broken_link() is None
    assert AuditRow.objects.count() > before
    assert there() == expected(), "the triggers stand again"
    assert Patient.objects.exclude(number=1).exists()


def test_what_stays_says_what_was_removed_when_by_whom_and_on_which_rule(
    ada: Patient, session: TreatmentSession, grace: User, kay: User
) -> None:
    row = removed(ada, grace, kay)
    assert (row.request.rule, row.request.years, row.request.by, row.by) == ("record", 10, grace, kay)
    assert row.request.copy == f"no copy: {NONE}"
    assert row.recordings == [str(session.pk)]
    assert row.counts["clinic.TreatmentSession"] == 1
    signature = Signature.objects.get(kind="records.removalrequest", object_id=str(row.request.pk))
    assert signature.is_of(row.request.canonical())
    acts = list(AuditRow.objects.order_by("-id").values_list("act", "by__username", "patient_id")[:3])
    assert acts[0] == ("remove record", "kay", ada.pk)
    assert AuditRow.objects.filter(patient=ada, act="ask for removal").exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        models.QuerySet(Removal).update(sha256="0" * 64)


def test_the_patient_is_gone_from_every_list_and_the_number_is_not_given_again(
    ada: Patient, grace: User, kay: User, clinician: User
) -> None:
    removed(ada, grace, kay)
    assert not Patient.objects.seen_by(clinician).filter(pk=ada.pk).exists()
    browser = Client()
    browser.force_login(clinician)
    assert browser.get(reverse("patient", args=[ada.pk])).status_code == 404
    ada.refresh_from_db()
    assert (ada.given_name, ada.family_name, ada.mass_kg, ada.birth_date.year) == ("", "", 0.0, 1900)
    assert ada.number == 1


class TestRefusals:
    def test_before_its_time(self, ada: Patient, grace: User) -> None:
        with pytest.raises(BadInput, match="too early"):
            ask_removal(ada, NONE, by=grace, now=timezone.now() + timedelta(days=9 * 365))

    def test_while_it_is_held_also_when_the_hold_comes_between(self, ada: Patient, grace: User, kay: User) -> None:
        asked = ask_removal(ada, NONE, by=grace, now=LATER)
        turn_hold(ada, True, "Letter of a court", by=kay, now=LATER)
        with pytest.raises(BadInput, match="held"):
            remove(asked, by=kay, confirmed=confirmed(kay), now=LATER)
        with pytest.raises(BadInput, match="held"):
            ask_removal(ada, NONE, by=grace, now=LATER + timedelta(days=60))
        assert Patient.objects.get(pk=ada.pk).given_name == "Ada"

    def test_one_person_alone(self, ada: Patient, grace: User) -> None:
        asked = ask_removal(ada, NONE, by=grace, now=LATER)
        with pytest.raises(BadInput, match="another person"):
            remove(asked, by=grace, confirmed=confirmed(grace), now=LATER)

    def test_somebody_who_may_not(self, ada: Patient, clinician: User, grace: User) -> None:
        for user in (clinician, user_with(roles.ADMINISTRATOR, another_clinic())):
            with pytest.raises(PermissionDenied):
                ask_removal(ada, NONE, by=user, now=LATER)

    def test_without_a_signature(self, ada: Patient, grace: User, kay: User) -> None:
        asked = ask_removal(ada, NONE, by=grace, now=LATER)
        with pytest.raises(PermissionDenied):
            remove(asked, by=kay, confirmed=confirmed(grace), now=LATER)
        assert Removal.objects.count() == 0

    def test_a_request_of_long_ago_and_one_asked_twice(self, ada: Patient, grace: User, kay: User) -> None:
        asked = ask_removal(ada, NONE, by=grace, now=LATER)
        with pytest.raises(BadInput, match="already"):
            ask_removal(ada, NONE, by=kay, now=LATER)
        month = LATER + timedelta(days=31)
        with pytest.raises(BadInput, match="not waiting"):
            remove(asked, by=kay, confirmed=confirmed(kay), now=month)

    def test_without_a_copy_or_a_reason(self, ada: Patient, grace: User) -> None:
        with pytest.raises(BadInput, match="copy"):
            ask_removal(ada, "", by=grace, now=LATER)


def test_a_copy_that_was_taken_out_is_named_by_its_hash(
    ada: Patient, clinician: User, grace: User, kay: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = hand_out(ada, BytesIO(), by=clinician)
    monkeypatch.setattr(removing, "STANDS", timedelta(days=20000))
    asked = ask_removal(ada, by=grace, now=LATER)
    assert packed[0].sha256 in asked.copy


def test_recordings_go_and_so_does_what_an_old_backup_brings_back(
    ada: Patient,
    session: TreatmentSession,
    grace: User,
    kay: User,
    settings: LazySettings,
    tmp_path: Path,
    django_capture_on_commit_callbacks: object,
) -> None:
    settings.DATA = tmp_path

    def recorded(name: str, uid: str) -> Path:
        folder = tmp_path / "recordings" / name
        folder.mkdir(parents=True)
        (folder / "documents.jsonl").write_text(json.dumps({"doc": "start", "uid": uid}) + "\n", "utf-8")
        (folder / "session.edf").write_bytes(b"0" * 100)
        return folder

    mine, other = recorded("one", str(session.pk)), recorded("two", "3f0c6c9e-5d8e-4f39-9d5e-0a4f4c1b2a77")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        removed(ada, grace, kay)
    assert (mine.exists(), other.exists()) == (False, True)
    again = recorded("one", str(session.pk))
    assert sweep() == 1
    assert (again.exists(), other.exists()) == (False, True)


def test_the_page_asks_and_another_confirms(ada: Patient, grace: User, kay: User, settings: LazySettings) -> None:
    for model, when in ((AuditRow, {"at": LONG_AGO}), (Patient, {"created": LONG_AGO})):
        with transaction.atomic(), let_go([model._meta.db_table]):
            models.QuerySet(model).update(**when)
    one, other = Client(), Client()
    one.force_login(grace)
    other.force_login(kay)
    page = reverse("records:retention")
    assert "Ask to remove it" in one.get(page).content.decode()
    refused = one.post(page, {"patient": "P-001", "do": "ask", "no_copy": ""})
    assert (refused.status_code, b"copy is missing" in refused.content) == (400, True)
    assert one.post(page, {"patient": "P-001", "do": "ask", "no_copy": NONE}).status_code == 302
    assert "Another person who manages the clinic" in one.get(page).content.decode()
    assert one.post(page, {"patient": "P-001", "do": "remove", "password": PASSWORD}).status_code == 400
    assert other.post(page, {"patient": "P-001", "do": "remove", "password": "wrong"}).status_code == 400
    assert Patient.objects.get(pk=ada.pk).given_name == "Ada"
    assert other.post(page, {"patient": "P-001", "do": "remove", "password": PASSWORD}).status_code == 302
    said = one.get(page).content.decode()
    assert "record: 10 years" in said
    assert "Ask to remove it" not in said


def _a_clinic_after_a_removal() -> None:
    user, one, other = user_with(roles.CLINICIAN), user_with(roles.ADMINISTRATOR), User.objects.create_user("kay")
    roles.give(other, roles.ADMINISTRATOR)
    ada, ben = (add_patient(ADA | {"given_name": name}, by=user) for name in ("Ada", "Ben"))
    clear(ada, user)
    clear(ben, user)
    removed(ada, one, other)


def test_what_was_removed_is_not_in_a_backup_made_since_and_the_restored_record_is_whole() -> None:
    file = BytesIO()
    with transaction.atomic():
        _a_clinic_after_a_removal()
        export_whole(file)
        transaction.set_rollback(True)
    assert b'"Ben"' in file.getvalue()
    assert b'"Ada"' not in file.getvalue()
    file.seek(0)
    load_whole(file)
    assert broken_link() is None
    assert Removal.objects.get().request.patient.given_name == ""
    assert there() == expected()


def test_the_command_says_that_the_record_of_acts_is_whole_after_a_removal(
    ada: Patient, grace: User, kay: User, capsys: pytest.CaptureFixture[str]
) -> None:
    removed(ada, grace, kay)
    assert _check(Namespace()) == 0
    assert "is whole" in capsys.readouterr().out
