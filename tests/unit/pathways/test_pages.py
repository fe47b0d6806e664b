"""The page of the roads: what is urgent on top, read rows, roles, the handout, and a newer answer over an older one."""

from __future__ import annotations

import io

import pypdf
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.actions.patients import add_patient
from opentraction.clinic.intake.actions import intakes
from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.pathways.facts import known_of
from opentraction.clinic.pathways.road import steps
from tests.clinic_ground import ADA, another_clinic, user_with
from tests.unit.intake.ground import answers_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(clinician: User) -> Client:
    client = Client()
    client.force_login(clinician)
    return client


def words_of(body: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(body)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def answer(patient: Patient, by: User, **other: object) -> None:
    """A newer intake, not finished, with one answer."""
    now = timezone.now()
    one = intakes.begin(patient, patient.region, by=by, now=now, because="something is new")
    read = answers_of(dict(other))
    intakes.answer(one, list(read), read, {}, "danger_signs", by=by, now=now)


def test_the_page_compares_and_is_read(browser: Client, ada: Patient) -> None:
    page = browser.get(f"/patients/{ada.pk}/pathways").content.decode()
    assert "Nothing we know of asks for a surgeon now" in page
    assert 'class="notice bad"' not in page
    assert "Wait and see" in page
    assert AuditRow.objects.filter(act="read", page=f"/patients/{ada.pk}/pathways").count() == 1


def test_without_an_intake_the_danger_signs_are_to_be_asked(browser: Client, clinician: User) -> None:
    ben = add_patient(dict(ADA) | {"given_name": "Ben"}, by=clinician)
    page = browser.get(f"/patients/{ben.pk}/pathways").content.decode()
    assert "Ask first" in page
    assert 'class="notice warning"' in page
    assert steps(ben, timezone.now())[0].state == "open"


def test_a_newer_answer_goes_over_the_screened_one(browser: Client, ada: Patient, clinician: User) -> None:
    answer(ada, clinician, limb_weakness="worse")
    known = known_of(ada, timezone.now())
    assert known is not None
    assert known.answers["limb_weakness"] == "worse"
    assert known.answers["fever"] is False  # still from the screening
    page = browser.get(f"/patients/{ada.pk}/pathways").content.decode()
    assert "See a spine surgeon or an emergency department today" in page
    assert 'class="notice bad"' in page
    assert page.index("Emergency decompression") < page.index("Wait and see")
    assert steps(ada, timezone.now())[0].state == "stop"
    told = words_of(browser.post(f"/patients/{ada.pk}/pathways/handout.pdf", {"road": ["waiting"]}).content)
    assert "emergency department today" in told
    assert "Emergency decompression" in told


def test_what_is_said_at_the_desk_counts_and_is_not_kept(browser: Client, ada: Patient) -> None:
    where = f"/patients/{ada.pk}/pathways"
    page = browser.post(where, {"scan": "yes", "surgeon": "yes"}).content.decode()
    assert "You asked for it" in page
    assert "You asked for it" not in browser.get(where).content.decode()
    assert browser.post(where, {"scan": "perhaps", "road": ["nowhere"]}).status_code == 200


def test_the_handout_has_the_roads_that_were_ticked_and_at_most_five(browser: Client, ada: Patient) -> None:
    where = f"/patients/{ada.pk}/pathways/handout.pdf"
    told = words_of(browser.post(where, {"road": ["waiting", "discectomy"]}).content)
    assert "Wait and see" in told
    assert "Discectomy" in told
    assert "Steroid injection" not in told
    answer = browser.get(where)
    assert answer["Content-Disposition"] == f'inline; filename="{ada.pseudonym}-roads.pdf"'
    assert len(pypdf.PdfReader(io.BytesIO(answer.content)).pages) == 1


@pytest.mark.parametrize("role", [roles.FRONT_DESK, roles.ADMINISTRATOR, roles.AUDITOR, roles.PATIENT])
def test_who_may_not_look_sees_no_roads(role: str, ada: Patient) -> None:
    browser = Client()
    browser.force_login(user_with(role, ada.clinic))
    for name in ("pathways", "pathways/handout.pdf"):
        assert browser.get(f"/patients/{ada.pk}/{name}").status_code == 403


def test_of_another_clinic_there_is_nothing(ada: Patient) -> None:
    browser = Client()
    browser.force_login(user_with(roles.CLINICIAN, another_clinic()))
    for name in ("pathways", "pathways/handout.pdf"):
        assert browser.get(f"/patients/{ada.pk}/{name}").status_code == 404
