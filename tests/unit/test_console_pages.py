"""Pages of the console: who gets in, what is refused and how it is said, what the browser is never allowed to run."""

from __future__ import annotations

import json
import re
import uuid
from importlib.resources import files

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from opentraction.clinic import access, roles
from opentraction.clinic.actions import prescriptions, treatments
from opentraction.clinic.forms.prescription import FIELDS, PrescriptionForm
from opentraction.clinic.models import AuditRow, Patient, Preference, Prescription, TreatmentSession
from opentraction.clinic.rehearsing import library, plan_of
from opentraction.clinic.templatetags.amounts import audit_detail, forces_in
from opentraction.drawing import css_variables
from opentraction.prescription import Plan
from tests.clinic_ground import COURSE, PASSWORD, WRITTEN, confirmed, user_with
from tests.page_words import words_of
from tests.specimens import Ground, urls
from tests.specimens import address as address_of

pytestmark = pytest.mark.django_db

CORE = [name for name, _ in urls() if ":" not in name]
"""The addresses of the core; each wing tests its own."""
POST_ONLY = {
    "table-checks-act",
    "emergency-seen",
    "choose-clinic",
    "comfort",
    "preferences",
    "rehearse",
    "amend",
    "begin",
    "table-act",
    "unlock",
    "language",
    "sign-out",
}
BOTH = {"sign-in", "lockout", "new-patient", "edit-patient", "prescribe", "prescription"}


@pytest.fixture
def browser(clinician: User) -> Client:
    client = Client()
    client.force_login(clinician)
    return client


def address(name: str, session: TreatmentSession) -> str:
    """A page's address with what it needs filled in."""
    return address_of(name, Ground(session.patient, session))


@pytest.mark.parametrize("chosen", ["abc", "1.5", "", "0", "-1", "9" * 30, "9" * 5000, "1e1", "٣"])
def test_no_such_prescription_begins_nothing(browser: Client, ada: Patient, chosen: str) -> None:
    browser.raise_request_exception = False
    assert browser.post(reverse("begin"), {"prescription": chosen}).status_code == 404
    assert TreatmentSession.objects.count() == 0


def test_an_aborted_set_up_leaves_the_place_in_the_course_as_it_was(
    browser: Client, ada: Patient, clinician: User
) -> None:
    course = prescriptions.sign(
        prescriptions.draft(ada, "Course", COURSE, by=clinician), by=clinician, confirmed=confirmed(clinician)
    )
    first = treatments.begin(course, by=clinician)
    treatments.take_in(first, treatments.Outcome("interrupted", "", first.created, None, None, {"treatment_s": 0}, "x"))
    again = treatments.begin(course, by=clinician)
    assert "session 1 of 3" in browser.get(reverse("treatment", args=[again.pk])).content.decode()


@pytest.mark.parametrize("name", CORE)
def test_a_stranger_sees_the_sign_in_and_what_is_public(name: str, session: TreatmentSession) -> None:
    for method in access.METHODS:
        answer = getattr(Client(), method)(address(name, session))
        if access.needed(name, method) == access.ANYONE:
            assert answer.status_code < 500, (name, method)
            assert b"Ada Example" not in answer.content
        elif answer.status_code != 405 or access.needed(name, method) is not None:
            assert answer.status_code == 302, (name, method)
            assert answer["Location"].startswith("/sign-in")


@pytest.mark.parametrize("name", sorted(POST_ONLY | BOTH))
def test_a_post_without_its_token_is_refused(name: str, session: TreatmentSession, clinician: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clinician)
    rows = AuditRow.objects.count()
    assert strict.post(address(name, session), {"do": "stop", "force_unit": "lb"}).status_code == 403
    assert AuditRow.objects.count() == rows
    assert not Preference.objects.exists()


