"""The prescription editor: what an empty field means, and what is drawn of a plan that is refused."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from opentraction.clinic.actions import patients
from opentraction.clinic.forms.prescription import FIELDS, PrescriptionForm
from opentraction.clinic.forms.saying import said_in
from opentraction.clinic.models import Patient, Prescription, TreatmentSession
from opentraction.clinic.rehearsing import plan_of
from opentraction.clinic.templatetags.amounts import forces_in
from opentraction.quantities import BadInput
from tests.clinic_ground import WRITTEN

pytestmark = pytest.mark.django_db

DEFAULTS = [key for key, one in FIELDS.items() if one.default]
AMID = {
    "rise.curvature": {"rise.shape": "logarithmic"},
    "rise.step_hold": {"rise.shape": "stepped", "rise.steps": "3"},
    "second_hold.move": {"second_hold.force": "80 % high", "second_hold.time": "20 s", "hold.time": "60 s"},
    "oscillation.fade": {"oscillation.amplitude": "5 % high", "oscillation.frequency": "0.2 Hz", "hold.time": "60 s"},
    "steps.fall_to": {"session.mode": "progressive", "steps.count": "3", "session.cycles": "6"},
}
"""What must stand beside a field for it to mean anything."""


@pytest.fixture
def browser(clinician: User) -> Client:
    client = Client()
    client.force_login(clinician)
    client.post(reverse("preferences"), {"force_unit": "lb"})
    return client


def rehearse(browser: Client, ada: Patient, **fields: str) -> tuple[int, dict[str, str]]:
    answer = browser.post(reverse("rehearse", args=[ada.pk]), {**WRITTEN, **fields})
    return answer.status_code, answer.json()


@pytest.mark.parametrize("key", DEFAULTS)
def test_a_value_shown_in_an_empty_field_is_the_one_it_has(key: str, ada: Patient) -> None:
    around = {**WRITTEN, **AMID.get(key, {})}
    empty, written = (PrescriptionForm.read(form) for form in (around, {**around, key: FIELDS[key].default}))
    assert plan_of(empty.document, ada).sha256 == plan_of(written.document, ada).sha256


@pytest.mark.parametrize("key", DEFAULTS)
def test_another_value_there_would_be_another_plan(key: str, ada: Patient) -> None:
    other = {"0 deg": "5 deg", "9": "20", "60 N/s": "30 N/s", "50 %": "40 %", "20 N/s": "15 N/s"}
    other["linear"] = "s-curve"
    value = other.get(FIELDS[key].default, FIELDS[key].default.replace("5", "7").replace("10", "9").replace("40", "30"))
    around = {**WRITTEN, **AMID.get(key, {})}
    empty, written = (PrescriptionForm.read(form) for form in (around, {**around, key: value}))
    assert plan_of(empty.document, ada).sha256 != plan_of(written.document, ada).sha256


def test_what_is_only_an_example_says_so(browser: Client, ada: Patient) -> None:
    for page in (reverse("prescribe", args=[ada.pk]), reverse("new-patient")):
        shown = re.findall(r'placeholder="([^"]*)"', browser.get(page).content.decode())
        assert shown
        for text in shown:
            assert text.startswith("e.g. ") or text in {FIELDS[key].default for key in DEFAULTS}, text


def test_the_ceiling_stands_beside_the_high_force_in_the_readers_unit(browser: Client, ada: Patient) -> None:
    page = browser.get(reverse("prescribe", args=[ada.pk])).content.decode()
    assert "Ceiling of this patient: 92.6 lb (412 N); for the neck 45.0 lb (200 N)." in page


def test_a_force_above_the_ceiling_is_drawn_with_the_bound_it_breaks(browser: Client, ada: Patient) -> None:
    status, said = rehearse(browser, ada, **{"forces.high": "120 lb"})
    assert status == 400
    assert said["where"] == "forces.high"
    assert "ceiling of 92.6 lb (412 N)" in said["why"]
    assert "<svg" in said["html"]
    assert ">ceiling<" in said["html"]
    assert "1 bound broken" in said["html"]
    assert "is 27.4 lb (122 N) above the ceiling of 92.6 lb (412 N)" in said["html"]
    assert said["why"].startswith("High force: “120.0 lb (534 N)”")
    assert "Patient ceiling" not in said["html"], "the one it is drawn under is not the patient's"
    for act in ("save", "sign"):
        kept = browser.post(reverse("prescribe", args=[ada.pk]), {**WRITTEN, "forces.high": "120 lb", "act": act})
        assert kept.status_code == 400
        assert "<svg" in kept.content.decode()
    assert Prescription.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "broken"),
    [
        (
            {"region": "cervical", "couch": "locked", "forces.high": "60 lb"},
            [
                "Pull the cervical spine",
                "is not allowed; allowed is cervical force",
                "above the ceiling of 45.0 lb (200 N)",
            ],
        ),
        ({"forces.high": "160 lb"}, ["Pull the lumbar spine", "above the ceiling of 92.6 lb (412 N)"]),
    ],
    ids=["cervical", "above body weight"],
)
def test_a_force_above_the_necks_bound_or_body_weight_is_drawn_and_never_signed(
    browser: Client, ada: Patient, fields: dict[str, str], broken: list[str]
) -> None:
    status, said = rehearse(browser, ada, **fields)
    assert status == 400
    assert "<svg" in said["html"]
    for words in broken:
        assert words in said["html"], words
    for act in ("save", "sign"):
        kept = browser.post(reverse("prescribe", args=[ada.pk]), {**WRITTEN, **fields, "act": act})
        assert kept.status_code == 400
    assert Prescription.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [{"forces.high": "120 lb", "rise.rate": "70 N/s"}, {"forces.low": "60 lb"}],
    ids=["steep", "low above high"],
)
def test_what_no_force_alone_keeps_from_being_drawn_is_not(
    browser: Client, ada: Patient, fields: dict[str, str]
) -> None:
    status, said = rehearse(browser, ada, **fields)
    assert (status, said["html"]) == (400, "")


@pytest.mark.parametrize(
    ("fields", "where", "says"),
    [
        ({"hold.time": "59 min"}, "session.cycles", "Cycles: “2, which take 119 min"),
        ({"hold.time": "59 min"}, "session.cycles", "at most 1 with these times, or shorter ones"),
        (
            {"hold.time": "60 min", "session.cycles": "1"},
            "hold.time",
            "Hold: “60 min” cannot be used. Allowed: a shorter",
        ),
        ({"hold.time": "60 min", "session.cycles": "2"}, "hold.time", "2 cycles take 121 min"),
        ({"cycle": '[[cycle]]\ntimes = 70\nhold = "60 s"'}, "cycle", "fit into the longest session, 60 min"),
        ({"session.length": "1 min", "session.cycles": "4"}, "session.length", "Session: “1 min” cannot be used"),
    ],
)
def test_what_is_too_long_is_said_of_what_was_written(
    browser: Client, ada: Patient, fields: dict[str, str], where: str, says: str
) -> None:
    if "cycle" in fields:
        fields = fields | {"session.cycles": ""}
    status, said = rehearse(browser, ada, **fields)
    assert (status, said["where"]) == (400, where)
    assert says in said["why"]


def test_what_cannot_be_built_is_not_drawn_and_its_draft_is_shown_as_the_last(browser: Client, ada: Patient) -> None:
    status, said = rehearse(browser, ada, **{"forces.high": "45"})
    assert (status, said["html"]) == (400, "")
    browser.post(reverse("prescribe", args=[ada.pk]), {**WRITTEN, "act": "save"})
    draft = Prescription.objects.get()
    page = browser.post(draft.get_absolute_url(), {**WRITTEN, "forces.high": "45", "act": "save"}).content.decode()
    assert "Last curve that could be drawn" in page
    assert 'id="rehearsal" class="old waiting"' in page
    assert "<svg" in page


@pytest.mark.parametrize(
    ("text", "lb", "kgf"),
    [
        ("ceiling of 412 N (92.6 lb)", "ceiling of 92.6 lb (412 N)", "ceiling of 42.0 kgf (412 N)"),
        ("force from 0 N to 1000 N", "force from 0 lb (0 N) to 225 lb (1000 N)", None),
        ("at most 60 N/s", "at most 60 N/s", "at most 60 N/s"),
        ("a force such as '75 lb', '300 N'", "a force such as '75 lb', '300 N'", None),
    ],
)
def test_a_refusal_names_forces_in_the_readers_unit_and_newtons(text: str, lb: str, kgf: str | None) -> None:
    assert forces_in(text, "lb") == lb
    assert kgf is None or forces_in(text, "kgf") == kgf


@pytest.mark.parametrize(
    ("text", "newtons"),
    [
        ("ceiling of 412 N (92.6 lb)", "ceiling of 412 N (92.6 lb)"),
        ("prescribed 40 lb (178 N)", "prescribed 40 lb (178 N)"),
        ("force from 0 N to 1000 N", "force from 0 N (0 lb) to 1000 N (225 lb)"),
        ("at most 60 N/s", "at most 60 N/s"),
    ],
)
def test_a_reader_in_newtons_is_told_the_pounds(text: str, newtons: str) -> None:
    assert forces_in(text, "N") == newtons


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-22 N", "-5 lb (-22 N)"),
        ("−22 N (−4.9 lb)", "−4.9 lb (−22 N)"),
        ("1e3 N", "225 lb (1e3 N)"),
        ("1,000 N", "225 lb (1,000 N)"),
        ("the patient's 412 N, the neck's 178 N", "the patient's 93 lb (412 N), the neck's 40 lb (178 N)"),
        *((same, same) for same in ("9 N/mm", "9 N / mm", "9 N per mm", "1000 N·s", "1000 N s", "9 N m", "1,5 N")),
        *((same, same) for same in ("20-22 N", "20–22 N", "x22 N", "“Lumbar 200 N”", "'Ada's 200 N'", '"200 N"')),
    ],
)
def test_what_is_no_plain_force_is_left_alone(text: str, said: str) -> None:
    assert forces_in(text, "lb") == said


def test_a_name_that_tells_a_force_is_left_alone() -> None:
    assert "'Lumbar 200 N'" in said_in(BadInput("name", "Lumbar 200 N", "another name"), "lb")
    assert "'45 lb (200 N)'" in said_in(BadInput("forces.high", "200 N (45 lb)", "a lower force"), "lb")


def test_ceiling_and_refusal_say_pounds_to_a_reader_in_newtons(browser: Client, ada: Patient) -> None:
    browser.post(reverse("preferences"), {"force_unit": "N"})
    page = browser.get(reverse("prescribe", args=[ada.pk])).content.decode()
    assert "Ceiling of this patient: 412 N (92.6 lb)" in page
    _, said = rehearse(browser, ada, **{"forces.high": "534 N"})
    assert "ceiling of 412 N (92.6 lb)" in said["why"]
    assert "above the ceiling of 412 N (93 lb)" in said["html"]


def test_a_plan_that_was_outgrown_is_refused_in_the_readers_unit(
    browser: Client, session: TreatmentSession, clinician: User
) -> None:
    patients.change_patient(session.patient, {"ceiling_n": 60.0}, by=clinician)
    refused = browser.post(reverse("begin"), {"prescription": session.plan.prescription.pk}).content.decode()
    assert "13 lb (60 N)" in refused
    assert "93 lb (412 N) or more" in refused
