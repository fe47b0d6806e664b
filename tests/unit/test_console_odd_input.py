"""Whatever is typed or sent, by whomever: a page that says so, never a failure of the console."""

from __future__ import annotations

import uuid

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from opentraction.clinic import roles
from opentraction.clinic.actions import prescriptions
from opentraction.clinic.forms.prescription import FIELDS
from opentraction.clinic.models import TreatmentSession
from tests.clinic_ground import DOCUMENT, PASSWORD, WRITTEN, user_with

pytestmark = pytest.mark.django_db

ODD = (
    "a\0b",
    "nan",
    "1e308 N",
    "9" * 400,
    "x" * 100_000,
    "<script>",
    "../../etc/passwd",
    '"""',
    "[cycle]\n" * 2000,
    '[[cycle]]\ntimes = 100000\nhigh = "60 lb"',
    "(" * 2000,
    "0000-00-00",
    "1e999 %BW",
    "\u0663",
)
PATIENT = {
    "given_name": "Ben",
    "family_name": "Sample",
    "birth_date": "1984-11-02",
    "sex": "male",
    "mass": "92 kg",
    "stature": "1.84 m",
    "disc_grade": "",
    "mass_confirmed": "",
    "region": "lumbar",
    "levels": "L4-L5",
    "complaint": "back pain",
    "ceiling": "",
}
PLAN = {**dict.fromkeys(FIELDS, ""), **WRITTEN}
ACT = {
    "do": "checklist",
    "session": "",
    "item": "position",
    "done": "true",
    "score": "5",
    "what": "cough",
    "identity": "",
}
FORMS: dict[str, dict[str, str]] = {
    "sign-in": {"username": "ada", "password": "wrong", "next": "/"},
    "preferences": {"force_unit": "lb", "next": "/"},
    "new-patient": PATIENT,
    "edit-patient": PATIENT,
    "prescribe": {**PLAN, "act": "sign", "password": PASSWORD},
    "rehearse": PLAN,
    "prescription": {**PLAN, "act": "save"},
    "begin": {"prescription": "1"},
    "table-act": ACT,
}
SAID = {200, 302, 400, 403, 404, 429, 503}
WHO = [roles.CLINICIAN, roles.THERAPIST, None, "stranger"]


@pytest.fixture
def browser(settings: LazySettings) -> Client:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return Client(raise_request_exception=False)


def address(name: str, session: TreatmentSession, draft: int) -> str:
    of_patient = {"edit-patient", "prescribe", "rehearse"}
    numbers = [session.patient.pk] if name in of_patient else [draft] if name == "prescription" else []
    return reverse(name, args=numbers)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", FORMS)
def test_a_field_with_anything_in_it(
    browser: Client, session: TreatmentSession, clinician: User, name: str, who: str | None
) -> None:
    if who != "stranger":
        browser.force_login(clinician if who == roles.CLINICIAN else user_with(who))
    allowed = who == roles.CLINICIAN or name == "sign-in"
    for number, field in enumerate(FORMS[name]):
        for odd in (
            ODD
            if allowed and (len(FORMS[name]) < 16 or number % 5 == 0 or field in {"cycle", "forces.high"})
            else ODD[number % len(ODD) :][:1]
        ):
            draft = prescriptions.draft(session.patient, "Draft", DOCUMENT, by=clinician).pk
            answer = browser.post(address(name, session, draft), {**FORMS[name], field: odd})
            assert answer.status_code in SAID, (field, odd[:40])
            assert b"Traceback" not in answer.content


BODIES = {
    "no UTF-8": (b"username=\xff\xfe&mass=\xff", "application/x-www-form-urlencoded"),
    "huge": (b"x" * 400_000, "application/x-www-form-urlencoded"),
    "many fields": (b"a=1&" * 2000, "application/x-www-form-urlencoded"),
    "a broken form": (b"--b\r\nnonsense", "multipart/form-data; boundary=b"),
    "no boundary": (b"", "multipart/form-data"),
    "JSON": (b'{"do": "stop"}', "application/json"),
    "no such letters": (b"a=1", "application/x-www-form-urlencoded; charset=nope"),
    "a file for a field": (
        b'--b\r\nContent-Disposition: form-data; name="mass"; filename="x"\r\n\r\n\x00\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    ),
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("name", FORMS)
def test_a_body_that_is_no_form(
    browser: Client, session: TreatmentSession, clinician: User, name: str, body: str
) -> None:
    browser.force_login(clinician)
    sent, kind = BODIES[body]
    draft = prescriptions.draft(session.patient, "Draft", DOCUMENT, by=clinician).pk
    assert browser.generic("POST", address(name, session, draft), sent, kind).status_code in SAID


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "head", "options"])
def test_an_address_that_is_none(browser: Client, session: TreatmentSession, clinician: User, method: str) -> None:
    browser.force_login(clinician)
    many = "9" * 30
    for path in (
        f"/patients/{many}",
        f"/patients/{many}/edit",
        f"/patients/{many}/rehearse",
        f"/prescriptions/{many}/amend",
        f"/patients/{session.patient.pk}/prescribe?protocol=%00",
        f"/patients/{session.patient.pk}/prescribe?protocol=../../x",
        f"/sessions/{uuid.uuid4()}/report.pdf",
        f"/sessions/{session.pk}/files/%00",
        "/static/%00",
        "/static/../settings.py",
        "/%ff%fe",
        "/x" * 3000,
    ):
        answer = getattr(browser, method)(path)
        assert answer.status_code in SAID | {405}, path[:60]


def test_a_page_goes_back_only_to_a_page(browser: Client, clinician: User) -> None:
    browser.force_login(clinician)
    for back in (
        "patients",
        "//evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\\evil.example",
        "nan",
    ):
        answer = browser.post(reverse("preferences"), {"force_unit": "lb", "next": back})
        assert answer["Location"] == reverse("home")
    assert browser.post(reverse("preferences"), {"force_unit": "lb", "next": "/acts"})["Location"] == "/acts"
