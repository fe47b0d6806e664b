"""Acts of the clinic: role, rule and audit row stand or fall together; what is signed stays as it was."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from opentraction.clinic import roles
from opentraction.clinic.actions import audit, patients, prescriptions, treatments
from opentraction.clinic.chain import broken_link
from opentraction.clinic.models import AuditRow, Patient, Prescription, SignedPlan, TreatmentSession
from opentraction.clinic.models.clinical import Frozen
from opentraction.prescription import Plan
from opentraction.quantities import BadInput
from tests.clinic_ground import ADA, COURSE, DOCUMENT, confirmed, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(ada: Patient, clinician: User) -> Prescription:
    return prescriptions.sign(
        prescriptions.draft(ada, "Short", DOCUMENT, by=clinician), by=clinician, confirmed=confirmed(clinician)
    )


def test_pseudonyms_count_up_and_say_nothing_of_the_person(ada: Patient, clinician: User) -> None:
    ben = patients.add_patient({**ADA, "given_name": "Ben"}, by=clinician)
    assert (ada.pseudonym, ben.pseudonym) == ("P-001", "P-002")
    assert ada.as_person(date(2026, 1, 1)).document() == {
        "pseudonym": "P-001",
        "mass_kg": 70.0,
        "stature_m": 1.68,
        "age": 54.0,
        "sex": "female",
        "disc_grade": None,
        "levels": [],
    }


@pytest.mark.parametrize(("day", "age"), [(date(2026, 5, 22), 54), (date(2026, 5, 23), 55), (date(2026, 12, 31), 55)])
def test_a_birthday_is_counted_on_its_day(ada: Patient, day: date, age: int) -> None:
    assert ada.age_on(day) == age


def test_an_act_and_its_audit_row_share_one_fate(
    ada: Patient, clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = AuditRow.objects.count()

    def no_audit(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("the audit row could not be written")

    monkeypatch.setattr(prescriptions, "record", no_audit)
    with pytest.raises(DatabaseError), transaction.atomic():
        prescriptions.draft(ada, "Short", DOCUMENT, by=clinician)
    assert Prescription.objects.count() == 0
    assert AuditRow.objects.count() == rows


def test_an_audit_row_outside_a_transaction_is_refused(ada: Patient, clinician: User) -> None:
    # Tests run inside a transaction of their own, so the check is asked through a connection that says otherwise.
    connection.in_atomic_block, kept = False, connection.in_atomic_block
    try:
        with pytest.raises(RuntimeError, match="transaction of its act"):
            audit.record("look", ada, by=clinician)
    finally:
        connection.in_atomic_block = kept


def test_each_act_names_its_author(signed: Prescription, clinician: User) -> None:
    acts = list(AuditRow.objects.values_list("act", "by__username"))
    assert acts == [
        ("add patient", clinician.username),
        ("draft prescription", clinician.username),
        ("sign", clinician.username),
        ("sign prescription", clinician.username),
    ]
    assert broken_link() is None


def test_a_changed_audit_row_breaks_the_chain(signed: Prescription) -> None:
    with connection.cursor() as cursor:
        where = " ON clinic_auditrow" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER clinic_auditrow_no_update{where}")
        cursor.execute("UPDATE clinic_auditrow SET act = 'nothing' WHERE id = (SELECT min(id) FROM clinic_auditrow)")
    broken = broken_link()
    assert broken is not None
    assert AuditRow.objects.get(pk=broken.row).act == "nothing"


def test_signing_freezes_the_plan_and_its_hash(signed: Prescription, clinician: User) -> None:
    plan = signed.plans.get()
    assert Plan.from_canonical(plan.canonical).sha256 == plan.sha256
    assert signed.signed_by == clinician
    assert signed.signed_at is not None
    signed.title = "Stronger"
    with pytest.raises(Frozen):
        signed.save()
    with pytest.raises(Frozen):
        prescriptions.redraft(signed, "Stronger", DOCUMENT.replace("45", "60"), by=clinician)
    with pytest.raises(Frozen):
        prescriptions.sign(signed, by=clinician, confirmed=confirmed(clinician))
    with pytest.raises(Frozen):
        plan.save()
    assert Prescription.objects.get(pk=signed.pk).title == "Short"


@pytest.mark.parametrize("model", [Patient, Prescription, SignedPlan, TreatmentSession, AuditRow])
def test_no_back_door_past_save(signed: Prescription, model: Any) -> None:
    for way in (
        lambda rows: rows.update(pk=1),
        lambda rows: rows.delete(),
        lambda rows: rows.bulk_create([]),
        lambda rows: rows.bulk_update([], ["pk"]),
    ):
        with pytest.raises(Frozen):
            way(model.objects.all())


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE clinic_prescription SET title = 'x'",
        "DELETE FROM clinic_prescription",
        "UPDATE clinic_signedplan SET canonical = 'x'",
        "DELETE FROM clinic_signedplan",
        "UPDATE clinic_auditrow SET act = 'x'",
        "DELETE FROM clinic_auditrow",
    ],
)
def test_the_database_itself_refuses(signed: Prescription, sql: str) -> None:
    refused = pytest.raises(DatabaseError, match="kept as it was written")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_amendment_is_a_new_version_and_the_old_one_stays(signed: Prescription, clinician: User) -> None:
    draft = prescriptions.amend(signed, by=clinician)
    assert (draft.version, draft.replaces, draft.signed) == (2, signed, False)
    assert treatments.newest_signed(signed.patient) == signed
    prescriptions.redraft(draft, "Stronger", DOCUMENT.replace("45", "55"), by=clinician)
    newer = prescriptions.sign(draft, by=clinician, confirmed=confirmed(clinician))
    assert treatments.newest_signed(signed.patient) == newer
    with pytest.raises(BadInput, match="newest signed"):
        treatments.begin(signed, by=clinician)


def test_a_course_signs_one_plan_for_each_session(ada: Patient, clinician: User) -> None:
    course = prescriptions.sign(
        prescriptions.draft(ada, "Course", COURSE, by=clinician), by=clinician, confirmed=confirmed(clinician)
    )
    peaks = [round(Plan.from_canonical(one.canonical).peak) for one in course.plans.all()]
    assert peaks == [200, 222, 245]
    first = treatments.begin(course, by=clinician)
    assert first.plan.session == 1
    treatments.take_in(first, treatments.Outcome("stopped", "", first.created, None, None, {"treatment_s": 0.05}, "x"))
    assert treatments.begin(course, by=clinician).plan.session == 2


@pytest.mark.parametrize("summary", [{"treatment_s": 0.0}, {"treatment_s": None}, {"peak_force_n": 12.0}, {}, None])
def test_a_set_up_that_never_pulled_does_not_advance_the_course(
    ada: Patient, clinician: User, summary: dict[str, Any] | None
) -> None:
    course = prescriptions.sign(
        prescriptions.draft(ada, "Course", COURSE, by=clinician), by=clinician, confirmed=confirmed(clinician)
    )
    first = treatments.begin(course, by=clinician)
    treatments.take_in(first, treatments.Outcome("interrupted", "", first.created, None, None, summary or {}, "x"))
    if summary is None:
        first.refresh_from_db()
        first.summary = None
        first.save()
    again = treatments.begin(course, by=clinician)
    assert again != first
    assert again.plan.session == 1


def test_an_open_session_is_opened_again_and_not_doubled(signed: Prescription, clinician: User) -> None:
    assert treatments.begin(signed, by=clinician) == treatments.begin(signed, by=clinician)
    assert TreatmentSession.objects.count() == 1


def test_a_plan_outgrown_is_not_treated(signed: Prescription, clinician: User) -> None:
    patient = signed.patient
    patients.change_patient(patient, {"mass_kg": 64.0}, by=clinician)
    with pytest.raises(BadInput, match="sign it again"):
        treatments.begin(Prescription.objects.get(pk=signed.pk), by=clinician)
    patients.change_patient(patient, {"mass_kg": 70.0, "ceiling_n": 210.0}, by=clinician)
    with pytest.raises(BadInput, match="ceiling"):
        treatments.begin(Prescription.objects.get(pk=signed.pk), by=clinician)


def test_an_unsigned_or_foreign_plan_is_not_treated(signed: Prescription, clinician: User) -> None:
    ben = patients.add_patient({**ADA, "given_name": "Ben"}, by=clinician)
    draft = prescriptions.draft(ben, "Draft", DOCUMENT, by=clinician)
    with pytest.raises(BadInput):
        treatments.begin(draft, by=clinician)
    with pytest.raises(Frozen):
        TreatmentSession(patient=ben, plan=signed.plans.get(), operator=clinician).save()


@pytest.mark.parametrize(("role", "allowed"), [(roles.CLINICIAN, True), (roles.THERAPIST, False), (None, False)])
def test_only_clinicians_prescribe(ada: Patient, role: str | None, allowed: bool) -> None:
    user = User.objects.get(username="a clinician") if role == roles.CLINICIAN else user_with(role)
    if allowed:
        prescriptions.draft(ada, "Short", DOCUMENT, by=user)
        return
    with pytest.raises(PermissionDenied):
        prescriptions.draft(ada, "Short", DOCUMENT, by=user)
    assert Prescription.objects.count() == 0


def test_a_finished_recording_is_taken_in_once(signed: Prescription, clinician: User) -> None:
    session = treatments.begin(signed, by=clinician)
    outcome = treatments.Outcome("completed", "treatment finished", session.created, session.created, 8, {}, "folder")
    assert treatments.take_in(session, outcome) is True
    other = treatments.Outcome("fault", "drive fault", None, None, None, {}, "elsewhere")
    assert treatments.take_in(session, other) is False
    assert TreatmentSession.objects.get(pk=session.pk).ending == "completed"
    assert AuditRow.objects.filter(act="take in recording").count() == 1