@pytest.mark.parametrize("name", CORE)
def test_a_user_without_a_role_sees_no_patient(name: str, session: TreatmentSession) -> None:
    nobody = Client()
    nobody.force_login(user_with(None))
    method = nobody.post if name in POST_ONLY else nobody.get
    answer = method(address(name, session), {"do": "start", "session": str(session.pk), "force_unit": "lb"})
    assert "Ada" not in words_of(answer.content.decode())
    if access.needed(name, "post" if name in POST_ONLY else "get") not in {access.ANYONE, access.SIGNED_IN}:
        assert answer.status_code in {403, 404}, name


def test_an_assistant_treats_but_does_not_prescribe(ada: Patient) -> None:
    assistant = Client()
    assistant.force_login(user_with(roles.THERAPIST))
    assert assistant.get(reverse("patient", args=[ada.pk])).status_code == 200
    assert assistant.get(reverse("prescribe", args=[ada.pk])).status_code == 403
    assert assistant.post(reverse("prescribe", args=[ada.pk]), {"act": "sign"}).status_code == 403


def test_an_object_that_is_not_there_is_404(browser: Client) -> None:
    assert browser.get(reverse("session", args=[uuid.uuid4()])).status_code == 404
    assert browser.get(reverse("patient", args=[99])).status_code == 404


def test_every_answer_carries_its_headers(browser: Client, session: TreatmentSession) -> None:
    answer = browser.get(reverse("treatment", args=[session.pk]))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_no_page_holds_what_the_policy_forbids(browser: Client, session: TreatmentSession) -> None:
    for name in CORE:
        if name in POST_ONLY | {"table-stream", "session-file", "report"}:
            continue
        page = browser.get(address(name, session), follow=True).content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page), name
        scripts = re.findall(r"<script[^>]*>", page)
        assert all('src="/static/' in one or 'type="application/json"' in one for one in scripts), name


def test_the_disclaimer_stands_on_every_page(browser: Client, session: TreatmentSession) -> None:
    for name in ("sign-in", "patients", "new-patient", "acts"):
        assert b"Not an approved medical device" in browser.get(reverse(name), follow=True).content


def test_the_style_sheet_has_the_colours_of_every_chart() -> None:
    sheet = files("opentraction.clinic").joinpath("static/clinic/console.css").read_text("utf-8")
    assert css_variables() in sheet
    assert css_variables(dark=True) in sheet


NEW = {
    "given_name": "Ben",
    "family_name": "Sample",
    "birth_date": "1984-11-02",
    "sex": "male",
    "mass": "203 lb",
    "stature": "6 ft 1 in",
    "region": "lumbar",
    "levels": "L4-L5, L5-S1",
    "complaint": "back pain",
    "ceiling": "100 lb",
}


