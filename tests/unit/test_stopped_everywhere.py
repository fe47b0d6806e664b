"""Whoever is stopped is so on every page: lists, road, roads side by side, booking, prescribing, portal."""

from __future__ import annotations

import io
from datetime import timedelta

import pypdf
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from opentraction import screening
from opentraction.care.booking import NotFree
from opentraction.clinic import roles
from opentraction.clinic.actions.patients import add_patient
from opentraction.clinic.actions.prescriptions import draft, sign
from opentraction.clinic.agenda.actions.booking import book, move
from opentraction.clinic.agenda.models import Appointment
from opentraction.clinic.consents.actions.signing import begin as ask_again
from opentraction.clinic.consents.actions.taking_back import withdraw
from opentraction.clinic.intake.actions import intakes
from opentraction.clinic.models import Patient, Prescription
from opentraction.clinic.road import steps_of
from opentraction.quantities import BadInput
from tests.agenda_ground import at, ready
from tests.cleared import clear, screened
from tests.clinic_ground import ADA, DOCUMENT, confirmed, user_with
from tests.unit.home_wing.ground import logged, ordered, patient_user
from tests.unit.intake.ground import WELL, answers_of
from tests.unit.outcomes_wing.ground import event, signed

pytestmark = pytest.mark.django_db
CLINICAL = ("cauda", "saddle", "bladder", "EMERGENCY", "fracture")
DAY = timezone.now().date() + timedelta(days=2)


@pytest.fixture
def clinician() -> User:
    return user_with(roles.CLINICIAN)


@pytest.fixture
def desk(clinician: User) -> User:
    return user_with(roles.FRONT_DESK)


