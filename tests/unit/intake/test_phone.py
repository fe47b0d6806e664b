"""The patient's own part: the door, the pages, two languages, the end; and nothing of the record on the way."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from opentraction import screening
from opentraction.clinic.intake.actions import intakes, links
from opentraction.clinic.intake.models import Intake, IntakeLink, Screening
from opentraction.clinic.intake.screens import Screen, asked_now
from opentraction.clinic.models import AuditRow, Patient
from tests.unit.intake.ground import WELL, answers_of, screened

pytestmark = pytest.mark.django_db
BORN = "1971-05-23"


@pytest.fixture
def door(ada: Patient, clinician: User) -> str:
    one = intakes.begin(ada, "lumbar", by=clinician, now=timezone.now())
    _, token = links.make_link(one, by=clinician, now=timezone.now())
    return f"/i/{token}"


def come_in(client: Client, door: str, language: str = "en") -> str:
    return client.post(door, {"born": BORN, "language": language}).headers["Location"]


def posted(screen: Screen, answers: dict[str, Any]) -> QueryDict:
    """A screen as a browser sends it."""
    sent = QueryDict(mutable=True)
    for question in screen.shown(answers_of(answers), "lumbar"):
        sent.appendlist("shown", question.id)
        value = answers[question.id]
        if question.kind == "body-map":
            for part, word in value[0].items():
                sent[f"{question.id}.{part}"] = str(word)
        elif isinstance(value, list):
            sent.setlist(question.id, value or ["none"])
        else:
            sent[question.id] = str(value)
    sent["do"] = "next"
    return sent


def answer_all(client: Client, door: str, **other: Any) -> str:
    """Every page of the patient's own part; gives where the last one leads."""
    answers = WELL | other
    own = {question.id for page in screening.pages("patient", "lumbar") for question in page.questions}
    mine = {key: value for key, value in answers.items() if key in own}
    came = ""
    for screen in asked_now(answers_of(mine), "lumbar", patient_only=True):
        came = client.post(f"{door}/{screen.id}", posted(screen, answers).urlencode(), FORM).headers["Location"]
    return came


FORM = "application/x-www-form-urlencoded"


def test_the_door_shows_nothing_of_the_record(client: Client, door: str, ada: Patient) -> None:
    shown = client.get(door).content.decode()
    for word in ("Ada", "Example", "P-001", "1971", "lumbar"):
        assert word not in shown
    assert client.get(f"{door}/you").headers["Location"] == door


def test_the_birth_date_opens_the_first_page(client: Client, door: str) -> None:
    assert come_in(client, door) == f"{door}/you"
    shown = client.get(f"{door}/you").content.decode()
    assert "How old are you?" in shown
    for word in ("Ada", "P-001", 'value="70"', 'value="55"', "From the record"):
        assert word not in shown


def test_a_wrong_birth_date_is_counted_and_the_fifth_closes(client: Client, door: str) -> None:
    for left in ("4 more times", "3 more times", "2 more times", "once more"):
        shown = client.post(door, {"born": "1971-05-24"})
        assert shown.status_code == 400
        assert left in shown.content.decode()
    assert client.post(door, {"born": ""}).status_code == 404
    assert client.post(door, {"born": BORN}).status_code == 404
    assert AuditRow.objects.filter(act="wrong birth date").count() == 5


def test_an_unknown_word_looks_like_a_closed_link(client: Client, door: str) -> None:
    IntakeLink.objects.get()
    closed = client.get("/i/" + "x" * 43)
    assert closed.status_code == 404
    link = IntakeLink.objects.get()
    link.expires = timezone.now() - timedelta(seconds=1)
    link.save()
    assert client.get(door).content == closed.content


def test_another_phone_must_give_the_birth_date_too(client: Client, door: str) -> None:
    come_in(client, door)
    other = Client()
    assert other.get(f"{door}/you").headers["Location"] == door
    assert other.post(f"{door}/you", {"shown": ["age"], "age": "3", "do": "next"}).headers["Location"] == door
    assert Intake.objects.get().answers == {}


