"""What people do at the intake: begin, answer, screen, override, check the day; who may, and what it leaves behind."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.signatures import signatures_of
from opentraction.clinic.intake.actions import intakes, links, overrides, visits
from opentraction.clinic.intake.models import Intake, IntakeLink, Screening, VisitCheckRow
from opentraction.clinic.intake.standing import screened as stands
from opentraction.clinic.intake.standing import something_changed, visit_today
from opentraction.clinic.models import AuditRow, Patient, Signature
from opentraction.clinic.models.clinical import Frozen
from opentraction.quantities import BadInput
from opentraction.screening import Action, Overridden, Verdict
from tests.clinic_ground import another_clinic, user_with
from tests.unit.intake.ground import NOW, answers_of, filled, proof, screened

pytestmark = pytest.mark.django_db
REASON = "The surgeon wrote that the fusion is at another level."
CALM = {"today_bladder_bowel_saddle": False, "today_weakness": False, "today_pregnant": False,
        "today_injury_fever": False, "today_medicine": False, "today_pain": 4.0}  # fmt: skip


def test_a_whole_intake_is_screened_and_kept_to_the_letter(ada: Patient, clinician: User) -> None:
    row = screened(ada, clinician)
    verdict = stands(ada, "lumbar", NOW)
    assert isinstance(verdict, Verdict)
    assert verdict.action is Action.OK
    assert verdict.may_treat
    assert verdict.sha256 == row.verdict_sha256
    assert row.snapshot.sha256 == verdict.intake_sha256
    assert verdict.pseudonym == ada.pseudonym
    assert "Ada" not in row.intake_canonical + row.verdict_canonical
    assert (row.decided, row.valid_until) == (NOW, date(2026, 4, 28))
    assert [one.act for one in AuditRow.objects.order_by("-id")[:3]] == ["screen", "answer intake", "begin intake"]


def test_each_region_stands_alone(ada: Patient, clinician: User) -> None:
    screened(ada, clinician)
    assert stands(ada, "cervical", NOW) is None


def test_an_intake_begun_twice_is_one(ada: Patient, clinician: User) -> None:
    first = intakes.begin(ada, "lumbar", by=clinician, now=NOW)
    assert intakes.begin(ada, "lumbar", by=clinician, now=NOW) == first
    assert intakes.begin(ada, "cervical", by=clinician, now=NOW) != first


def test_an_unfinished_intake_does_not_replace_a_verdict_but_a_change_is_said(ada: Patient, clinician: User) -> None:
    row = screened(ada, clinician)
    one = intakes.begin(ada, "lumbar", by=clinician, now=NOW)
    assert something_changed(ada, "lumbar", NOW) == ""
    again = intakes.begin(ada, "lumbar", by=clinician, now=NOW, because="a fall on Tuesday")
    assert again == one
    assert something_changed(ada, "lumbar", NOW) == "a fall on Tuesday"
    verdict = stands(ada, "lumbar", NOW)
    assert isinstance(verdict, Verdict)
    assert verdict.sha256 == row.verdict_sha256


def test_staff_and_patient_may_answer_at_the_same_time(ada: Patient, clinician: User) -> None:
    one = intakes.begin(ada, "lumbar", by=clinician, now=NOW)
    stale = Intake.objects.get(pk=one.pk)
    intakes.answer(one, ["fever"], answers_of({"fever": "no"}), {}, "danger_signs-2", by=None, now=NOW)
    intakes.answer(stale, ["systolic"], answers_of({"systolic": 120}), {}, "tests-2", by=clinician, now=NOW)
    assert Intake.objects.get(pk=one.pk).answers == {"fever": False, "systolic": 120.0}


def test_an_answer_taken_back_takes_what_hung_on_it(ada: Patient, clinician: User) -> None:
    one = filled(ada, clinician, cancer="yes", cancer_new_pain="no", cancer_imaged="yes")
    assert one.answers["cancer_new_pain"] is False
    intakes.answer(one, ["cancer"], answers_of({"cancer": "no"}), {}, "health-1", by=clinician, now=NOW)
    assert "cancer_new_pain" not in Intake.objects.get(pk=one.pk).answers


def test_the_patients_own_answers_are_marked_as_theirs(ada: Patient, clinician: User) -> None:
    one = intakes.begin(ada, "lumbar", by=clinician, now=NOW)
    intakes.answer(one, ["fever"], answers_of({"fever": "no"}), {}, "", by=None, now=NOW)
    row = AuditRow.objects.latest("id")
    assert (row.act, row.by, row.patient, row.detail["told_by"]) == ("answer intake", None, ada, "patient")


def test_an_emergency_waits_for_no_further_answer(ada: Patient, clinician: User) -> None:
    screened(ada, clinician)
    one = intakes.begin(ada, "lumbar", by=clinician, now=NOW)
    later = NOW + timedelta(minutes=1)
    assert intakes.answer(one, ["fever"], answers_of({"fever": "no"}), {}, "", by=None, now=later) is None
    row = intakes.answer(one, ["saddle_numb"], answers_of({"saddle_numb": "yes"}), {}, "", by=None, now=later)
    assert row is not None
    assert (row.action, row.by, row.intake) == ("EMERGENCY", None, one)
    now = stands(ada, "lumbar", later)
    assert isinstance(now, Verdict)
    assert not now.may_treat
    again = intakes.answer(one, ["fever"], answers_of({"fever": "no"}), {}, "", by=None, now=later)
    assert again == row  # one line for staff, not one for each page


def test_an_emergency_stands_until_the_intake_is_screened_as_a_whole(ada: Patient, clinician: User) -> None:
    one = filled(ada, clinician, saddle_numb="yes")
    intakes.answer(one, ["saddle_numb"], answers_of({"saddle_numb": "no"}), {}, "", by=None, now=NOW)
    verdict = stands(ada, "lumbar", NOW)
    assert isinstance(verdict, Verdict)
    assert verdict.action is Action.EMERGENCY
    intakes.screen(Intake.objects.get(pk=one.pk), by=clinician, now=NOW + timedelta(minutes=5))
    after = stands(ada, "lumbar", NOW + timedelta(minutes=5))
    assert isinstance(after, Verdict)
    assert after.action is Action.OK


def test_a_finished_intake_never_changes(ada: Patient, clinician: User) -> None:
    row = screened(ada, clinician)
    with pytest.raises(Frozen):
        intakes.answer(row.intake, ["fever"], answers_of({"fever": "yes"}), {}, "", by=clinician, now=NOW)
    with pytest.raises(BadInput, match="begin another"):
        intakes.screen(row.intake, by=clinician, now=NOW)


def test_answers_that_are_taken_over_keep_their_age(ada: Patient, clinician: User) -> None:
    screened(ada, clinician)
    later = NOW + timedelta(days=20)
    again = intakes.begin(ada, "lumbar", by=clinician, now=later, go_on=True)
    assert (again.since, again.answers["fever"]) == (NOW, False)
    with pytest.raises(BadInput, match="of the last 28 days"):
        intakes.screen(again, by=clinician, now=NOW + timedelta(days=29))
    intakes.set_aside(again, by=clinician, now=NOW + timedelta(days=29))
    fresh = intakes.begin(ada, "lumbar", by=clinician, now=NOW + timedelta(days=29), go_on=True)
    assert fresh.answers == {}


def test_an_intake_set_aside_gives_no_verdict(ada: Patient, clinician: User) -> None:
    one = filled(ada, clinician)
    intakes.set_aside(one, by=clinician, now=NOW)
    assert stands(ada, "lumbar", NOW) is None
    assert intakes.open_intake(ada, "lumbar") is None


def test_an_override_is_caution_with_every_reason(ada: Patient, clinician: User) -> None:
    row = screened(ada, clinician, devices=["spinal_hardware"], hardware_where=["low_back"])
    assert row.action == "EXCLUDE"
    one = overrides.override(row, REASON, by=clinician, confirmed=proof(clinician), now=NOW)
    now = stands(ada, "lumbar", NOW)
    assert isinstance(now, Overridden)
    assert (now.action, now.verdict.action, now.reason) == (Action.CAUTION, Action.EXCLUDE, REASON)
    (mark,) = signatures_of(one)
    assert (mark.meaning, mark.is_of(one.canonical), mark.user) == ("overrode", True, clinician)
    with pytest.raises(BadInput, match="nobody has overridden"):
        overrides.override(row, REASON, by=clinician, confirmed=proof(clinician), now=NOW)


def test_a_new_verdict_takes_an_override_away(ada: Patient, clinician: User) -> None:
    row = screened(ada, clinician, devices=["spinal_hardware"], hardware_where=["low_back"])
    overrides.override(row, REASON, by=clinician, confirmed=proof(clinician), now=NOW)
    later = NOW + timedelta(hours=1)
    newer = screened(ada, clinician, now=later, spine_history=["fracture"])
    assert stands(ada, "lumbar", later) == newer.verdict
    with pytest.raises(BadInput, match="newest verdict"):
        overrides.override(
            screened(ada, clinician, now=NOW - timedelta(days=1), spine_history=["fracture"]),
            REASON, by=clinician, confirmed=proof(clinician), now=later,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("other", "reason", "says"),
    [
        ({"saddle_numb": "yes", "anal_tone": "normal"}, REASON, "nobody overrides"),
        ({"fever": "yes", "bladder_bowel": "yes", "anal_tone": "normal"}, REASON, "nobody overrides"),
        ({"spine_history": ["fracture"]}, "ok", "a sentence of at least 20"),
        ({"spine_history": ["fracture"]}, "becausebecausebecause", "a sentence"),
        ({}, REASON, "that forbids treatment"),
    ],
)
def test_what_cannot_be_overridden(
    ada: Patient, clinician: User, other: dict[str, object], reason: str, says: str
) -> None:
    row = screened(ada, clinician, **other)
    before = Signature.objects.count()
    with pytest.raises(BadInput, match=says):
        overrides.override(row, reason, by=clinician, confirmed=proof(clinician), now=NOW)
    assert Signature.objects.count() == before
    assert not isinstance(stands(ada, "lumbar", NOW), Overridden)


def test_a_therapist_screens_and_does_not_override(ada: Patient) -> None:
    therapist = user_with(roles.THERAPIST)
    row = screened(ada, therapist, spine_history=["fracture"])
    with pytest.raises(PermissionDenied):
        overrides.override(row, REASON, by=therapist, confirmed=proof(therapist), now=NOW)


@pytest.mark.parametrize("role", [roles.FRONT_DESK, roles.ADMINISTRATOR, roles.AUDITOR, roles.PATIENT])
def test_who_does_not_screen(ada: Patient, role: str) -> None:
    with pytest.raises(PermissionDenied):
        intakes.begin(ada, "lumbar", by=user_with(role), now=NOW)


def test_another_clinics_clinician_does_nothing_here(ada: Patient, clinician: User) -> None:
    stranger = user_with(roles.CLINICIAN, another_clinic())
    row = screened(ada, clinician, spine_history=["fracture"])
    acts = [
        lambda: intakes.begin(ada, "lumbar", by=stranger, now=NOW),
        lambda: overrides.override(row, REASON, by=stranger, confirmed=proof(stranger), now=NOW),
        lambda: visits.check_visit(ada, "lumbar", CALM, by=stranger, now=NOW),
        lambda: links.make_link(row.intake, by=stranger, now=NOW),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


def test_a_calm_day(ada: Patient, clinician: User) -> None:
    row = visits.check_visit(ada, "lumbar", CALM, by=clinician, now=NOW)
    check = visit_today(ada, "lumbar", NOW)
    assert check is not None
    assert (check.action, check.at, row.pain, check.sha256) == (Action.OK, NOW, 4, row.sha256)
    assert visit_today(ada, "cervical", NOW) is None
    assert visit_today(ada, "lumbar", NOW - timedelta(minutes=1)) is None


def test_pain_that_is_not_known_is_no_zero(ada: Patient, clinician: User) -> None:
    row = visits.check_visit(ada, "lumbar", CALM | answers_of_today(today_pain="unknown"), by=clinician, now=NOW)
    assert (row.pain, row.action) == (None, "HOLD")


def answers_of_today(**raw: object) -> dict[str, object]:
    from opentraction import screening

    by_id = {one.id: one for one in screening.visit_questions()}
    return {key: screening.read_answer(by_id[key], value) for key, value in raw.items()}


@pytest.mark.parametrize(
    ("answer", "action", "reopens"),
    [
        ("today_weakness", "REFER_URGENT", True),
        ("today_injury_fever", "HOLD", True),
        ("today_bladder_bowel_saddle", "EMERGENCY", True),
    ],
)
def test_what_changed_today_wants_the_whole_intake_again(
    ada: Patient, clinician: User, answer: str, action: str, reopens: bool
) -> None:
    screened(ada, clinician)
    row = visits.check_visit(ada, "lumbar", CALM | {answer: True}, by=clinician, now=NOW)
    assert row.action == action
    assert bool(something_changed(ada, "lumbar", NOW)) is reopens
    visits.check_visit(ada, "lumbar", CALM, by=clinician, now=NOW)
    assert something_changed(ada, "lumbar", NOW)  # a second, calm check does not undo the first


def test_strong_pain_is_for_today_alone(ada: Patient, clinician: User) -> None:
    screened(ada, clinician)
    row = visits.check_visit(ada, "lumbar", CALM | {"today_pain": 8.0}, by=clinician, now=NOW)
    assert row.action == "HOLD"
    assert something_changed(ada, "lumbar", NOW) == ""


@pytest.mark.parametrize(
    "table", ["intake_screening", "intake_visitcheckrow", "intake_intake", "intake_verdictoverride"]
)
@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_keeps_what_was_decided(ada: Patient, clinician: User, table: str, act: str) -> None:
    row = screened(ada, clinician, spine_history=["fracture"])
    overrides.override(row, REASON, by=clinician, confirmed=proof(clinician), now=NOW)
    visits.check_visit(ada, "lumbar", CALM, by=clinician, now=NOW)
    column = "region" if table != "intake_verdictoverride" else "reason"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table, column, "'x'"))


@pytest.mark.parametrize("model", [Screening, VisitCheckRow])
def test_frozen_rows_refuse_a_second_write(ada: Patient, clinician: User, model: type) -> None:
    screened(ada, clinician)
    visits.check_visit(ada, "lumbar", CALM, by=clinician, now=NOW)
    row = model.objects.get()
    with pytest.raises(Frozen):
        row.save()
    with pytest.raises(Frozen):
        row.delete()


def test_a_row_that_was_altered_is_not_believed(ada: Patient, clinician: User) -> None:
    row = screened(ada, clinician)
    row.verdict_canonical = row.verdict_canonical.replace('"OK"', '"CAUTION"')
    with pytest.raises(BadInput, match="altered"):
        _ = row.verdict


def test_the_word_of_a_link_is_not_in_the_database(ada: Patient, clinician: User) -> None:
    one = intakes.begin(ada, "lumbar", by=clinician, now=NOW)
    link, token = links.make_link(one, by=clinician, now=NOW)
    assert links.link_of(token) == link
    assert token not in str(IntakeLink.objects.values().get())
    second, other = links.make_link(one, by=clinician, now=NOW)
    assert not IntakeLink.objects.get(pk=link.pk).is_open(NOW)
    assert second.is_open(NOW)
    assert not second.is_open(NOW + timedelta(days=7))
    assert token != other


def test_a_birth_date_opens_and_five_wrong_ones_close(ada: Patient, clinician: User) -> None:
    one = intakes.begin(ada, "lumbar", by=clinician, now=NOW)
    link, token = links.make_link(one, by=clinician, now=NOW)
    for _ in range(4):
        assert not links.open_link(link, date(1971, 5, 24), "en", now=NOW)
    assert links.open_link(link, date(1971, 5, 23), "es", now=NOW)  # the right one begins anew
    assert Intake.objects.get(pk=one.pk).language == "es"
    for _ in range(5):
        assert not links.open_link(link, None, "en", now=NOW)
    assert not links.open_link(link, date(1971, 5, 23), "en", now=NOW)
    found = links.link_of(token)
    assert found is not None
    assert not found.is_open(NOW)


def test_the_end_of_the_own_part_closes_the_link(ada: Patient, clinician: User) -> None:
    one = intakes.begin(ada, "lumbar", by=clinician, now=NOW)
    link, _ = links.make_link(one, by=clinician, now=NOW)
    links.finish_own_part(link, now=NOW)
    assert not link.is_open(NOW)
    assert Intake.objects.get(pk=one.pk).patient_done == NOW
