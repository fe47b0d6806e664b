"""What the API does: the acts of the pages, their rows, their refusals, each with its own status."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from opentraction.clinic import access, roles
from opentraction.clinic.api import document
from opentraction.clinic.models import AuditRow, Patient, TreatmentSession
from tests import agenda_ground, money_ground
from tests.api_ground import HERE, posted, with_key
from tests.clinic_ground import another_clinic, user_with
from tests.specimens import Ground, address

pytestmark = pytest.mark.django_db
NEW: dict[str, Any] = {
    "given_name": "Bea",
    "family_name": "Example",
    "birth_date": "1980-02-29",
    "mass_kg": 71.5,
    "stature_m": 1.7,
    "levels": ["L5-S1"],
}


@pytest.fixture
def program(clinician: User) -> Client:
    return with_key(clinician)


def refused(answer: Any) -> tuple[int, str]:
    """Its status and sentence, once it is a problem of RFC 9457."""
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["title"]
    return answer.status_code, told["detail"]


def test_me(program: Client, clinician: User) -> None:
    told = program.get(HERE + "/me").json()
    assert told["user"] == clinician.username
    assert "look" in told["acts"]
    assert "sign" not in told["acts"]


def test_a_patient_is_taken_in_found_and_amended(program: Client) -> None:
    made = posted(program, "/patients", NEW)
    assert made.status_code == 201
    pk = made.json()["id"]
    assert made.json()["body"]["mass_kg"] == 71.5
    found = program.get(HERE + "/patients", {"search": "Bea"}).json()
    assert [one["id"] for one in found["patients"]] == [pk]
    amended = posted(program, f"/patients/{pk}", {"mass_kg": 73.25}).json()
    assert (amended["body"]["mass_kg"], amended["given_name"]) == (73.25, "Bea")
    assert Patient.objects.get(pk=pk).stature_m == 1.7
    assert set(AuditRow.objects.values_list("act", flat=True)) >= {"add patient", "change patient", "read list"}


def test_how_a_patient_is_reached_is_told_and_amended(program: Client, ada: Patient) -> None:
    made = posted(program, "/patients", NEW | {"phone": "555-0101", "email": "bea@example.org"}).json()
    assert (made["phone"], made["email"]) == ("555-0101", "bea@example.org")
    assert program.get(f"{HERE}/patients/{ada.pk}").json()["phone"] == ""
    desk = with_key(user_with(roles.FRONT_DESK, ada.clinic))
    assert posted(desk, f"/patients/{ada.pk}", {"phone": "555-0102"}).json()["phone"] == "555-0102"
    assert posted(desk, f"/patients/{ada.pk}", {"phone": ""}).json()["phone"] == ""
    assert refused(posted(desk, f"/patients/{ada.pk}", {"email": None}))[0] == 422
    listed = program.get(HERE + "/patients").json()["patients"]
    assert all("phone" not in one for one in listed)


def test_pages_are_counted(program: Client, ada: Patient) -> None:
    for number in range(50):
        Patient(
            clinic=ada.clinic, **{name: getattr(ada, name) for name in FIELDS} | {"given_name": f"No{number}"}
        ).save()
    first = program.get(HERE + "/patients").json()
    assert (first["count"], first["next"], len(first["patients"])) == (51, 2, 50)
    last = program.get(HERE + "/patients", {"page": 2}).json()
    assert (last["next"], len(last["patients"])) == (None, 1)


FIELDS = ("family_name", "birth_date", "sex", "mass_kg", "stature_m", "region")


def test_the_front_desk_sees_no_body_and_judges_nothing(ada: Patient) -> None:
    desk = with_key(user_with(roles.FRONT_DESK, ada.clinic))
    assert desk.get(f"{HERE}/patients/{ada.pk}").json()["body"] is None
    assert refused(posted(desk, f"/patients/{ada.pk}", {"ceiling_n": 300.0}))[0] == 403
    assert posted(desk, f"/patients/{ada.pk}", {"given_name": "Adele"}).json()["given_name"] == "Adele"
    keys = {step["key"] for step in desk.get(f"{HERE}/patients/{ada.pk}/road").json()["steps"]}
    assert "outcomes" not in keys


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"{", 400, "JSON"),
        (b"[]", 422, "object"),
        (json.dumps(NEW | {"mass_kg": "71 kg"}).encode(), 422, "mass_kg"),
        (json.dumps(NEW | {"mass_kg": 710.0}).encode(), 422, "mass"),
        (json.dumps(NEW | {"shoe": 43}).encode(), 422, "shoe"),
        (json.dumps(NEW | {"birth_date": "tomorrow"}).encode(), 422, "birth_date"),
        (json.dumps(NEW | {"phone": "none"}).encode(), 422, "Phone"),
        (json.dumps(NEW | {"email": "none"}).encode(), 422, "E-mail"),
        (json.dumps(NEW | {"given_name": "a\nb"}).encode(), 422, "iven name"),
        (json.dumps(NEW | {"mass_kg": float("nan")}).encode(), 422, "mass_kg"),
    ],
)
def test_bad_bodies(body: bytes, status: int, says: str, program: Client) -> None:
    got, sentence = refused(program.post(HERE + "/patients", body, content_type="application/json"))
    assert got == status
    assert says in sentence
    assert not Patient.objects.filter(given_name="Bea").exists()


def test_each_refusal_has_its_own_status(program: Client, ada: Patient) -> None:
    where = f"{HERE}/patients"
    assert refused(Client().get(where))[0] == 401
    assert refused(with_key(user_with(roles.AUDITOR)).get(where))[0] == 403
    assert refused(program.get(f"{where}/999"))[0] == 404
    assert refused(program.get(f"{HERE}/nothing/here"))[0] == 404
    assert refused(program.post(f"{HERE}/nothing/here", {}))[0] == 415
    assert refused(program.get(f"{where}/%0A"))[0] == 404  # no part of an address falls out of the API
    answer = program.delete(f"{where}/{ada.pk}")
    assert refused(answer)[0] == 405
    assert answer["Allow"] == "GET, POST"
    assert refused(program.post(where, "x" * 300_000, content_type="application/json"))[0] == 413
    assert refused(program.post(where, "a=1", content_type="application/x-www-form-urlencoded"))[0] == 415


def test_a_session_given_without_an_appointment_counts(program: Client, session: TreatmentSession) -> None:
    agenda_ground.ready(session.patient.clinic)
    day = agenda_ground.timezone.now().date() + agenda_ground.timedelta(days=2)
    session.started = agenda_ground.at(9, day=day)
    session.ended = session.started + agenda_ground.timedelta(minutes=30)
    session.ending, session.summary = "completed", {"treatment_s": 1800.0}
    session.save()
    asked = {"patient": session.patient.pk, "first": day}
    free = program.get(f"{HERE}/calendar/free", asked).json()["free"]
    next_day = (day + agenda_ground.timedelta(days=1)).isoformat()
    assert free[0]["start"].startswith(f"{next_day}T08:00")
    same_day = {"patient": session.patient.pk, "start": f"{day.isoformat()}T15:00:00Z"}
    status, why = refused(posted(program, "/appointments", same_day))
    assert status == 409
    assert "was treated that day" in why
    assert posted(program, "/appointments", {**same_day, "start": free[0]["start"]}).status_code == 201


def test_booking_moving_and_cancelling(program: Client, ada: Patient) -> None:
    agenda_ground.ready(ada.clinic)
    first = agenda_ground.timezone.now().date() + agenda_ground.timedelta(days=2)
    free = program.get(f"{HERE}/calendar/free", {"patient": ada.pk, "first": first}).json()["free"]
    made = posted(program, "/appointments", {"patient": ada.pk, "start": free[0]["start"]})
    assert made.status_code == 201
    again = posted(program, "/appointments", {"patient": ada.pk, "start": free[0]["start"]})
    assert refused(again)[0] == 409
    pk = made.json()["id"]
    moved = posted(program, f"/appointments/{pk}/move", {"start": free[8]["start"]}).json()
    assert moved["starts"] == free[8]["start"]
    assert [one["id"] for one in program.get(f"{HERE}/calendar", {"first": first}).json()["appointments"]] == [pk]
    assert refused(posted(program, f"/appointments/{pk}/act", {"act": "cancel"}))[0] == 422
    gone = posted(program, f"/appointments/{pk}/act", {"act": "cancel", "why": "ill"}).json()
    assert (gone["state"], gone["cancelled_why"]) == ("cancelled", "ill")
    assert program.get(f"{HERE}/appointments/{pk}").json() == gone


def test_a_form_is_handed_in_and_read_back(program: Client, ada: Patient) -> None:
    known = {one["id"]: one for one in program.get(f"{HERE}/instruments").json()["instruments"]}
    item = known["nprs_back"]["items"][1]["id"]
    assert item == "average"
    today = agenda_ground.timezone.now().date().isoformat()
    body = {"instrument": "nprs_back", "taken": today, "answers": {item: 4}}
    made = posted(program, f"/patients/{ada.pk}/outcomes", body)
    assert made.status_code == 201, made.content
    assert made.json()["value"] == 4
    told = program.get(f"{HERE}/patients/{ada.pk}/outcomes").json()
    assert made.json()["id"] in {form["id"] for form in told["forms"]}
    assert program.get(f"{HERE}/outcome-forms/{made.json()['id']}").json() == made.json()
    for wrong in ({"answers": {item: 11}}, {"answers": {"strange": 1}}, {"answers": {}}, {"instrument": "none"}):
        assert refused(posted(program, f"/patients/{ada.pk}/outcomes", body | wrong))[0] == 422


def test_money(program: Client, session: TreatmentSession) -> None:
    row = money_ground.invoice_of(session.patient, session.operator)
    told = program.get(f"{HERE}/patients/{session.patient_id}/invoices").json()
    assert [one["number"] for one in told["invoices"]] == [row.shown]
    whole = program.get(f"{HERE}/invoices/{row.pk}").json()
    assert (whole["cents"], whole["invoice"]) == (row.cents, row.bill.document())
    kept = money_ground.estimate_of(session.patient, session.operator)
    assert program.get(f"{HERE}/estimates/{kept.pk}").json()["estimate"] == kept.course.document()


def test_the_whole_record_leaves_with_an_act(program: Client, ada: Patient) -> None:
    answer = posted(program, f"/patients/{ada.pk}/export", {})
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert any(name.endswith(".json") for name in names)
    assert AuditRow.objects.filter(act="export", patient=ada).exists()


def reads_of_the_api() -> list[str]:
    return [name for name in access.table() if name.startswith("api:") and access.needed(name, "get")]


@pytest.mark.parametrize("name", [one for one in reads_of_the_api() if one not in {"api:free", "api:calendar"}])
def test_every_read_answers_as_its_document_says_and_leaves_a_row(
    name: str, program: Client, session: TreatmentSession
) -> None:
    where = address(name, Ground(session.patient, session))
    before = AuditRow.objects.filter(act__in=["read", "read list"]).count()
    answer = program.get(where, {"name": "Eve"} if name == "api:specialists" else {})
    assert answer.status_code == (404 if name == "api:nowhere" else 200), answer.content
    assert answer["Cache-Control"] == "no-store"
    left = AuditRow.objects.filter(act__in=["read", "read list"]).count() - before
    assert left == (0 if name in NOT_OF_A_PATIENT else 1)


NOT_OF_A_PATIENT = {"api:me", "api:instruments", "api:specialists", "api:specialist", "api:nowhere"}


def test_the_document_names_every_operation_and_nothing_that_signs_or_pulls() -> None:
    whole = document.document()
    assert whole["openapi"].startswith("3.1")
    told = {(where, method) for method, where, _ in document.operations(whole)}
    assert len(told) == sum(len(needs) for name, needs in access.table().items() if name.startswith("api:")) - 2
    words = " ".join(where for where, _ in told)
    for never in ("sign", "consent", "override", "table", "treatments", "prescri"):
        assert never not in words


def test_the_page_for_people_names_every_operation(client: Client) -> None:
    page = client.get("/api/v1/").content.decode()
    for _, where, _ in document.operations(document.document()):
        assert where in page
    assert client.get("/api/v1/openapi.json").json() == document.document()


@pytest.mark.parametrize("role", [roles.CLINICIAN, roles.FRONT_DESK])
def test_another_clinics_objects_are_not_found_whatever_is_sent(role: str, session: TreatmentSession) -> None:
    """With bodies that would be good: nothing is told, nothing is changed."""
    program, pk = with_key(user_with(role, another_clinic())), session.patient_id
    one = agenda_ground.appointment_of(session.patient, session.operator)
    start = "2026-11-30T10:00:00Z"
    sent: dict[str, dict[str, Any]] = {
        f"/patients/{pk}": {"given_name": "Mallory"},
        "/appointments": {"patient": pk, "start": start},
        f"/appointments/{one}/move": {"start": start},
        f"/appointments/{one}/act": {"act": "cancel", "why": "ill"},
    }
    if role == roles.CLINICIAN:
        sent[f"/patients/{pk}/outcomes"] = {"instrument": "nprs_back", "taken": "2026-03-02", "answers": {"average": 4}}
        sent[f"/patients/{pk}/export"] = {}
    acts = AuditRow.objects.count()
    assert [refused(posted(program, where, body))[0] for where, body in sent.items()] == [404] * len(sent)
    assert refused(program.get(f"{HERE}/calendar/free", {"patient": pk, "first": "2026-11-30"}))[0] == 404
    assert AuditRow.objects.count() == acts
