"""The staff's pages of the home programme: what they show, refuse and write down, and to whom."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.home.models import Cleared, HomeFacts, ProgrammeRow
from opentraction.clinic.models import AuditRow, Patient
from tests.clinic_ground import another_clinic, user_with
from tests.unit.home_wing.ground import logged, ordered

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clinician: User) -> Client:
    browser = Client()
    browser.force_login(clinician)
    return browser


def where(name: str, patient: Patient) -> str:
    return reverse(f"home_programme:{name}", args=[patient.pk])


def test_an_empty_page_teaches_and_an_order_fills_it(ada: Patient, desk: Client) -> None:
    assert "Nothing is ordered for home yet" in desk.get(where("programme", ada)).content.decode()
    today = timezone.now().date().isoformat()
    assert desk.post(where("order", ada), {"began": today}).status_code == 302
    page = desk.get(where("programme", ada)).content.decode()
    assert "Held back" in page
    assert "Does bending forward send pain" in page  # the question that would open it
    assert ProgrammeRow.objects.get().by.username == "a clinician"


def test_a_day_that_cannot_be_is_refused_and_kept_on_the_page(ada: Patient, desk: Client) -> None:
    answer = desk.post(where("order", ada), {"began": "2999-01-01", "devices": ["inversion"]})
    assert answer.status_code == 400
    assert 'value="2999-01-01"' in answer.content.decode()
    assert not ProgrammeRow.objects.exists()


def test_answers_are_kept_and_a_number_that_cannot_be_is_refused(ada: Patient, desk: Client) -> None:
    answer = desk.post(where("questions", ada), {"sbp": "900", "helper": "yes"})
    assert answer.status_code == 400
    assert "Give a number from 50 to 300 mmHg" in answer.content.decode()
    desk.post(where("questions", ada), {"sbp": "118", "helper": "yes", "stroke": "no", "raynaud": ""})
    assert HomeFacts.objects.get().facts == {"sbp": 118.0, "helper": True, "stroke": False}


def test_a_stop_is_red_and_a_reason_lets_go_on(ada: Patient, clinician: User, desk: Client) -> None:
    now = timezone.now()
    ordered(ada, clinician, now - timedelta(days=1))
    logged(ada, "1", now - timedelta(hours=1), leg="weak")
    ada.phone = "555-0101"
    ada.save()
    page = desk.get(where("programme", ada)).content.decode()
    assert re.search(r'Stopped. Call the patient.</h2>\s*<p><a class="nowrap" href="tel:5550101">', page)
    assert desk.post(where("let-on", ada), {"exercise": "all", "reason": "ok"}).status_code == 400
    assert desk.post(where("let-on", ada), {"exercise": "all", "reason": "Examined, full strength."}).status_code == 302
    assert Cleared.objects.get().reason == "Examined, full strength."
    assert "Stopped. Call the patient." not in desk.get(where("programme", ada)).content.decode()


def test_a_therapist_orders_and_reads_but_lets_nothing_on(ada: Patient, clinician: User) -> None:
    now = timezone.now()
    ordered(ada, clinician, now - timedelta(days=1))
    logged(ada, "1", now - timedelta(hours=1), leg="weak")
    browser = Client()
    browser.force_login(user_with(roles.THERAPIST, ada.clinic))
    assert "Only a clinician can let it go on." in browser.get(where("programme", ada)).content.decode()
    assert browser.post(where("let-on", ada), {"exercise": "all", "reason": "Looks fine to me."}).status_code == 403


@pytest.mark.parametrize("name", ["programme", "order", "questions", "sheet"])
def test_another_clinic_finds_nothing(ada: Patient, clinician: User, name: str) -> None:
    ordered(ada, clinician, timezone.now())
    browser = Client()
    browser.force_login(user_with(roles.CLINICIAN, another_clinic()))
    assert browser.get(where(name, ada)).status_code == 404


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_sheet_is_paper_and_names_nobody(ada: Patient, clinician: User, desk: Client, language: str) -> None:
    assert desk.get(where("sheet", ada)).status_code == 400
    ordered(ada, clinician, timezone.now())
    answer = desk.get(where("sheet", ada) + f"?language={language}")
    assert answer.content.startswith(b"%PDF")
    assert ada.family_name not in answer["Content-Disposition"]


def test_every_look_and_act_is_written_down(ada: Patient, clinician: User, desk: Client) -> None:
    ordered(ada, clinician, timezone.now())
    desk.get(where("programme", ada))
    desk.post(where("end", ada), {"because": "well enough"})
    acts = list(AuditRow.objects.filter(patient=ada, by=clinician).values_list("act", "detail__what").order_by("id"))
    assert ("read", "home programme") in acts
    assert [act for act, _ in acts if "home" in act] == ["ask for home", "order home programme", "end home programme"]
