"""Staff's pages: what is asked, what is kept, what they show; who may open them, and the line that each leaves."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.actions.patients import add_patient
from opentraction.clinic.consents.actions.taking_back import change_purpose
from opentraction.clinic.consents.purposes import OWN_DOCTOR
from opentraction.clinic.intake.actions import intakes
from opentraction.clinic.intake.models import Intake, Screening, VerdictOverride, VisitCheckRow
from opentraction.clinic.intake.standing import contradiction
from opentraction.clinic.models import AuditRow, Patient
from opentraction.screening import Action
from tests.clinic_ground import ADA, another_clinic, user_with
from tests.unit.intake.ground import filled, screened

pytestmark = pytest.mark.django_db
REASON = "The surgeon wrote that the fusion is at another level."
PASSWORD = "a-good-long-one-42"


@pytest.fixture
def web(client: Client, clinician: User) -> Client:
    clinician.set_password(PASSWORD)
    clinician.save()
    client.force_login(clinician)
    return client


def opened(ada: Patient, clinician: User) -> Intake:
    return intakes.begin(ada, "lumbar", by=clinician, now=timezone.now())


def page(one: Intake, name: str) -> str:
    return f"/intakes/{one.pk}/pages/{name}"


def test_nobody_asked_yet_says_how_to_begin(web: Client, ada: Patient) -> None:
    shown = web.get(f"/patients/{ada.pk}/intake")
    assert "Begin the intake" in shown.content.decode()
    began = web.post(f"/patients/{ada.pk}/intake/begin", {"region": "lumbar"})
    one = Intake.objects.get()
    assert began.headers["Location"] == page(one, "you")


def test_the_record_is_suggested_to_staff_and_kept_only_when_sent(web: Client, ada: Patient, clinician: User) -> None:
    one = opened(ada, clinician)
    shown = web.get(page(one, "you")).content.decode()
    assert 'name="body_mass" value="70"' in shown
    assert Intake.objects.get().answers == {}


def test_a_page_is_kept_and_the_next_one_comes(web: Client, ada: Patient, clinician: User) -> None:
    one = opened(ada, clinician)
    post = {"shown": ["age", "sex", "body_mass", "stature", "pregnant"], "age": "55", "sex": "female", "pregnant": "no",
            "body_mass": "154", "body_mass.unit": "lb", "stature": "5 ft 6 in", "do": "next"}  # fmt: skip
    assert web.post(page(one, "you"), post).headers["Location"] == page(one, "pain-1")
    kept = Intake.objects.get()
    assert (kept.answers["age"], kept.position) == (55.0, "pain-1")
    assert kept.answers["body_mass"] == pytest.approx(69.85, abs=0.01)
    assert kept.answers["stature"] == pytest.approx(1.6764)
    again = web.get(page(one, "you")).content.decode()
    assert 'value="154"' in again  # shown again in the unit it was typed in
    assert "<option selected>lb</option>" in again


def test_an_answer_opens_a_question_on_the_same_page(web: Client, ada: Patient, clinician: User) -> None:
    one = opened(ada, clinician)
    post = {"shown": ["sex"], "sex": "female", "age": "30", "do": "next"}
    post["shown"] = ["age", "sex"]  # type: ignore[assignment]
    came = web.post(page(one, "you"), post)
    assert came.headers["Location"].startswith(page(one, "you") + "?more")
    assert "could you be?" in web.get(came.headers["Location"]).content.decode()


def test_the_script_asks_what_appears_and_nothing_is_kept(web: Client, ada: Patient, clinician: User) -> None:
    one = opened(ada, clinician)
    before = AuditRow.objects.count()
    shown = web.post(page(one, "you"), {"shown": ["age", "sex"], "sex": "female", "age": "30", "do": "part"})
    assert 'data-question="pregnant"' in shown.content.decode()
    assert "<html" not in shown.content.decode()
    male = web.post(page(one, "you"), {"shown": ["age", "sex"], "sex": "male", "age": "30", "do": "part"})
    assert 'data-question="pregnant"' not in male.content.decode()
    assert (Intake.objects.get().answers, AuditRow.objects.count()) == ({}, before)


@pytest.mark.parametrize(
    ("name", "post", "says"),
    [
        ("you", {"shown": ["age"], "age": "300"}, "a whole number from 0 to 110 years"),
        ("you", {"shown": ["body_mass"], "body_mass": "ten", "body_mass.unit": "kg"}, "from 20.0 kg to 350.0 kg"),
        ("you", {"shown": ["age"], "age": "50", "age.unknown": "yes"}, "not both"),
        ("pain-2", {"shown": ["onset_date"], "onset_date": "2999-01-01"}, "a date that has passed"),
        ("pain-2", {"shown": ["onset_date"], "onset_date": "long ago"}, "Choose a date."),
        ("pain-3", {"shown": ["care_tried"], "care_tried": ["none", "drugs"]}, "not both"),
        ("pain-3", {"shown": ["care_tried"], "care_tried": ["<script>"]}, "one of the answers shown"),
        ("pain-1", {"shown": ["body_chart"], "body_chart.place": "L5"}, "then add it"),
        ("pain-1", {"shown": ["body_chart"], "body_chart.place": "L5", "body_chart.side": "left",
                    "body_chart.kind": "pain", "body_chart.score": "11"}, "then add it"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_and_what_was_typed_stays(
    web: Client, ada: Patient, clinician: User, name: str, post: dict[str, object], says: str
) -> None:
    one = opened(ada, clinician)
    shown = web.post(page(one, name), post | {"do": "next"})
    assert shown.status_code == 400
    assert says in shown.content.decode()
    typed = post.get("age") or post.get("body_mass")
    assert typed is None or f'value="{typed}"' in shown.content.decode()
    assert "<script>" not in shown.content.decode().replace('<script type="module"', "")


def test_marks_are_added_and_removed_one_by_one(web: Client, ada: Patient, clinician: User) -> None:
    one = opened(ada, clinician)
    mark = {"shown": ["body_chart"], "body_chart.place": "L5", "body_chart.side": "left", "body_chart.kind": "pain",
            "body_chart.score": "6", "do": "stay"}  # fmt: skip
    assert web.post(page(one, "pain-1"), mark).headers["Location"] == page(one, "pain-1") + "#mark"
    web.post(page(one, "pain-1"), mark | {"body_chart.kind": "tingling"})
    shown = web.get(page(one, "pain-1")).content.decode()
    assert "Outer shin and big toe (L5), left: pain 6" in shown
    web.post(page(one, "pain-1"), {"shown": ["body_chart"], "do": "remove-0"})
    assert [mark["kind"] for mark in Intake.objects.get().answers["body_chart"]] == ["tingling"]


def test_a_place_on_the_figure_is_a_link_that_fills_the_form(web: Client, ada: Patient, clinician: User) -> None:
    one = opened(ada, clinician)
    shown = web.get(page(one, "pain-1")).content.decode()
    assert 'href="?place=saddle&amp;side=middle#mark"' in shown
    pointed = web.get(page(one, "pain-1") + "?place=saddle&side=middle").content.decode()
    assert '<option value="saddle" selected>' in pointed
    assert '<option value="middle" selected>' in pointed


def test_the_muscle_table(web: Client, ada: Patient, clinician: User) -> None:
    one = filled(ada, clinician, timezone.now(), motor_full="no")
    post = {
        "shown": ["motor_full", "motor_leg"],
        "motor_full": "no",
        "motor_leg.L5.left": "3",
        "motor_leg.L5.right": "5",
    }
    web.post(page(one, "examination"), post | {"do": "next"})
    cells = {(cell["row"], cell["side"]): cell["value"] for cell in Intake.objects.get().answers["motor_leg"]}
    assert cells["L5", "left"] == 3
    assert cells["S1", "right"] is None  # an empty cell was not tested
    shown = web.get(page(one, "examination")).content.decode()
    assert 'name="motor_leg.L5.left" value="3"' in shown
    wrong = web.post(page(one, "examination"), post | {"motor_leg.L5.left": "7", "do": "next"})
    assert wrong.status_code == 400
    assert 'value="7"' in wrong.content.decode()


def test_a_draft_is_resumed_where_it_was_left(web: Client, ada: Patient, clinician: User) -> None:
    one = opened(ada, clinician)
    web.post(page(one, "pain-2"), {"shown": ["pain_spine"], "pain_spine": "4", "do": "later"})
    shown = web.get(f"/patients/{ada.pk}/intake").content.decode()
    assert page(one, "pain-2") in shown


def test_review_tells_what_is_open_and_what_the_record_says_otherwise(
    web: Client, ada: Patient, clinician: User
) -> None:
    one = opened(ada, clinician)
    web.post(page(one, "you"), {"shown": ["age", "sex"], "age": "15", "sex": "female", "do": "next"})
    shown = web.get(f"/intakes/{one.pk}/review").content.decode()
    assert "15 years in the answers" in shown
    assert "Systolic blood pressure" in shown
    assert page(one, "tests-1") + "#q-systolic" in shown


@pytest.mark.parametrize("years", [100, 101])
def test_whoever_grows_older_than_anybody_is_treated_is_told_so(web: Client, clinician: User, years: int) -> None:
    born = timezone.now().date().replace(month=1, day=1)
    old = add_patient(ADA | {"birth_date": born.replace(year=born.year - years)}, by=clinician)
    one = intakes.begin(old, "lumbar", by=clinician, now=timezone.now())
    review = web.get(f"/intakes/{one.pk}/review")
    assert (review.status_code, "18 to 100" in review.text) == (200, years > 100)
    row = screened(old, clinician)
    assert web.get(row.get_absolute_url()).status_code == 200
    assert ("18 to 100" in contradiction(row, timezone.now().date())) == (years > 100)


def test_screening_leads_to_the_verdict_which_tells_all(web: Client, ada: Patient, clinician: User) -> None:
    one = filled(ada, clinician, timezone.now(), medicines=["painkillers"], painkiller_date="unknown", fever="unknown")
    came = web.post(f"/intakes/{one.pk}/review")
    row = Screening.objects.get()
    assert came.headers["Location"] == f"/screenings/{row.pk}"
    shown = web.get(f"/screenings/{row.pk}").content.decode()
    assert ">HOLD<" in shown
    assert "Not yet. Something must be settled first." in shown
    assert "Do you have a fever" in shown
    assert 'value="fever"' in shown  # leads to the page that asks it
    assert row.verdict_sha256 in shown
    asked = web.post(f"/patients/{ada.pk}/intake/begin", {"region": "lumbar", "go_on": "yes", "question": "fever"})
    again = Intake.objects.get(completed=None)
    assert asked.headers["Location"] == page(again, "danger_signs-2")
    assert again.answers["systolic"] == 128.0


def test_what_nobody_has_checked_is_said_to_be_so(web: Client, ada: Patient, clinician: User) -> None:
    row = screened(ada, clinician, timezone.now(), conditions=["weak_immunity"])
    assert "from memory, unverified" in web.get(f"/screenings/{row.pk}").content.decode()


def test_what_changed_since_the_verdict_before(web: Client, ada: Patient, clinician: User) -> None:
    now = timezone.now()
    first = screened(ada, clinician, now - timedelta(days=2), spine_history=["fracture"])
    second = screened(ada, clinician, now - timedelta(days=1), cancer="yes", cancer_new_pain="yes", cancer_imaged="no")
    shown = web.get(f"/screenings/{second.pk}").content.decode()
    assert '<span class="label">Gone</span> Fracture' in shown
    assert '<span class="label">New</span> Tumour' in shown
    assert first.get_absolute_url() in shown
    assert "There is a newer verdict" in web.get(f"/screenings/{first.pk}").content.decode()


def test_the_letter_and_the_letter_to_the_primary_doctor(web: Client, ada: Patient, clinician: User) -> None:
    row = screened(ada, clinician, timezone.now(), spine_history=["fracture"])
    paper = web.get(f"/screenings/{row.pk}/letter.pdf")
    assert paper.headers["Content-Type"] == "application/pdf"
    assert "Ada" not in paper.headers["Content-Disposition"]
    text = pypdf.PdfReader(BytesIO(paper.content)).pages[0].extract_text()
    assert "Imaging department" in text
    assert "Ada Example" in text
    other = web.get(f"/screenings/{row.pk}/letter.pdf?to=primary")
    assert "Primary doctor" in pypdf.PdfReader(BytesIO(other.content)).pages[0].extract_text()
    assert web.get(f"/screenings/{row.pk}/letter.pdf?to=nobody").status_code == 400


def test_the_json_is_what_the_command_prints(web: Client, ada: Patient, clinician: User) -> None:
    row = screened(ada, clinician, timezone.now())
    told = json.loads(web.get(f"/screenings/{row.pk}/verdict.json").content)
    assert told == {"verdict": "OK", "words": "Nothing found that speaks against treatment.", **row.verdict.document()}


def test_no_letter_goes_to_the_own_doctor_where_the_patient_does_not_agree(
    web: Client, ada: Patient, clinician: User
) -> None:
    row = screened(ada, clinician, spine_history=["fracture"])
    letter = f"/screenings/{row.pk}/letter.pdf"
    assert web.get(f"{letter}?to=primary").status_code == 200
    change_purpose(ada, OWN_DOCTOR, False, by=clinician, now=timezone.now())
    refused = web.get(f"{letter}?to=primary")
    assert (refused.status_code, "does not agree to letters" in refused.text) == (409, True)
    page = web.get(row.get_absolute_url()).text
    assert ("?to=primary" in page, "Ask again" in page) == (False, True)
    urgent = screened(ada, clinician, saddle_numb="yes")
    assert web.get(f"/screenings/{urgent.pk}/letter.pdf").status_code == 200
    change_purpose(ada, OWN_DOCTOR, True, by=clinician, now=timezone.now())
    assert web.get(f"{letter}?to=primary").status_code == 200


def test_what_holds_leads_to_its_question(web: Client, ada: Patient, clinician: User) -> None:
    row = screened(ada, clinician, pain_spine=0, pain_limb=0)
    page = web.get(row.get_absolute_url())
    held = next(one for one in page.context["reasons"] if one.reason.action is Action.HOLD)
    assert held.question in held.reason.answers
    assert "Answer this anew" in page.text
    go_on = {"region": "lumbar", "go_on": "yes", "question": held.question}
    opened = web.post(f"/patients/{ada.pk}/intake/begin", go_on, follow=True)
    assert f'id="q-{held.question}"' in opened.text


def test_an_override_wants_a_reason_and_the_password(web: Client, ada: Patient, clinician: User) -> None:
    row = screened(ada, clinician, timezone.now(), spine_history=["fracture"])
    url = f"/screenings/{row.pk}/override"
    short = web.post(url, {"reason": "fine", "password": PASSWORD})
    assert (short.status_code, VerdictOverride.objects.count()) == (400, 0)
    wrong = web.post(url, {"reason": REASON, "password": "not mine"})
    assert (wrong.status_code, VerdictOverride.objects.count()) == (400, 0)
    assert REASON in wrong.content.decode()  # what was typed stays
    assert "not mine" not in wrong.content.decode()
    assert web.post(url, {"reason": REASON, "password": PASSWORD}).status_code == 302
    shown = web.get(f"/screenings/{row.pk}").content.decode()
    assert REASON in shown
    assert ">CAUTION<" in shown
    assert "overrode" in shown


def test_nobody_overrides_an_emergency_by_any_address(web: Client, ada: Patient, clinician: User) -> None:
    row = screened(ada, clinician, timezone.now(), saddle_numb="yes", anal_tone="normal")
    assert "Override this verdict" not in web.get(f"/screenings/{row.pk}").content.decode()
    refused = web.post(f"/screenings/{row.pk}/override", {"reason": REASON, "password": PASSWORD})
    assert (refused.status_code, VerdictOverride.objects.count()) == (400, 0)


def test_staff_see_an_emergency_at_once_and_on_the_list(web: Client, ada: Patient, clinician: User) -> None:
    one = opened(ada, clinician)
    came = web.post(page(one, "danger_signs-1"), {"shown": ["saddle_numb"], "saddle_numb": "yes", "do": "next"})
    assert came.headers["Location"] == Screening.objects.get().get_absolute_url()
    shown = web.get("/patients").content.decode()
    assert "Act on it now." in shown
    assert Screening.objects.get().get_absolute_url() in shown


def test_an_emergency_that_was_screened_away_leaves_the_list(web: Client, ada: Patient, clinician: User) -> None:
    one = filled(ada, clinician, timezone.now(), saddle_numb="yes")
    web.post(page(one, "danger_signs-1"), {"shown": ["saddle_numb"], "saddle_numb": "no", "do": "next"})
    assert "Act on it now." in web.get("/patients").content.decode()
    web.post(f"/intakes/{one.pk}/review")
    assert "Act on it now." not in web.get("/patients").content.decode()


CALM = {"shown": ["today_bladder_bowel_saddle", "today_weakness", "today_pregnant", "today_injury_fever",
                  "today_medicine", "today_pain"],
        "today_bladder_bowel_saddle": "no", "today_weakness": "no", "today_pregnant": "no", "today_injury_fever": "no",
        "today_medicine": "no", "today_pain": "4"}  # fmt: skip


def test_the_check_of_the_day(web: Client, ada: Patient) -> None:
    url = f"/patients/{ada.pk}/visit-check"
    left_out = web.post(url, {key: value for key, value in CALM.items() if key != "today_weakness"})
    assert (left_out.status_code, VisitCheckRow.objects.count()) == (400, 0)
    assert web.post(url, CALM).status_code == 302
    shown = web.get(url).content.decode()
    assert "Nothing speaks against a session today." in shown
    assert "4/10" in shown
    web.post(url, CALM | {"today_weakness": "yes"})
    assert "No session now." in web.get(url).content.decode()


@pytest.mark.parametrize("url", ["/patients/{p}/intake", "/patients/{p}/visit-check", "/screenings/{s}",
                                 "/screenings/{s}/letter.pdf", "/screenings/{s}/verdict.json"])  # fmt: skip
def test_reading_leaves_a_line_and_other_clinics_find_nothing(
    web: Client, ada: Patient, clinician: User, url: str
) -> None:
    row = screened(ada, clinician, timezone.now())
    address = url.format(p=ada.pk, s=row.pk)
    assert web.get(address).status_code == 200
    line = AuditRow.objects.latest("id")
    assert (line.act, line.by, line.patient, line.page) == ("read", clinician, ada, address)
    stranger = Client()
    stranger.force_login(user_with(roles.CLINICIAN, another_clinic()))
    assert stranger.get(address).status_code == 404
    desk = Client()
    desk.force_login(user_with(roles.FRONT_DESK))
    assert desk.get(address).status_code == 403


@pytest.mark.parametrize("url", ["/patients/{p}/intake/begin", "/patients/{p}/visit-check", "/intakes/{i}/pages/you",
                                 "/intakes/{i}/review", "/intakes/{i}/set-aside", "/intakes/{i}/link",
                                 "/screenings/{s}/override"])  # fmt: skip
def test_acts_are_not_for_another_clinic_nor_another_role(ada: Patient, clinician: User, url: str) -> None:
    row = screened(ada, clinician, timezone.now(), spine_history=["fracture"])
    one = opened(ada, clinician)
    address = url.format(p=ada.pk, s=row.pk, i=one.pk)
    before = AuditRow.objects.count()
    stranger, desk = Client(), Client()
    stranger.force_login(user_with(roles.CLINICIAN, another_clinic()))
    desk.force_login(user_with(roles.FRONT_DESK))
    assert stranger.post(address, CALM).status_code == 404
    assert desk.post(address, CALM).status_code == 403
    assert AuditRow.objects.count() == before


def test_a_therapist_finds_no_override(ada: Patient, clinician: User) -> None:
    row = screened(ada, clinician, timezone.now(), spine_history=["fracture"])
    web = Client()
    web.force_login(user_with(roles.THERAPIST))
    assert "Override" not in web.get(f"/screenings/{row.pk}").content.decode()
    assert web.post(f"/screenings/{row.pk}/override", {"reason": REASON}).status_code == 403


def test_a_finished_intake_leads_to_its_verdict(web: Client, ada: Patient, clinician: User) -> None:
    row = screened(ada, clinician, timezone.now())
    for address in (page(row.intake, "you"), f"/intakes/{row.intake_id}/review"):
        assert web.get(address).headers["Location"] == row.get_absolute_url()
    post = {"shown": ["age"], "age": "20", "do": "next"}
    assert web.post(page(row.intake, "you"), post).headers["Location"] == row.get_absolute_url()


@pytest.mark.parametrize("post", [{"region": "thoracic"}, {"region": "lumbar", "changed": "yes", "because": " "},
                                  {"region": "lumbar", "changed": "yes", "because": "x" * 201}])  # fmt: skip
def test_what_begins_no_intake(web: Client, ada: Patient, post: dict[str, str]) -> None:
    assert web.post(f"/patients/{ada.pk}/intake/begin", post).status_code == 400
    assert not Intake.objects.exists()
