"""From facts, order and log to today's programme: what opens a gate, what stops, who lets on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from opentraction.care.home import exercises
from opentraction.clinic import roles
from opentraction.clinic.actions.patients import add_patient
from opentraction.clinic.home.actions.asking import keep_facts
from opentraction.clinic.home.actions.clearing import let_on
from opentraction.clinic.home.actions.logging import take_entry
from opentraction.clinic.home.actions.ordering import end, order
from opentraction.clinic.home.doing import asked_days, done_so_far
from opentraction.clinic.home.facts import facts_now
from opentraction.clinic.home.models import Cleared, HomeEntry, HomeFacts, ProgrammeRow
from opentraction.clinic.home.road import steps
from opentraction.clinic.home.standing import standing
from opentraction.clinic.models import AuditRow, Patient
from opentraction.quantities import BadInput
from tests.cleared import clear, screened
from tests.clinic_ground import ADA, another_clinic, user_with
from tests.unit.care_home.people import NOON
from tests.unit.home_wing.ground import ASKED, logged, ordered, patient_user, told

pytestmark = pytest.mark.django_db
NOW = NOON
DAY = timedelta(days=1)
GOES_ON = "Examined, no deficit found; it may go on."


@pytest.fixture
def ada(clinician: User) -> Patient:
    """Ada, who was screened an hour before NOW."""
    one = add_patient(dict(ADA), by=clinician)
    clear(one, clinician, now=NOW)
    return one


def today(patient: Patient) -> set[str]:
    made = standing(patient, NOW).programme
    assert made is not None
    return {item.exercise for item in made.items}


def test_nothing_is_offered_before_somebody_orders(ada: Patient) -> None:
    assert standing(ada, NOW).programme is None
    assert steps(ada, NOW)[0].words == "none yet"


def test_what_nobody_asked_keeps_an_exercise_away_until_it_is_answered(ada: Patient, clinician: User) -> None:
    order(ada, [], NOW.date(), by=clinician, now=NOW)
    assert "stretch-a" not in today(ada)
    keep_facts(ada, ASKED, by=clinician, now=NOW)
    assert {"stretch-a", "brace", "walk"} <= today(ada)


def test_what_the_intake_told_stands_and_a_newer_number_replaces_an_older(ada: Patient, clinician: User) -> None:
    screened(ada, clinician, NOW - timedelta(minutes=1), conditions=["glaucoma"])
    keep_facts(ada, ASKED | {"glaucoma": False, "sbp": 165.0}, by=clinician, now=NOW)
    facts = facts_now(ada, NOW)
    assert facts["glaucoma"] is True
    assert facts["sbp"] == 165.0


def test_weeks_of_nerve_pain_grow_by_themselves(ada: Patient, clinician: User) -> None:
    keep_facts(ada, {"radiculopathy_weeks": 4.0}, by=clinician, now=NOW - 15 * DAY)
    assert facts_now(ada, NOW)["radiculopathy_weeks"] == 6.0


def test_an_emergency_in_the_intake_ends_the_programme_at_once(ada: Patient, clinician: User) -> None:
    ordered(ada, clinician, NOW - DAY)
    assert today(ada)
    screened(ada, clinician, NOW, bladder_bowel="yes")
    assert today(ada) == set()


def test_a_device_is_for_a_clinician_to_order(ada: Patient, clinician: User) -> None:
    therapist = user_with(roles.THERAPIST, ada.clinic)
    with pytest.raises(PermissionDenied):
        order(ada, ["inversion"], NOW.date(), by=therapist, now=NOW)
    order(ada, ["inversion"], NOW.date(), by=clinician, now=NOW)
    assert order(ada, ["inversion"], NOW.date(), by=therapist, now=NOW).ordered == ["inversion"]


def test_the_order_keeps_what_it_showed(ada: Patient, clinician: User) -> None:
    row = ordered(ada, clinician, NOW, days=8)
    assert row.week == 2
    assert row.programme.document() == standing(ada, NOW).made([], 2).document()
    assert ProgrammeRow.objects.get().sha256 == row.programme.sha256


@pytest.mark.parametrize(("began", "devices"), [(1, []), (-400, []), (0, ["brace"]), (0, ["rope"])])
def test_orders_that_cannot_be_are_refused(ada: Patient, clinician: User, began: int, devices: list[str]) -> None:
    with pytest.raises(BadInput):
        order(ada, devices, NOW.date() + began * DAY, by=clinician, now=NOW)
    assert not ProgrammeRow.objects.exists()


def test_an_ended_programme_is_over(ada: Patient, clinician: User) -> None:
    ordered(ada, clinician, NOW)
    end(ada, "well enough", by=clinician, now=NOW)
    assert standing(ada, NOW).programme is None
    with pytest.raises(BadInput):
        end(ada, "again", by=clinician, now=NOW)


def test_a_doubled_post_is_the_same_entry_and_another_under_its_id_is_refused(ada: Patient, clinician: User) -> None:
    me, said = patient_user(ada), told("1", NOW)
    assert take_entry(ada, said, by=me, now=NOW)[1] is True
    assert take_entry(ada, said, by=me, now=NOW + DAY)[1] is False
    with pytest.raises(BadInput):
        take_entry(ada, said | {"nrs_after": 9}, by=me, now=NOW)
    assert HomeEntry.objects.count() == 1
    assert AuditRow.objects.filter(act="log home session").count() == 1


def test_two_patients_may_use_the_same_id(ada: Patient, clinician: User) -> None:
    other = Patient.objects.create(clinic=ada.clinic, **(ADA | {"given_name": "Bea"}))
    logged(ada, "1", NOW)
    assert HomeEntry.objects.filter(patient=other).count() == 0
    me = user_with(roles.PATIENT, another_clinic())
    with pytest.raises(PermissionDenied):
        take_entry(ada, told("2", NOW), by=me, now=NOW)


@pytest.mark.parametrize("days", [2, -367])
def test_a_time_that_cannot_be_is_refused_and_a_fast_clock_is_brought_back(ada: Patient, days: int) -> None:
    with pytest.raises(BadInput):
        logged(ada, "1", NOW + days * DAY, NOW)
    assert logged(ada, "2", NOW + DAY / 2, NOW).at == NOW


def test_new_weakness_stops_everything_until_a_clinician_lets_it_go_on(ada: Patient, clinician: User) -> None:
    ordered(ada, clinician, NOW - DAY)
    logged(ada, "1", NOW - timedelta(hours=2), leg="weak")
    here = standing(ada, NOW)
    assert here.everything_stopped
    assert [rule.id for _, rule in here.why()] == ["new-weakness"]
    assert (steps(ada, NOW)[0].state, steps(ada, NOW)[0].words) == ("stop", "stopped: new weakness")
    with pytest.raises(PermissionDenied):
        let_on(ada, "all", GOES_ON, by=user_with(roles.THERAPIST, ada.clinic), now=NOW)
    with pytest.raises(BadInput):
        let_on(ada, "all", "fine", by=clinician, now=NOW)
    let_on(ada, "all", GOES_ON, by=clinician, now=NOW)
    here = standing(ada, NOW + timedelta(minutes=1))
    assert here.stopped == []
    assert here.why() == []
    with pytest.raises(BadInput):
        let_on(ada, "all", GOES_ON, by=clinician, now=NOW)


def test_what_a_phone_kept_back_while_a_clinician_let_on_stops_all_the_same(ada: Patient, clinician: User) -> None:
    ordered(ada, clinician, NOW - 3 * DAY)
    logged(ada, "1", NOW - 2 * DAY, leg="weak")
    let_on(ada, "all", GOES_ON, by=clinician, now=NOW - DAY)
    assert not standing(ada, NOW).stopped
    logged(ada, "2", NOW - 2 * DAY, NOW - timedelta(hours=1), signs=["saddle-or-bladder"])
    here = standing(ada, NOW)
    assert here.everything_stopped
    assert here.programme is not None
    assert here.programme.emergency


def test_two_hard_sessions_stop_one_exercise(ada: Patient, clinician: User) -> None:
    ordered(ada, clinician, NOW - 3 * DAY)
    for number in (1, 2):
        logged(ada, str(number), NOW - (3 - number) * DAY, leg="spread")
    here = standing(ada, NOW)
    assert [one.exercise for one in here.stopped] == ["brace"]
    assert not here.everything_stopped
    assert steps(ada, NOW)[0].words == "stopped: leg symptoms"
    let_on(ada, "brace", GOES_ON, by=clinician, now=NOW)
    assert "brace" in today(ada)


def test_days_asked_and_done_are_counted(ada: Patient, clinician: User) -> None:
    ordered(ada, clinician, NOW - 6 * DAY)
    for number in range(4):
        logged(ada, str(number), NOW - (6 - number) * DAY)
    here = standing(ada, NOW)
    done = done_so_far(here)
    assert done is not None
    assert done.done == 4
    assert done.asked == sum(sum(one.values()) for one in asked_days(here).values())
    assert done.missing == done.asked - 4
    assert steps(ada, NOW)[0].words == "4 of 7 days"


def test_five_times_a_week_asks_for_five_days_and_blames_no_day_to_come(ada: Patient, clinician: User) -> None:
    ordered(ada, clinician, NOW, days=14 + 2)
    began = (NOW - 16 * DAY).date()
    days = [day for day, one in asked_days(standing(ada, NOW)).items() if "stretch-a" in one]
    by_week = [sum((day - began).days // 7 == week for day in days) for week in range(3)]
    assert exercises()["stretch-a"].per_week == 5
    assert by_week == [5, 5, 1]


def test_rows_are_written_once(ada: Patient, clinician: User) -> None:
    from opentraction.clinic.models.clinical import Frozen

    row = ordered(ada, clinician, NOW)
    entry = logged(ada, "1", NOW)
    for one in (row, entry, HomeFacts.objects.get()):
        with pytest.raises(Frozen):
            one.save()
        with pytest.raises(Frozen):
            one.delete()


@pytest.mark.parametrize("model", [HomeFacts, ProgrammeRow, HomeEntry, Cleared])
def test_the_database_refuses_a_change_by_hand(ada: Patient, clinician: User, model: type) -> None:
    from django.db import DatabaseError, connection, transaction

    ordered(ada, clinician, NOW - 2 * DAY)
    logged(ada, "1", NOW - DAY, leg="weak")
    let_on(ada, "all", GOES_ON, by=clinician, now=NOW)
    table = model._meta.db_table  # type: ignore[attr-defined]
    for statement in (f"UPDATE {table} SET patient_id = patient_id", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