@pytest.fixture
def ada(clinician: User) -> Patient:
    """Cleared, with a signed plan and a session booked; then signs of cauda equina, written down by staff."""
    patient = add_patient(ADA, by=clinician)
    clear(patient, clinician)
    signed(patient, clinician)
    ready(patient.clinic)
    book(patient, "session", at(10, day=DAY), by=clinician, now=timezone.now())
    event(patient, clinician, "cauda_equina", severity=3)
    return patient


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words_of(body: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(body)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def nothing_clinical(page: str) -> bool:
    return not any(word.lower() in page.lower() for word in CLINICAL)


def test_the_roads_say_hospital_first_on_the_page_and_on_paper(ada: Patient, clinician: User) -> None:
    browser = browser_of(clinician)
    page = browser.get(f"/patients/{ada.pk}/pathways").content.decode()
    assert "Go to an emergency department now" in page
    assert "Nothing we know of asks for a surgeon now" not in page
    assert "May fit you" not in page
    assert "Signs of cauda equina" in page
    paper = words_of(browser.post(f"/patients/{ada.pk}/pathways/handout.pdf").content)
    assert "Go to an emergency department now" in paper
    assert "Signs of cauda equina" in paper
    assert "May fit you" not in paper


def test_the_red_line_names_the_patient_and_the_front_desk_is_told_whom_not_why(
    ada: Patient, clinician: User, desk: User
) -> None:
    page = browser_of(clinician).get("/patients").content.decode()
    assert "Act on it now" in page
    assert "Signs of cauda equina" in page
    seen = browser_of(desk).get("/patients").content.decode()
    assert "Fetch a clinician now for" in seen
    assert "P-001" in seen.split("Fetch a clinician now for")[1].split("</div>")[0]
    assert nothing_clinical(seen)


def test_a_sign_told_at_home_is_in_the_same_red_line(clinician: User) -> None:
    patient = add_patient(ADA, by=clinician)
    ordered(patient, clinician, timezone.now() - timedelta(hours=1))
    logged(patient, "1", timezone.now() - timedelta(minutes=5), signs=["saddle-or-bladder"])
    page = browser_of(clinician).get("/patients").content.decode()
    assert "Told at home" in page.split('class="notice bad"')[1].split("</div>")[0]


def test_nothing_is_green_past_a_stop_and_nothing_offers_to_treat(ada: Patient, clinician: User, desk: User) -> None:
    steps = {one.key: one for one in steps_of(ada, clinician, timezone.now())}
    assert {key: steps[key].state for key in ("consent", "course", "visits", "visit", "prescription")} == {
        "consent": "open", "course": "open", "visits": "look", "visit": "open", "prescription": "open",
    }  # fmt: skip
    assert (steps["pathways"].state, steps["outcomes"].state) == ("stop", "stop")
    page = browser_of(clinician).get(f"/patients/{ada.pk}").content.decode()
    assert "Treat now" not in page
    assert "Act on it now" in page
    theirs = browser_of(desk).get(f"/patients/{ada.pk}").content.decode()
    assert "Ask a clinician" in theirs
    assert nothing_clinical(theirs)
    plan = Prescription.objects.get(patient=ada)
    assert 'action="/sessions/begin"' not in browser_of(clinician).get(plan.get_absolute_url()).content.decode()


def test_the_front_desk_books_no_session_but_an_assessment(ada: Patient, desk: User) -> None:
    browser = browser_of(desk)
    page = browser.get(f"/agenda/book?patient={ada.pk}").content.decode()
    assert "No session on the table can be booked" in page
    assert 'name="start"' not in page
    assert nothing_clinical(page)
    posted = browser.post("/agenda/book", {"patient": ada.pk, "kind": "session", "start": at(12, day=DAY).isoformat()})
    assert posted.status_code == 400
    assert nothing_clinical(posted.content.decode())
    made = book(ada, "reassessment", at(14, day=DAY), by=desk, now=timezone.now())
    assert made.kind == "reassessment"
    series = browser.get(f"/patients/{ada.pk}/appointments/course")
    assert Appointment.objects.filter(patient=ada, session=True).count() == 1
    assert series.status_code in {200, 404}


def test_who_treats_sees_why_and_books_and_moves_no_session_either(ada: Patient, clinician: User) -> None:
    page = browser_of(clinician).get(f"/agenda/book?patient={ada.pk}").content.decode()
    assert "Signs of cauda equina" in page
    with pytest.raises(NotFree, match="cauda equina"):
        book(ada, "session", at(12, day=DAY), by=clinician, now=timezone.now())
    row = Appointment.objects.get(patient=ada)
    with pytest.raises(NotFree, match="cauda equina"):
        move(row, at(15, day=DAY), by=clinician, now=timezone.now())


def test_the_agenda_marks_what_cannot_take_place(ada: Patient, desk: User) -> None:
    page = browser_of(desk).get(f"/agenda?day={DAY.isoformat()}").content.decode()
    assert "booked: ask a clinician" in page
    assert " held " in page
    assert nothing_clinical(page)


def test_a_plan_is_drafted_but_not_signed_in_an_emergency(ada: Patient, clinician: User) -> None:
    page = browser_of(clinician).get(f"/patients/{ada.pk}/prescribe").content.decode()
    assert "Nobody signs a plan while an emergency stands" in page
    one = draft(ada, "Short", DOCUMENT, by=clinician)
    with pytest.raises(BadInput, match="Nothing is signed while an emergency stands"):
        sign(one, by=clinician, confirmed=confirmed(clinician))


def test_a_plan_for_somebody_who_is_excluded_says_that_nothing_is_pulled(clinician: User) -> None:
    patient = add_patient(ADA, by=clinician)
    screened(patient, clinician, timezone.now() - timedelta(hours=1), spine_history=["fracture"])
    page = browser_of(clinician).get(f"/patients/{patient.pk}/prescribe").content.decode()
    assert "nothing is pulled until a clinician has settled" in page
    assert signed(patient, clinician).signed


def test_the_portal_says_to_get_help_and_asks_for_no_consent(ada: Patient, clinician: User) -> None:
    withdraw(ada, ada.region, by=clinician, now=timezone.now())
    page = browser_of(patient_user(ada)).get("/portal").content.decode()
    assert "Get help now" in page
    assert 'href="tel:911"' in page
    assert "answer three questions" not in page
    assert "This visit is on hold" in page
    assert page.index("Get help now") < page.index("Next appointment")
    assert "cauda" not in page


def test_the_player_has_the_numbers_to_call(clinician: User) -> None:
    patient = add_patient(ADA, by=clinician)
    patient.clinic.phone = "+1 555 0100"
    patient.clinic.save()
    ordered(patient, clinician, timezone.now())
    page = browser_of(patient_user(patient)).get("/portal/home/").content.decode()
    assert '"phones": {"emergency": "911", "clinic": "+1 555 0100"}' in page


def test_when_only_the_examination_is_missing_the_roads_say_so(clinician: User) -> None:
    patient = add_patient(ADA, by=clinician)
    one = intakes.begin(patient, patient.region, by=clinician, now=timezone.now())
    asked = {each.id for page in screening.pages("patient", patient.region) for each in page.questions}
    answers = {key: answer for key, answer in answers_of(WELL).items() if key in asked}
    intakes.answer(one, list(answers), answers, {}, "", by=None, now=timezone.now())
    step = next(one for one in steps_of(patient, clinician, timezone.now()) if one.key == "pathways")
    assert (step.state, step.words) == ("look", "examine")
    page = browser_of(clinician).get(f"/patients/{patient.pk}/pathways").content.decode()
    assert "Examine first" in page
    assert "Not every danger sign has been asked about" not in page


def test_who_took_consent_back_is_asked_again_only_by_the_clinic(clinician: User) -> None:
    patient = add_patient(ADA, by=clinician)
    clear(patient, clinician)
    mine = browser_of(patient_user(patient))
    withdraw(patient, patient.region, by=patient_user(patient), now=timezone.now())
    assert "answer three questions" not in mine.get("/portal").content.decode()
    ask_again(patient, patient.region, "en", "own", by=clinician, now=timezone.now())
    assert "answer three questions" in mine.get("/portal").content.decode()
