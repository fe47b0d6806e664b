"""The two steps on the road, in each way they can stand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from opentraction.clinic import roles
from opentraction.clinic.intake import road, visit_road
from opentraction.clinic.intake.actions import intakes, links, overrides, visits
from opentraction.clinic.intake.models import Intake
from opentraction.clinic.models import Patient
from opentraction.clinic.road import steps_of
from tests.clinic_ground import user_with
from tests.unit.intake.ground import NOW, answers_of, proof, screened
from tests.unit.intake.test_actions import CALM, REASON

pytestmark = pytest.mark.django_db


def step(ada: Patient, days: float = 0.0) -> tuple[str, str]:
    (one,) = road.steps(Patient.objects.get(pk=ada.pk), NOW + timedelta(days=days))
    assert one.key == "intake"
    return one.state, one.words


def test_from_nothing_to_a_verdict(ada: Patient, clinician: User) -> None:
    assert step(ada) == ("next", "not begun")
    one = intakes.begin(ada, "lumbar", by=clinician, now=NOW)
    assert step(ada) == ("next", "begun")
    link, _ = links.make_link(one, by=clinician, now=NOW)
    links.finish_own_part(link, now=NOW)
    assert step(ada) == ("next", "the patient is done; go on")


def test_a_verdict_until_it_ends(ada: Patient, clinician: User) -> None:
    screened(ada, clinician)
    assert step(ada) == ("done", "ok until 28 Apr")
    assert step(ada, 22) == ("done", "ok until 28 Apr")
    assert step(ada, 23) == ("look", "expires in 5 days")
    assert step(ada, 27) == ("look", "expires in 1 day")
    assert step(ada, 28) == ("look", "expires in 0 days")
    assert step(ada, 29) == ("next", "out of date")


def test_a_change_wants_a_look(ada: Patient, clinician: User) -> None:
    screened(ada, clinician)
    intakes.begin(ada, "lumbar", by=clinician, now=NOW, because="a fall")
    assert step(ada) == ("look", "changed: a fall")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"spine_history": ["fracture"]}, "exclude"),
        ({"fever": "unknown"}, "hold"),
        ({"limb_weakness": "worse"}, "refer urgent"),
        ({"unloading_test": "worse"}, "caution"),
    ],
)
def test_the_road_stops_with_what_the_verdict_says(
    ada: Patient, clinician: User, other: dict[str, object], words: str
) -> None:
    screened(ada, clinician, **other)
    assert step(ada) == ("stop", words)


def test_an_override_opens_the_road(ada: Patient, clinician: User) -> None:
    row = screened(ada, clinician, spine_history=["fracture"])
    overrides.override(row, REASON, by=clinician, confirmed=proof(clinician), now=NOW)
    assert step(ada) == ("done", "caution until 28 Apr")


def test_the_patients_own_answers_can_stop_it(ada: Patient, clinician: User) -> None:
    screened(ada, clinician)
    one = intakes.begin(ada, "lumbar", by=clinician, now=NOW)
    intakes.answer(one, ["saddle_numb"], answers_of({"saddle_numb": "yes"}), {}, "", by=None, now=NOW)
    assert step(ada) == ("stop", "emergency")
    assert Intake.objects.get(pk=one.pk).completed is None


def day(ada: Patient, hours: float = 0.0) -> tuple[str, str]:
    (one,) = visit_road.steps(ada, NOW + timedelta(hours=hours))
    assert one.key == "visit"
    return one.state, one.words


def test_the_check_of_the_day(ada: Patient, clinician: User) -> None:
    assert day(ada) == ("open", "check of the day")
    screened(ada, clinician)
    assert day(ada) == ("next", "check of the day")
    visits.check_visit(ada, "lumbar", CALM, by=clinician, now=NOW)
    assert day(ada) == ("done", "asked 09:30 UTC")
    assert day(ada, 12) == ("done", "asked 09:30 UTC")
    assert day(ada, 12.1) == ("next", "check of the day")
    visits.check_visit(ada, "lumbar", CALM | {"today_weakness": True}, by=clinician, now=NOW + timedelta(hours=1))
    assert day(ada, 2) == ("stop", "refer urgent")


def test_a_check_of_yesterday_says_its_day(ada: Patient, clinician: User) -> None:
    screened(ada, clinician)
    visits.check_visit(ada, "lumbar", CALM, by=clinician, now=NOW + timedelta(hours=14))
    assert day(ada, 14.4) == ("done", "asked 23:30 UTC")
    assert day(ada, 14.6) == ("done", "asked 31 Mar, 23:30 UTC")
    ada.clinic.time_zone = "America/New_York"  # where it is one evening
    assert day(ada, 14.6) == ("done", "asked 23:30 UTC")


def test_the_front_desk_does_not_see_how_one_stands(ada: Patient, clinician: User) -> None:
    ours = {one.key for one in steps_of(ada, clinician, NOW)}
    theirs = {one.key for one in steps_of(ada, user_with(roles.FRONT_DESK), NOW)}
    assert {"intake", "visit"} <= ours
    assert not {"intake", "visit"} & theirs


def test_the_clinicians_page_names_the_steps_in_their_order(ada: Patient, clinician: User) -> None:
    said = (Path(__file__).parents[3] / "docs/clinician/index.md").read_text("utf-8")
    titles = [one.title for one in steps_of(ada, clinician, NOW)]
    assert f"twelve steps: {', '.join(titles)}." in " ".join(said.split())
    assert len(titles) == 12
