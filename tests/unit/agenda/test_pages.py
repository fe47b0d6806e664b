"""The agenda's pages: what they show to whom, what they refuse, what the record of acts says of reading them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.agenda.models import Appointment, ClosureRow, Feed, Opening, WaitingRow
from opentraction.clinic.consents.actions.taking_back import withdraw
from opentraction.clinic.models import AuditRow, Patient
from tests.agenda_ground import appointment_of, course_for, manager, ready, waiting_of
from tests.clinic_ground import another_clinic, user_with
from tests.consent_ground import consent_of
from tests.page_words import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clinician: User) -> Client:
    return browser(user_with(roles.FRONT_DESK))


@pytest.fixture
def booked(ada: Patient, clinician: User) -> Appointment:
    return Appointment.objects.get(pk=appointment_of(ada, clinician))


def browser(user: User) -> Client:
    one = Client()
    one.force_login(user)
    return one


def text(answer: Any) -> str:
    return str(answer.content.decode())


def day_of(row: Appointment) -> str:
    return f"/agenda?day={row.day.isoformat()}"


def test_an_empty_agenda_says_what_to_do(desk: Client) -> None:
    page = desk.get("/agenda")
    assert page.status_code == 200
    assert "write the hours of the clinic" in text(page)
    assert "An administrator does that" in text(page)


def test_the_day_shows_who_comes_and_nothing_of_why(desk: Client, booked: Appointment) -> None:
    booked.patient.complaint, booked.patient.levels = "sciatica, left", "L5-S1"
    booked.patient.save()
    page = text(desk.get(day_of(booked)))
    assert "10:00 Ada Example" in page
    assert "Table 1" in page
    for url in (
        day_of(booked),
        booked.get_absolute_url(),
        f"/patients/{booked.patient.pk}/appointments",
        "/agenda/week",
    ):
        for word in ("sciatica", "L5-S1", "1.68"):
            assert word not in text(desk.get(url))


def test_whoever_is_to_be_called_has_a_number_to_call(desk: Client, booked: Appointment, clinician: User) -> None:
    waiting_of(booked.patient, clinician)
    pages = (f"/agenda/tomorrow?day={booked.day.isoformat()}", "/agenda/waiting", booked.get_absolute_url())
    for url in pages:
        page = text(desk.get(url))
        assert "No phone or e-mail known." in page
        assert f"/patients/{booked.patient.pk}/edit" in page
    booked.patient.phone, booked.patient.email = "555-0101", "ada@example.org"
    booked.patient.save()
    for url in pages:
        page = text(desk.get(url))
        assert 'href="tel:5550101"' in page
        assert 'href="mailto:ada@example.org"' in page
    for nobody in (user_with(roles.AUDITOR), user_with(roles.CLINICIAN, another_clinic())):
        for url in (*pages, booked.patient.get_absolute_url()):
            assert "555-0101" not in text(browser(nobody).get(url))


def test_reading_the_agenda_leaves_a_row_that_names_whom(desk: Client, booked: Appointment) -> None:
    desk.get(day_of(booked))
    row = AuditRow.objects.filter(act="read list").last()
    assert row is not None
    assert row.detail["patients"] == [booked.patient.pseudonym]
    desk.get(booked.get_absolute_url())
    read = AuditRow.objects.filter(act="read").last()
    assert read is not None
    assert read.patient == booked.patient


def test_booking_by_the_buttons_of_the_page(desk: Client, ada: Patient) -> None:
    ready(ada.clinic)
    page = text(desk.get(f"/agenda/book?patient={ada.pk}&kind=session"))
    start = page.split('name="start" value="')[1].split('"')[0]
    answer = desk.post("/agenda/book", {"patient": ada.pk, "kind": "session", "start": start})
    assert answer.status_code == 302
    assert Appointment.objects.get().starts == datetime.fromisoformat(start)
    again = desk.post("/agenda/book", {"patient": ada.pk, "kind": "session", "start": start})
    assert again.status_code == 400
    assert "Table 1 is taken then." in text(again)


@pytest.mark.parametrize(
    "start", ["", "tomorrow", "2026-03-02T10:00", "0001-01-01T00:00:00+14:00", "2999-01-01T00:00Z"]
)
def test_a_time_that_no_button_sends_is_refused_in_a_sentence(start: str, desk: Client, ada: Patient) -> None:
    ready(ada.clinic)
    answer = desk.post("/agenda/book", {"patient": ada.pk, "start": start})
    assert answer.status_code == 400
    assert "a time that the page offers" in text(answer)


@pytest.mark.parametrize(
    "query", ["day=x", "day=0001-01-01", "day=9999-12-31", "with=99999", "kind=massage", "patient=abc", "day=%00"]
)
def test_odd_addresses_are_answered(query: str, desk: Client, booked: Appointment) -> None:
    for page in (
        "/agenda",
        "/agenda/week",
        "/agenda/tomorrow",
        "/agenda/book",
        f"/agenda/appointments/{booked.pk}/move",
    ):
        assert desk.get(f"{page}?{query}").status_code in {200, 400}
    for page in (f"/agenda/book?patient={booked.patient.pk}", f"/patients/{booked.patient.pk}/series?x=1"):
        assert desk.get(f"{page}&{query}").status_code in {200, 400}


def test_moving_and_cancelling_by_page_and_who_could_come_instead(
    desk: Client, booked: Appointment, clinician: User
) -> None:
    where = (booked.starts + timedelta(hours=1)).isoformat()
    assert desk.post(f"/agenda/appointments/{booked.pk}/move", {"start": where}).status_code == 302
    booked.refresh_from_db()
    assert booked.starts.isoformat() == where
    closed = desk.post(f"/agenda/appointments/{booked.pk}/move", {"start": f"{booked.day}T20:00:00Z"})
    assert closed.status_code == 400
    assert "closed then" in text(closed)
    from opentraction.clinic.actions import patients
    from tests.clinic_ground import ADA

    ben = patients.add_patient(ADA | {"given_name": "Ben"}, by=clinician)
    waiting_of(ben, clinician)
    refused = desk.post(f"/agenda/appointments/{booked.pk}/act", {"act": "cancel", "why": "felt like it"})
    assert refused.status_code == 400
    answer = desk.post(f"/agenda/appointments/{booked.pk}/act", {"act": "cancel", "why": "ill"}, follow=True)
    assert "Ben Example" in text(answer)
    assert desk.post(f"/agenda/waiting/{WaitingRow.objects.get().pk}/give", {"start": where}).status_code == 302
    assert Appointment.objects.get(patient=ben).starts.isoformat() == where


def test_the_series_page_books_what_is_ticked(desk: Client, ada: Patient, clinician: User) -> None:
    ready(ada.clinic)
    assert "No course is planned" in text(desk.get(f"/patients/{ada.pk}/series"))
    course_for(ada, clinician, timezone.now(), template="B")
    page = text(
        desk.get(f"/patients/{ada.pk}/series?time=14:00&count=6&day={timezone.now().date() + timedelta(days=1)}")
    )
    starts = [part.split('"')[0] for part in page.split('name="start" value="')[1:]]
    assert len(starts) == 6
    assert all("T14:00" in one for one in starts)
    answer = desk.post(f"/patients/{ada.pk}/series", {"start": starts[:5]})
    assert answer.status_code == 302
    assert Appointment.objects.count() == 5
    rest = text(desk.get(f"/patients/{ada.pk}/series"))
    assert "5 booked" in rest
    assert rest.count('name="start"') == 7
    twice = desk.post(f"/patients/{ada.pk}/series", {"start": starts[4:]})
    assert twice.status_code == 400
    assert Appointment.objects.count() == 5


def test_who_manages_finds_hours_and_tables_and_is_led_nowhere_closed(ada: Patient) -> None:
    boss = browser(manager(ada.clinic))
    for address in ("/people", "/agenda/hours", "/agenda/resources"):
        page = text(boss.get(address))
        assert 'href="/agenda/hours"' in page
        assert 'href="/agenda/resources"' in page
        assert 'href="/agenda"' not in page


def test_hours_and_closures_are_edited_and_refused_field_by_field(ada: Patient) -> None:
    boss = browser(manager(ada.clinic))
    wrong = boss.post("/agenda/hours", {"mon": "8:00-12:00", "tue": "noon"})
    assert wrong.status_code == 400
    assert 'value="noon"' in text(wrong)
    assert 'value="8:00-12:00"' in text(wrong)
    assert not Opening.objects.exists()
    assert boss.post("/agenda/hours", {"mon": "8:00-12:00"}).status_code == 302
    assert boss.post("/agenda/closures", {"first": "2026-12-25", "last": "2026-12-24"}).status_code == 400
    assert boss.post("/agenda/closures", {"first": "2026-12-25", "opens": "8:00"}).status_code == 400
    assert boss.post("/agenda/closures", {"first": "2026-12-25", "why": "Christmas"}).status_code == 302
    row = ClosureRow.objects.get()
    assert boss.post(f"/agenda/closures/{row.pk}/lift").status_code == 302
    assert boss.get("/agenda").status_code == 403  # who comes is not the administrator's to see


def test_what_cannot_be_kept_stands_on_the_day_to_be_moved(desk: Client, booked: Appointment) -> None:
    assert "To be moved" not in text(desk.get("/agenda"))
    assert desk.post(f"/agenda/resources/{booked.taken[0].pk}/service", {"why": ""}).status_code == 400
    assert desk.post(f"/agenda/resources/{booked.taken[0].pk}/service", {"why": "cable worn"}).status_code == 302
    page = text(desk.get("/agenda"))
    assert "To be moved" in page
    assert "cable worn" in page
    assert desk.post(f"/agenda/resources/{booked.taken[0].pk}/service", {"in": "yes"}).status_code == 302
    assert "To be moved" not in text(desk.get("/agenda"))


def test_the_reminder_list_is_of_the_next_day(desk: Client, booked: Appointment) -> None:
    page = f"/agenda/tomorrow?day={booked.day.isoformat()}"
    assert "Ada Example" in text(desk.get(page))
    assert desk.post(f"/agenda/appointments/{booked.pk}/reminded").status_code == 302
    assert "yes," in text(desk.get(page))


def test_one_appointment_as_a_file_names_no_patient(desk: Client, booked: Appointment) -> None:
    answer = desk.get(f"/agenda/appointments/{booked.pk}/appointment.ics")
    file = text(answer)
    assert answer["Content-Type"].startswith("text/calendar")
    assert "SUMMARY:Appointment" in file
    for word in ("Ada", "Example", booked.patient.pseudonym, "Session", "session"):
        assert word not in file + answer["Content-Disposition"]


def test_a_feed_is_private_told_once_and_closed_by_the_next(booked: Appointment) -> None:
    user = user_with(roles.THERAPIST)
    own = browser(user)
    page = text(own.post("/agenda/feed"))
    address = page.split('id="address">')[1].split("<")[0]
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert token not in text(own.get("/agenda/feed"))
    assert token not in str(list(Feed.objects.values()))
    path = address.split("testserver")[1]
    file = text(Client().get(path))
    assert f"DTSTART:{booked.starts:%Y%m%dT%H%M%SZ}" in file
    assert "Ada" not in file
    assert booked.patient.pseudonym not in file
    own.post("/agenda/feed")
    assert Client().get(path).status_code == 404
    newest = text(own.post("/agenda/feed")).split('id="address">')[1].split("<")[0].split("testserver")[1]
    assert Client().get(newest).status_code == 200
    roles.take(user, roles.THERAPIST, booked.patient.clinic)
    assert Client().get(newest).status_code == 404


def test_consent_taken_back_is_said_before_a_session_is_booked(desk: Client, ada: Patient, clinician: User) -> None:
    ready(ada.clinic)
    course_for(ada, clinician, timezone.now())
    consent_of(ada, clinician)
    own, row = browser(clinician), appointment_of(ada, clinician)
    pages = (f"/agenda/book?patient={ada.pk}", f"/patients/{ada.pk}/series", f"/agenda/appointments/{row}/move")
    for url in pages:
        assert "withdrawn" not in text(own.get(url))
    withdraw(ada, "lumbar", by=clinician, now=timezone.now())
    for url in pages:
        page = text(own.get(url))
        assert "The consent was withdrawn on" in page
        assert f'<a href="/patients/{ada.pk}/consent">Consent</a>' in page
        theirs = text(desk.get(url))
        assert "Something is wanted before a session. Ask a clinician." in theirs
        assert "withdrawn" not in theirs
    assert "withdrawn" not in text(own.get(f"{pages[0]}&kind=reassessment"))
    start = (timezone.now() + timedelta(days=2)).date().isoformat() + "T10:00:00Z"
    told = {"patient": ada.pk, "kind": "session", "start": start}
    own.post(f"/agenda/appointments/{row}/act", {"act": "cancel", "why": "ill"})
    assert own.post("/agenda/book", told).status_code == 302, "it is no block"


def test_another_clinics_desk_finds_nothing(booked: Appointment) -> None:
    north = another_clinic()
    other = browser(user_with(roles.FRONT_DESK, north))
    assert "Ada" not in words_of(text(other.get(day_of(booked))))
    assert other.get(booked.get_absolute_url()).status_code == 404
    assert other.post(f"/agenda/appointments/{booked.pk}/act", {"act": "arrive"}).status_code == 404
    assert other.get(f"/patients/{booked.patient.pk}/series").status_code == 404
    assert other.get(f"/agenda/resources/{booked.taken[0].pk}/service").status_code == 404


def test_words_of_a_form_come_back_as_text(desk: Client, booked: Appointment) -> None:
    evil = '"><script>alert(1)</script>'
    page = desk.post(f"/agenda/resources/{booked.taken[0].pk}/service", {"why": evil + "x" * 120})
    assert page.status_code == 400
    assert "<script>alert" not in text(page)
    assert "<script>alert" not in text(desk.get("/agenda/book", {"who": evil}))
