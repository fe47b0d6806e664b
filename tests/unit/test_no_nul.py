"""A NUL is refused at the door with a sentence, wherever it is sent to; PostgreSQL would fail on it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.models import OutcomeDraft
from tests.api_ground import HERE, posted, with_key
from tests.clinic_ground import user_with
from tests.unit.home_wing.ground import ordered, patient_user

pytestmark = pytest.mark.django_db
SENTENCE = "a sign that is no text (NUL)"
NEW = {"given_name": "A", "family_name": "B", "birth_date": "1980-01-01", "mass_kg": 70.0, "stature_m": 1.7}


def client_of(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.mark.parametrize("page", ["outcomes/psfs", "outcomes/eq5d", "examine", "outcomes/rmdq"])
def test_no_form_of_staff_takes_one(ada: Patient, clinician: User, page: str) -> None:
    answer = client_of(clinician).post(f"/patients/{ada.pk}/{page}", {"own-a": "lift\0a crate", "note": "a\0b"})
    assert answer.status_code == 400
    assert SENTENCE in answer.content.decode()
    assert not OutcomeDraft.objects.exists()


def test_no_form_of_a_patient_takes_one(ada: Patient, clinician: User) -> None:
    ordered(ada, clinician, timezone.now())
    client = client_of(patient_user(ada))
    assert client.get("/portal/forms/rmdq").status_code == 200
    assert client.post("/portal/forms/rmdq", {"q1": "yes\0"}).status_code == 400
    log = client.post("/portal/home/log", '{"uid": "a\\u0000b"}', content_type="application/json")
    assert log.status_code == 400
    assert client.post("/portal/home/log", {"uid": "a form"}).status_code == 422


@pytest.mark.parametrize("sent", [{"q": "a\0"}, {"\0": "a"}])
def test_no_address_takes_one(clinician: User, sent: dict[str, str]) -> None:
    assert client_of(clinician).get("/patients", sent).status_code == 400


def test_the_sign_in_takes_none(db: None) -> None:
    answer = Client(raise_request_exception=False).post("/sign-in", {"username": "a\0", "password": "b"})
    assert answer.status_code == 400


def test_a_file_is_named_without_one(clinician: User) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="a\0b"; filename="f"\r\n\r\nwords\r\n--x--\r\n'
    client = client_of(clinician)
    assert client.post("/patients/new", body, content_type="multipart/form-data; boundary=x").status_code == 400


@pytest.mark.parametrize("name", ["a\0b", "\0"])
def test_no_program_sends_one(clinician: User, name: str) -> None:
    answer = posted(with_key(clinician), "/patients", NEW | {"given_name": name})
    assert (answer.status_code, SENTENCE in answer.json()["detail"]) == (422, True)
    assert with_key(clinician).get(f"{HERE}/patients", {"search": "a\0"}).status_code == 422
    assert not Patient.objects.filter(family_name="B").exists()


def test_a_backslash_before_u0000_is_text(clinician: User) -> None:
    """`\\\\u0000` in JSON is a backslash and letters."""
    answer = posted(with_key(clinician), "/patients", NEW | {"complaint": "as \\u0000 in a manual"})
    assert answer.status_code == 201


def test_levels_said_twice_are_said_once(clinician: User) -> None:
    answer = posted(with_key(clinician), "/patients", NEW | {"levels": ["L5-S1", "L4-L5"] * 1000})
    assert answer.status_code == 201
    assert Patient.objects.get(pk=answer.json()["id"]).levels == "L5-S1 L4-L5"


def test_a_stop_is_never_refused_for_it(clinician: User) -> None:
    """There is no table behind this test: the door lets it through, and the view answers."""
    answer = client_of(clinician).post("/table/act", {"do": "stop", "note": "\0"})
    assert SENTENCE not in answer.content.decode()


def test_staff_and_programs_who_may_not_come_in_hear_that_first(ada: Patient) -> None:
    desk = client_of(user_with(roles.FRONT_DESK))
    assert desk.post(f"/patients/{ada.pk}/examine", {"note": "\0"}).status_code == 403