def test_a_patient_is_written_in_the_units_people_use(browser: Client) -> None:
    assert browser.post(reverse("new-patient"), NEW).status_code == 302
    ben = Patient.objects.get(family_name="Sample")
    assert ben.mass_kg == pytest.approx(92.08, abs=0.01)
    assert ben.stature_m == pytest.approx(1.8542)
    assert ben.ceiling_n == pytest.approx(444.82, abs=0.01)
    assert ben.levels == "L4-L5 L5-S1"


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("mass", "92", "a mass in kg, lb"),
        ("mass", "92 N", "a mass in kg, lb, g, st"),
        ("mass", "203 kg", "body mass from 35 kg to 200 kg"),
        ("mass", "500 lb", "body mass from 77.2 lb to 440.9 lb"),
        ("mass", "nan kg", "a mass in kg, lb"),
        ("mass", "1e308 kg", "body mass from"),
        ("mass", "180 kg", "tick “Weighed twice”"),
        ("stature", "185", "a length in m, cm"),
        ("ceiling", "100", "a force with its unit"),
        ("ceiling", "60 %BW", "not in body weight"),
        ("ceiling", "950 N", "body weight"),
        ("birth_date", "02.11.1984", "a date such as"),
        ("birth_date", "2020-01-01", "age from 18"),
        ("levels", "L9-L10", "levels such as"),
        ("birth_date", "2999-01-01", "a date in the past"),
        ("given_name", "", "Write the given name."),
        ("given_name", "x" * 81, "1 to 80 letters"),
        ("sex", "x", "one of female, male, unstated"),
        ("phone", "55-01", "at least 5 digits"),
        ("phone", "555-0101\n555-0102", "on one line"),
        ("phone", "5" * 41, "at most 40 characters"),
        ("email", "ben at example.org", "an address such as name@example.org"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(browser: Client, field: str, text: str, sentence: str) -> None:
    answer = browser.post(reverse("new-patient"), {**NEW, field: text})
    assert answer.status_code == 400
    page = answer.content.decode()
    beside = re.search(rf'<span id="{field}-says" class="refusal">([^<]*)</span>', page)
    assert beside is not None
    assert sentence in beside[1]
    assert page.count('class="refusal"') == 1
    assert ("mass_confirmed" in page) is ("Weighed twice" in sentence)
    assert Patient.objects.count() == 0


def test_how_a_patient_is_reached_is_written_shown_and_changed(browser: Client) -> None:
    reach = {"phone": "+1 (202) 555-0101 ext. 7", "email": "ben@example.org"}
    browser.post(reverse("new-patient"), NEW | reach)
    ben = Patient.objects.get(family_name="Sample")
    page = browser.get(ben.get_absolute_url()).content.decode()
    assert '<a class="nowrap" href="tel:+12025550101">+1 (202) 555-0101 ext. 7</a>' in page
    assert '<a href="mailto:ben@example.org">ben@example.org</a>' in page
    browser.post(reverse("edit-patient", args=[ben.pk]), NEW | {"phone": "", "email": ""})
    page = browser.get(ben.get_absolute_url()).content.decode()
    assert "No phone or e-mail known." in page
    assert "tel:" not in page
    row = AuditRow.objects.filter(act="change patient").latest("pk")
    assert row.detail["fields"] == ["email", "phone"]
    assert "555" not in json.dumps(row.detail)  # as with a name, the value stays in the patient's own row


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("55501", "55501"),
        ("+44 (0)20 7946 0101", "+442079460101"),
        ("home: 555-0101, mornings", "5550101"),
        ("1 or 2 or 345", ""),
        ("", ""),
    ],
)
def test_only_digits_that_stand_together_are_dialled(written: str, dialled: str) -> None:
    assert Patient(phone=written).dialled == dialled


def test_a_heavy_person_weighed_twice_is_taken(browser: Client) -> None:
    assert browser.post(reverse("new-patient"), {**NEW, "mass": "180 kg", "mass_confirmed": "yes"}).status_code == 302
    assert Patient.objects.get().mass_kg == 180.0


def test_a_prescription_in_pounds_is_rehearsed_in_the_readers_unit(browser: Client, ada: Patient) -> None:
    browser.post(reverse("preferences"), {"force_unit": "lb"})
    answer = browser.post(reverse("rehearse", args=[ada.pk]), WRITTEN)
    assert answer.status_code == 200
    html = answer.json()["html"]
    assert "45.0 lb (200 N)" in html
    assert "<svg" in html
    assert Prescription.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("forces.high", "45"),
        ("forces.high", "nan lb"),
        ("forces.high", "-45 lb"),
        ("forces.high", "1e308 N"),
        ("forces.high", "450 lb"),
        ("forces.high", ""),
        ("hold.time", "10"),
        ("session.cycles", "two"),
        ("region", "knee"),
        ("pretension.force", "25 kg"),
    ],
)
def test_a_bad_prescription_is_one_sentence_and_nothing_is_kept(
    browser: Client, ada: Patient, field: str, text: str
) -> None:
    said = browser.post(reverse("rehearse", args=[ada.pk]), {**WRITTEN, field: text})
    assert said.status_code == 400
    assert said.json()["where"] == field
    assert field not in said.json()["why"]
    assert said.json()["why"].startswith(FIELDS[field].label)
    kept = browser.post(
        reverse("prescribe", args=[ada.pk]), {**WRITTEN, field: text, "act": "sign", "password": PASSWORD}
    )
    assert kept.status_code == 400
    assert escape(said.json()["why"]) in kept.content.decode()
    assert Prescription.objects.count() == 0


