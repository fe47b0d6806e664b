"""No treatment begins or is bound without fresh verdict, check of the day and consent, or with a reason to stop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opentraction.clinic.actions import prescriptions, treatments
from opentraction.clinic.clearance import NotCleared, clearance_for
from opentraction.clinic.consents.models import Withdrawal
from opentraction.clinic.intake.actions import intakes
from opentraction.clinic.intake.actions.visits import check_visit
from opentraction.clinic.intake.models import Intake
from opentraction.clinic.models import Patient, Prescription, TreatmentSession
from opentraction.clinic.outcomes import standing as outcomes
from opentraction.screening import Clearance
from tests.cleared import clear, consented, screened, visited
from tests.clinic_ground import ADA, DOCUMENT, confirmed

pytestmark = pytest.mark.django_db
RED_FLAGS = {"bladder_bowel": "yes", "saddle_numb": "yes"}


@pytest.fixture
def bea(clinician: User) -> Patient:
    """Somebody of whom nothing is known yet."""
    from opentraction.clinic.actions.patients import add_patient

    return add_patient(ADA | {"given_name": "Bea"}, by=clinician)


@pytest.fixture
def plan(bea: Patient, clinician: User) -> Prescription:
    draft = prescriptions.draft(bea, "Short", DOCUMENT, by=clinician)
    return prescriptions.sign(draft, by=clinician, confirmed=confirmed(clinician))


def refusal(plan: Prescription) -> NotCleared:
    with pytest.raises(NotCleared) as said:
        clearance_for(plan.patient, treatments.next_plan(plan), timezone.now())
    return said.value


def test_who_has_everything_is_cleared_for_this_plan(bea: Patient, plan: Prescription, clinician: User) -> None:
    clear(bea, clinician)
    signed = treatments.next_plan(plan)
    cleared = clearance_for(bea, signed, timezone.now())
    assert (cleared.action, cleared.plan_sha256, cleared.region) == ("OK", signed.sha256, "lumbar")
    assert Clearance.from_document(cleared.document()) == cleared


def test_what_is_missing_is_asked_for_in_the_order_of_the_road(
    bea: Patient, plan: Prescription, clinician: User
) -> None:
    when = timezone.now() - timedelta(hours=1)
    assert refusal(plan).step == "intake"
    screened(bea, clinician, when)
    assert refusal(plan).step == "consent"
    consented(bea, clinician, when)
    assert refusal(plan).step == "visit"
    visited(bea, clinician, when)
    assert treatments.begin(plan, by=clinician).patient == bea


@pytest.mark.parametrize(
    ("other", "step", "said"),
    [
        ({"bladder_bowel": "yes"}, "intake", "The screening says"),
        ({"fever": "unknown"}, "intake", "The screening says"),
    ],
)
def test_a_verdict_that_forbids_is_said(
    bea: Patient, plan: Prescription, clinician: User, other: dict[str, Any], step: str, said: str
) -> None:
    clear(bea, clinician, **other)
    assert refusal(plan).step == step
    assert said in str(refusal(plan))


def test_a_screening_counts_four_weeks(bea: Patient, plan: Prescription, clinician: User) -> None:
    clear(bea, clinician, now=timezone.now() - timedelta(days=29))
    visited(bea, clinician, timezone.now())
    assert "Screen again" in str(refusal(plan))


def test_yesterdays_check_is_no_check_of_today(bea: Patient, plan: Prescription, clinician: User) -> None:
    clear(bea, clinician, now=timezone.now() - timedelta(hours=12))
    assert refusal(plan).step == "visit"


def test_a_check_of_the_day_that_forbids_is_said(bea: Patient, plan: Prescription, clinician: User) -> None:
    clear(bea, clinician)
    visited(bea, clinician, timezone.now(), today_weakness="yes")
    assert refusal(plan).step == "visit"
    assert "not to treat" in str(refusal(plan))


def test_a_consent_taken_back_ends_it_at_once(bea: Patient, plan: Prescription, clinician: User) -> None:
    clear(bea, clinician)
    Withdrawal(consent=bea.consents.get(), at=timezone.now(), by=clinician, reason="changed my mind").save()
    assert refusal(plan).step == "consent"
    assert "withdrawn" in str(refusal(plan))


def test_an_examination_or_an_event_that_stops_is_heard(
    bea: Patient, plan: Prescription, clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear(bea, clinician)
    monkeypatch.setattr(outcomes, "unlifted", lambda patient, now: None)
    monkeypatch.setattr(outcomes, "_event", lambda patient, now: "A serious adverse event is open.")
    assert refusal(plan).step == "outcomes"


@pytest.fixture
def red(bea: Patient, plan: Prescription, clinician: User) -> Prescription:
    """Bladder trouble and a numb saddle, with everything else signed."""
    clear(bea, clinician, **RED_FLAGS)
    return plan


def test_a_red_flag_patient_reaches_the_table_by_no_address(
    red: Prescription, clinician: User, client: Client, bind: Callable[[TreatmentSession], Any]
) -> None:
    client.force_login(clinician)
    answer = client.post(reverse("begin"), {"prescription": red.pk})
    assert answer.status_code == 400
    assert not TreatmentSession.objects.filter(patient=red.patient).exists()
    # a session row that got there some other way is not bound either
    smuggled = TreatmentSession(patient=red.patient, plan=treatments.next_plan(red), operator=clinician)
    smuggled.save()
    answer = bind(smuggled)
    assert answer.status_code == 400
    assert "screening" in answer.json()["why"]


def test_a_page_opened_before_the_flag_went_up_binds_nothing(
    bea: Patient, plan: Prescription, clinician: User, bind: Callable[[TreatmentSession], Any]
) -> None:
    clear(bea, clinician)
    session = treatments.begin(plan, by=clinician)
    screened(bea, clinician, timezone.now(), **RED_FLAGS)
    assert bind(session).status_code == 400


@pytest.fixture
def bind(clinician: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> Callable[[TreatmentSession], Any]:
    """Ask for the binding as the treatment page does; the table would take it."""
    from opentraction.clinic import acting
    from opentraction.clinic.table_line import line

    monkeypatch.setattr(acting, "take_in_all", lambda: None)
    sent: list[Any] = []

    class Link:
        up = True
        telemetry: ClassVar[dict[str, Any]] = {"phase": "idle", "bound": None}

        async def ask(self, do: str, **words: Any) -> dict[str, Any]:
            sent.append((do, words))
            return {"ok": True}

    monkeypatch.setattr(line, "shared_link", Link)
    client.force_login(clinician)

    def post(session: TreatmentSession) -> Any:
        words = {"do": "bind", "session": str(session.pk), "identity": "confirmed"}
        answer = client.post(reverse("table-act"), words)
        assert sent == []
        return answer

    return post


def may_go_on(plan: Prescription) -> bool:
    try:
        clearance_for(plan.patient, treatments.next_plan(plan), timezone.now())
    except NotCleared:
        return False
    return True


CALM = {f"today_{what}": False for what in ("bladder_bowel_saddle", "weakness", "pregnant", "injury_fever", "medicine")}


def checked(bea: Patient, by: User, region: str = "lumbar", **said: Any) -> None:
    check_visit(bea, region, {**CALM, "today_pain": 3.0, **said}, by=by, now=timezone.now())


@pytest.mark.parametrize("flag", ["today_bladder_bowel_saddle", "today_weakness", "today_injury_fever"])
def test_no_calm_check_and_no_setting_aside_undoes_a_grave_one(
    bea: Patient, plan: Prescription, clinician: User, flag: str
) -> None:
    clear(bea, clinician)
    checked(bea, clinician, **{flag: True})
    assert not may_go_on(plan)
    checked(bea, clinician)
    assert not may_go_on(plan)
    intakes.set_aside(Intake.objects.get(patient=bea, completed=None), by=clinician, now=timezone.now())
    assert not may_go_on(plan)
    screened(bea, clinician, timezone.now())  # only the whole intake does
    checked(bea, clinician)
    assert may_go_on(plan)


def test_setting_an_intake_aside_takes_back_no_change(bea: Patient, plan: Prescription, clinician: User) -> None:
    clear(bea, clinician)
    one = intakes.begin(bea, "lumbar", by=clinician, now=timezone.now(), because="a fall on Tuesday")
    intakes.set_aside(one, by=clinician, now=timezone.now())
    assert "a fall on Tuesday" in refusal(plan).sentence()
    screened(bea, clinician, timezone.now())
    assert may_go_on(plan)


def test_a_grave_answer_in_an_unfinished_intake_stops_before_it_is_screened(
    bea: Patient, plan: Prescription, clinician: User
) -> None:
    clear(bea, clinician)
    one = intakes.begin(bea, "lumbar", by=clinician, now=timezone.now())
    assert may_go_on(plan)  # what is not answered yet says nothing
    intakes.answer(one, ["limb_weakness"], {"limb_weakness": "worse"}, {}, "x", by=None, now=timezone.now())
    assert not may_go_on(plan)
    intakes.answer(one, ["limb_weakness"], {"limb_weakness": "none"}, {}, "x", by=None, now=timezone.now())
    assert may_go_on(plan)


@pytest.mark.parametrize("fact", ["today_pregnant", "today_injury_fever", "today_medicine"])
def test_what_is_true_of_the_whole_person_stops_at_every_region(
    bea: Patient, plan: Prescription, clinician: User, fact: str
) -> None:
    clear(bea, clinician)
    checked(bea, clinician, region="cervical", **{fact: True})
    checked(bea, clinician)
    assert refusal(plan).step == "intake"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"sex": "male"}, "says male, the record female"),
        ({"age": 30}, "says 30 years"),
        ({"body_mass": "90 kg"}, "says 90.0 kg"),
    ],
)
def test_a_verdict_on_another_body_is_none(
    bea: Patient, plan: Prescription, clinician: User, other: dict[str, Any], said: str
) -> None:
    clear(bea, clinician, **other)
    assert said in refusal(plan).sentence()


def test_who_would_rather_not_say_their_sex_is_no_other_body(bea: Patient, plan: Prescription, clinician: User) -> None:
    clear(bea, clinician, sex="unstated")
    assert may_go_on(plan)


def test_a_verdict_counts_to_the_end_of_its_last_day_where_the_clinic_is(
    bea: Patient, plan: Prescription, clinician: User
) -> None:
    bea.clinic.time_zone = "Pacific/Auckland"
    bea.clinic.save()
    row = screened(bea, clinician, timezone.now())
    end = datetime.combine(row.valid_until + timedelta(days=1), time.min, ZoneInfo("Pacific/Auckland"))
    for when, counts in ((end - timedelta(minutes=1), True), (end, False)):
        with pytest.raises(NotCleared) as said:
            clearance_for(bea, treatments.next_plan(plan), when)
        assert ("counted until" not in said.value.sentence()) is counts


class TestWhatScreeningLeavesOfTheForce:
    """A verdict that says "images before full force" is heard where the force is written, and at the gate."""

    def signed_for(self, mass: float, by: User) -> Prescription:
        from opentraction.clinic.actions.patients import add_patient

        who = add_patient(ADA | {"given_name": "Mo", "mass_kg": mass}, by=by)
        drafted = prescriptions.draft(who, "Full", DOCUMENT.replace("45 lb", "62 lb"), by=by)
        return prescriptions.sign(drafted, by=by, confirmed=confirmed(by))

    @pytest.mark.parametrize(("mass", "fits"), [(60.0, False), (90.0, True)])
    def test_a_plan_above_it_is_not_begun(self, clinician: User, mass: float, fits: bool) -> None:
        plan = self.signed_for(mass, clinician)
        clear(plan.patient, clinician, imaging=[])
        assert may_go_on(plan) is fits
        if not fits:
            assert "Screening leaves at most 259 N" in refusal(plan).sentence()

    def test_with_pictures_the_same_plan_is(self, clinician: User) -> None:
        plan = self.signed_for(60.0, clinician)
        clear(plan.patient, clinician)
        assert may_go_on(plan)

    def test_both_pages_say_it_before_anything_is_signed_or_pulled(self, clinician: User) -> None:
        plan = self.signed_for(60.0, clinician)
        browser = Client()
        browser.force_login(clinician)
        clear(plan.patient, clinician, imaging=[])
        page = browser.get(plan.get_absolute_url()).content.decode()
        for words in (
            "Screening leaves at most",
            "Take images before full force",
            "The first session",
            "No baseline yet: ",
        ):
            assert words in page
        clear(plan.patient, clinician)
        treatment = treatments.begin(plan, by=clinician)
        page = browser.get(reverse("treatment", args=[treatment.pk])).content.decode()
        assert "The first session" in page
        assert "Screening leaves at most" not in page