def test_the_cookie_of_one_link_opens_no_other(client: Client, door: str, ada: Patient, clinician: User) -> None:
    come_in(client, door)
    cookie = client.cookies["intake"]
    other = intakes.begin(ada, "cervical", by=clinician, now=timezone.now())
    _, token = links.make_link(other, by=clinician, now=timezone.now())
    fresh = Client()
    fresh.cookies["intake"] = cookie.value
    assert fresh.get(f"/i/{token}/you").headers["Location"] == f"/i/{token}"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == door


def test_the_language_is_chosen_and_changed_on_the_way(client: Client, door: str) -> None:
    come_in(client, door, "es")
    shown = client.get(f"{door}/you").content.decode()
    assert "¿Cuántos años tiene?" in shown
    assert '<html lang="es">' in shown
    client.post(f"{door}/you", {"shown": ["age"], "age": "55", "do": "speak-en"})
    shown = client.get(f"{door}/you").content.decode()
    assert "How old are you?" in shown
    assert 'value="55"' in shown  # what was typed is kept


def test_nothing_is_left_empty_on_a_phone(client: Client, door: str) -> None:
    come_in(client, door, "es")
    shown = client.post(f"{door}/danger_signs-1", {"shown": ["bladder_bowel", "saddle_numb"], "do": "next"})
    assert shown.status_code == 400
    assert shown.content.decode().count("Elija una respuesta") == 2


@pytest.mark.parametrize(("language", "quoted"), [("en", "“([^”]+)”"), ("es", "«([^»]+)»")])
def test_a_field_left_empty_is_told_only_what_it_offers(client: Client, door: str, language: str, quoted: str) -> None:
    come_in(client, door, language)
    told: dict[str, str] = {}
    for screen in asked_now({}, "lumbar", patient_only=True):
        asked = [question.id for question in screen.shown({}, "lumbar")]
        page = client.post(f"{door}/{screen.id}", {"shown": asked, "do": "next"}).content.decode()
        for fieldset in page.split("<fieldset")[1:]:
            kind = re.findall(r'class="ask (\S+) refused', fieldset)[0]
            told[kind] = re.findall(r'class="refusal">([^<]+)<', fieldset)[0]
            offered = fieldset.split("</p>", 1)[1]
            for words in re.findall(quoted, told[kind]):
                assert words in offered, f"{kind}: {told[kind]}"
    assert told.keys() >= {"yes-no", "choice", "several", "scale", "number", "date", "body-map"}
    for kind in ("several", "number", "date"):
        assert told[kind] != told["choice"]


def test_every_question_may_be_answered_with_i_do_not_know(client: Client, door: str) -> None:
    come_in(client, door)
    while True:
        one = Intake.objects.get()
        if one.patient_done:
            break
        screens = asked_now(one.known, "lumbar", patient_only=True)
        here = next(
            screen for screen in screens if any(q.id not in one.answers for q in screen.shown(one.known, "lumbar"))
        )
        sent = QueryDict(mutable=True)
        for question in here.shown(one.known, "lumbar"):
            sent.appendlist("shown", question.id)
            written = question.kind in {"date", "grid"} or (question.kind == "number" and question.high != 10)
            sent[f"{question.id}.unknown" if written else question.id] = "yes" if written else "unknown"
        sent["do"] = "next"
        assert client.post(f"{door}/{here.id}", sent.urlencode(), FORM).status_code == 302
    answers = Intake.objects.get().answers
    assert set(map(str, answers.values())) <= {"unknown", "['unknown']"}


def test_to_the_end_and_the_link_is_used(client: Client, door: str) -> None:
    come_in(client, door)
    assert answer_all(client, door) == f"{door}/end"
    shown = client.get(f"{door}/end").content.decode()
    assert "Thank you." in shown
    assert "Your clinician sees this now." in shown
    one = Intake.objects.get()
    assert one.patient_done is not None
    assert one.completed is None
    assert not Screening.objects.exists()
    assert client.get(f"{door}/you").headers["Location"] == f"{door}/end"
    assert Client().get(door).status_code == 404