def test_sign_freezes_and_the_editor_is_gone(browser: Client, ada: Patient) -> None:
    answer = browser.post(
        reverse("prescribe", args=[ada.pk]), {**WRITTEN, "act": "sign", "password": PASSWORD}, follow=True
    )
    assert "signed" in answer.content.decode()
    one = Prescription.objects.get()
    again = browser.post(reverse("prescription", args=[one.pk]), {**WRITTEN, "forces.high": "60 lb", "act": "sign"})
    assert b'id="editor"' not in again.content
    assert "45 lb" in Prescription.objects.get().document


@pytest.mark.parametrize("name", sorted(library()))
def test_a_shipped_protocol_goes_through_the_form_unchanged(name: str, ada: Patient) -> None:
    text = library()[name].read_text("utf-8")
    form = PrescriptionForm.of(text)
    assert set(form.written) - {"cycle"} <= set(FIELDS)
    posted = PrescriptionForm.read({key: value.replace("\n", "\r\n") for key, value in form.written.items()})
    assert plan_of(posted.document, ada).sha256 == plan_of(text, ada).sha256


def test_words_of_people_never_become_markup_or_toml(browser: Client, ada: Patient) -> None:
    name = 'x" </title><script>alert(1)</script>'
    answer = browser.post(
        reverse("rehearse", args=[ada.pk]), {**WRITTEN, "name": name, "notes": '"""\nangle = "9 deg"'}
    )
    assert answer.status_code == 200
    assert "<script" not in answer.json()["html"]


def test_the_live_stream_is_for_those_who_may_look(session: TreatmentSession) -> None:
    nobody = Client()
    nobody.force_login(user_with(None))
    assert nobody.get(reverse("table-stream")).status_code == 403


def test_the_treatment_page_has_its_tab_before_and_after_binding(browser: Client, session: TreatmentSession) -> None:
    page = browser.get(reverse("treatment", args=[session.pk])).content.decode()
    assert f'<a href="/treatments/{session.pk}" aria-current="page">Treatment</a>' in page
    assert ">Treatment</a>" not in browser.get(reverse("patients")).content.decode()


def test_what_will_be_pulled_stands_on_the_page_before_the_start(browser: Client, session: TreatmentSession) -> None:
    browser.post(reverse("preferences"), {"force_unit": "lb"})
    page = browser.get(reverse("treatment", args=[session.pk])).content.decode()
    plan = Plan.from_canonical(session.plan.canonical)
    given = page.partition('<dl class="given">')[2].partition("</dl>")[0]
    for words in (plan.name, f"({plan.peak:.0f} N)", f"{plan.peak / 4.4482216:.0f} lb", plan.position, plan.couch):
        assert words in given, words
    assert f"Carriage set as prescribed: {plan.couch}" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("reduced to 178 N", "reduced to 40 lb (178 N)"),
        ("prescribed 40 lb (178 N)", "prescribed 40 lb (178 N)"),
        ("rate 20 N/s", "rate 20 N/s"),
        ("impulse 300 N s", "impulse 300 N s"),
        ("bound, 3 s late", "bound, 3 s late"),
    ],
)
def test_what_was_recorded_in_newtons_is_read_in_the_users_unit(text: str, said: str) -> None:
    assert forces_in(text, "lb") == said


def test_an_audit_row_is_read_as_words() -> None:
    detail = {"to_n": 118.6123, "ok": True, "plan_sha256": "a" * 64}
    assert audit_detail(detail, "N") == f"to 118.6 N, accepted, plan sha256 {'a' * 39}…"
    assert audit_detail({"to_n": 118.6123, "ok": False}, "lb") == "to 27 lb (118.6 N), refused"