def test_an_emergency_is_said_at_once_and_kept(client: Client, door: str, ada: Patient) -> None:
    come_in(client, door, "es")
    post = {"shown": ["bladder_bowel", "saddle_numb", "both_legs", "limb_weakness"], "bladder_bowel": "yes",
            "saddle_numb": "no", "both_legs": "no", "limb_weakness": "none", "do": "next"}  # fmt: skip
    assert client.post(f"{door}/danger_signs-1", post).headers["Location"] == f"{door}/end"
    shown = client.get(f"{door}/end").content.decode()
    assert "Vaya al hospital ahora" in shown
    assert "911" in shown
    assert "nervios de la parte baja de la espalda" in shown
    row = Screening.objects.get()
    assert (row.action, row.by, row.patient) == ("EMERGENCY", None, ada)


def test_the_hospital_page_comes_first_every_time_until_the_answer_is_changed(
    client: Client, door: str, ada: Patient
) -> None:
    come_in(client, door)
    client.post(f"{door}/danger_signs-1", {"shown": ["saddle_numb"], "saddle_numb": "yes", "do": "next"})
    assert client.get(door).headers["Location"] == f"{door}/end"
    assert client.get(f"{door}/danger_signs-2").headers["Location"] == f"{door}/end"
    other = Client()
    assert other.post(door, {"born": ada.birth_date.isoformat(), "language": "en"}).headers["Location"] == f"{door}/end"
    page = client.get(f"{door}/end").content.decode()
    assert "danger_signs-1?mistake" in page
    assert client.get(f"{door}/danger_signs-1?mistake").status_code == 200
    client.post(f"{door}/danger_signs-1", {"shown": ["saddle_numb"], "saddle_numb": "no", "do": "next"})
    assert client.get(door).headers["Location"] != f"{door}/end"
    assert client.get(f"{door}/danger_signs-2").status_code == 200


def test_one_who_tapped_wrong_may_go_back_and_staff_still_know(client: Client, door: str) -> None:
    come_in(client, door)
    client.post(f"{door}/danger_signs-1", {"shown": ["saddle_numb"], "saddle_numb": "yes", "do": "next"})
    assert "Let me change an answer" in client.get(f"{door}/end").content.decode()
    client.post(f"{door}/danger_signs-1", {"shown": ["saddle_numb"], "saddle_numb": "no", "do": "next"})
    assert Intake.objects.get().answers["saddle_numb"] is False
    assert Screening.objects.get().action == "EMERGENCY"


def test_earlier_answers_are_not_shown_on_a_phone(client: Client, ada: Patient, clinician: User) -> None:
    screened(ada, clinician, timezone.now(), cancer="yes", cancer_new_pain="no", cancer_imaged="yes")
    again = intakes.begin(ada, "lumbar", by=clinician, now=timezone.now(), go_on=True)
    assert again.answers["cancer"] is True
    _, token = links.make_link(again, by=clinician, now=timezone.now())
    come_in(client, f"/i/{token}")
    for name in ("you", "pain-1", "health-1"):
        shown = client.get(f"/i/{token}/{name}").content.decode()
        assert "checked" not in shown
        assert 'class="area s' not in shown
        assert "S1), left: pain" not in shown
    mark = {"shown": ["body_chart"], "body_chart.place": "neck", "body_chart.side": "middle",
            "body_chart.kind": "pain", "body_chart.score": "2", "do": "stay"}  # fmt: skip
    client.post(f"/i/{token}/pain-1", mark)
    shown = client.get(f"/i/{token}/pain-1").content.decode()
    assert "Neck, middle: pain 2" in shown
    assert "S1), left: pain" not in shown


def test_staffs_pages_are_not_on_the_phone(client: Client, door: str) -> None:
    come_in(client, door)
    assert client.get(f"{door}/examination").headers["Location"] == f"{door}/you"
    post = {"shown": ["systolic"], "systolic": "120", "do": "next"}
    assert client.post(f"{door}/tests-2", post).headers["Location"] == f"{door}/you"
    assert Intake.objects.get().answers == {}
