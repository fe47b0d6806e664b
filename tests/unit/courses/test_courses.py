"""The course in the clinic: what it rests on, what it advises, what becomes of advice, and what stays as written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from opentraction.care.outcomes import Form
from opentraction.clinic import roles
from opentraction.clinic.actions import prescriptions
from opentraction.clinic.agenda.actions import appointments
from opentraction.clinic.agenda.actions import booking as books
from opentraction.clinic.agenda.actions.settings import write_hours
from opentraction.clinic.courses import road
from opentraction.clinic.courses.actions.advice import base_of, take_advice
from opentraction.clinic.courses.actions.courses import amend_course, check_before_pull, review_course, set_aside
from opentraction.clinic.courses.history import history_of
from opentraction.clinic.courses.models import AdviceRow, CourseRow, Terms
from opentraction.clinic.courses.planning import calendar_of, visits_to_book
from opentraction.clinic.courses.standing import advice_for, current_course, stops_today
from opentraction.clinic.models import AuditRow, Patient, Prescription, SignedPlan, TreatmentSession
from opentraction.clinic.models.clinical import Frozen
from opentraction.clinic.outcomes.actions.answering import hand_in
from opentraction.clinic.outcomes.actions.sessions import end_course, tell_session
from opentraction.prescription import Plan
from opentraction.prescription.progress import Action, Clinic
from opentraction.quantities import BadInput
from tests.agenda_ground import course_for, manager, ready
from tests.cleared import visited
from tests.clinic_ground import DOCUMENT, another_clinic, confirmed, user_with

pytestmark = pytest.mark.django_db
WELL = {"spine": 4, "limb": 5, "strength_drop": 0, "weakest_muscle": 5, "new_distal": False}


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(second=0, microsecond=0)


@pytest.fixture
def signed(ada: Patient, clinician: User) -> Prescription:
    """The clinician's own plan: 45 lb, in which advice is put."""
    one = prescriptions.draft(ada, "Short", DOCUMENT, by=clinician)
    return prescriptions.sign(one, by=clinician, confirmed=confirmed(clinician))


@pytest.fixture
def course(ada: Patient, clinician: User, signed: Prescription, now: datetime) -> CourseRow:
    """Begun two weeks ago, scored before it, everything asked today."""
    row = course_for(ada, clinician, now - timedelta(days=14))
    for name, answers in {"nprs_back": {"average": 5}, "nprs_leg": {"average": 6}, "rmdq": {"total": 13}}.items():
        hand_in(ada, Form(name, row.start, answers, {}, "paper", clinician.username), by=clinician)
    visited(ada, clinician, now)
    check_before_pull(row, dict(WELL), by=clinician, now=now)
    return row


def pulled(row: CourseRow, signed: Prescription, by: User, at: datetime, **told: Any) -> TreatmentSession:
    """A session as its recording left it, and what the patient said of it."""
    one = TreatmentSession(
        patient=row.patient, plan=SignedPlan.objects.get(prescription=signed), operator=by, started=at,
        ended=at + timedelta(minutes=15), ending="completed", comfort=8,
        summary={"treatment_s": 900.0, "peak_prescribed_n": 200.0},
    )  # fmt: skip
    one.save()
    tell_session(one, "before", {"spine": 5, "limb": 6}, by=by)
    said = {"spine": 4, "limb": 5, "felt": "comfortable", "peripheralised": False, "new_distal": False, "dizzy": False}
    tell_session(one, "after", said | told, by=by)
    tell_session(one, "next", {"soreness_hours": 2.0, "new_distal": False}, by=by)
    return one


def test_the_first_session_is_advised_from_body_weight(course: CourseRow, now: datetime) -> None:
    advice = advice_for(course, now)
    assert (advice.action, advice.session) == (Action.GO_ON, 1)
    assert advice.force == 137.0  # half of 40 % of 70 kg
    assert advice.questions == ()
    assert stops_today(course.patient, now) == ""


def test_what_is_not_asked_is_asked_for(ada: Patient, clinician: User, signed: Prescription, now: datetime) -> None:
    row = course_for(ada, clinician, now)
    advice = advice_for(row, now)
    assert advice.action is Action.ASK
    assert {"baseline.pain", "today.pain", "today.strength_drop", "today.new_distal"} <= {
        q.key for q in advice.questions
    }
    assert stops_today(ada, now) == ""  # what is missing is the gate's own to ask


def test_the_history_is_what_the_record_says(
    course: CourseRow, signed: Prescription, clinician: User, now: datetime
) -> None:
    pulled(course, signed, clinician, now - timedelta(days=2))
    history = history_of(course, now)
    [one] = history.done
    assert one.force == pytest.approx(200.17, abs=0.1)  # 45 lb, as it was signed
    assert (one.before.spine, one.after.limb, one.felt, one.comfort, one.soreness_hours) == (
        5,
        5,
        "comfortable",
        8,
        2.0,
    )
    assert history.screened is not None
    assert history.consented is not None
    assert history.baseline is not None
    assert history.baseline.rmdq == 13
    assert history.check is not None
    assert (history.check.strength_drop, history.check.red_flags, history.check.says) == (0, (), "OK")
    advice = advice_for(course, now)
    assert (advice.session, advice.action) == (2, Action.GO_ON)
    assert advice.force is not None
    assert 200 < advice.force <= 200.2 * 1.1


def test_a_pull_felt_too_strong_steps_back(
    course: CourseRow, signed: Prescription, clinician: User, now: datetime
) -> None:
    pulled(course, signed, clinician, now - timedelta(days=2), felt="painful")
    advice = advice_for(course, now)
    assert advice.action is Action.STEP_BACK
    assert advice.force is not None
    assert advice.force <= 0.75 * 200.2


def test_a_second_pull_on_one_day_is_too_early(
    course: CourseRow, signed: Prescription, clinician: User, now: datetime
) -> None:
    pulled(course, signed, clinician, now - timedelta(minutes=20))
    if history_of(course, now).done[-1].day == now.date():
        assert "too early" in stops_today(course.patient, now)


def test_a_new_weakness_stops_the_course_and_says_so(course: CourseRow, clinician: User, now: datetime) -> None:
    check_before_pull(course, WELL | {"weakest_muscle": 3}, by=clinician, now=now)
    advice = advice_for(course, now)
    assert advice.action is Action.STOP
    assert advice.urgency == "the same day"
    assert "stop and refer" in stops_today(course.patient, now)
    with pytest.raises(BadInput, match="a session may begin"):
        take_advice(course, advice.sha256, by=clinician, now=now)


def test_modify_waits_for_a_clinician_who_looked(course: CourseRow, clinician: User, now: datetime) -> None:
    check_before_pull(course, WELL | {"new_distal": True}, by=clinician, now=now)
    assert "examine" in stops_today(course.patient, now)
    review_course(course, "examined", "No deficit; the tingling is old.", by=clinician, now=now)
    assert stops_today(course.patient, now) == ""


def test_taken_advice_is_a_draft_with_the_advised_force(
    course: CourseRow, signed: Prescription, clinician: User, now: datetime
) -> None:
    advice = advice_for(course, now)
    kept = take_advice(course, advice.sha256, by=clinician, now=now)
    one = kept.prescription
    assert not one.signed
    assert one.replaces == signed
    assert 'high = "30.7 lb"' in one.document
    assert (kept.decision, kept.force_n, kept.why) == ("accepted", 137.0, "")
    assert kept.advice == advice
    prescriptions.sign(one, by=clinician, confirmed=confirmed(clinician))
    plan = Plan.from_canonical(one.plans.get().canonical)
    assert plan.peak <= 137.0
    assert base_of(course) == signed  # the next advice is put into the clinician's own plan again
    assert AuditRow.objects.filter(act="take advice").exists()


def test_less_than_advised_needs_a_reason_and_more_is_refused(
    course: CourseRow, clinician: User, now: datetime
) -> None:
    shown = advice_for(course, now).sha256
    with pytest.raises(BadInput, match="at most the advised"):
        take_advice(course, shown, by=clinician, now=now, force=140.0, why="wants more")
    with pytest.raises(BadInput, match="why"):
        take_advice(course, shown, by=clinician, now=now, force=100.0)
    kept = take_advice(course, shown, by=clinician, now=now, force=100.0, why="anxious today")
    assert (kept.decision, kept.force_n, kept.why) == ("changed", 100.0, "anxious today")
    assert 'high = "22.4 lb"' in kept.prescription.document


def test_advice_that_has_changed_since_is_not_taken(course: CourseRow, clinician: User, now: datetime) -> None:
    shown = advice_for(course, now).sha256
    check_before_pull(course, WELL | {"spine": 7}, by=clinician, now=now)
    changed = advice_for(course, now)
    if changed.sha256 == shown:  # the same advice for a higher pain is the same advice
        check_before_pull(course, WELL | {"spine": 9}, by=clinician, now=now)
    with pytest.raises(BadInput, match="another one now"):
        take_advice(course, shown, by=clinician, now=now)
    assert not AdviceRow.objects.exists()


def test_without_a_plan_of_ones_own_there_is_nothing_to_put_it_in(ada: Patient, clinician: User, now: datetime) -> None:
    with pytest.raises(BadInput, match="write one first"):
        base_of(course_for(ada, clinician, now))


def test_a_course_is_amended_by_rows_and_never_rewritten(course: CourseRow, clinician: User, now: datetime) -> None:
    new = replace(course.terms, template="own", weeks=(3, 2, 1))
    with pytest.raises(BadInput, match="why"):
        amend_course(course, new, "", by=clinician, now=now)
    amend_course(course, new, "Fewer suffice.", by=clinician, now=now)
    again = CourseRow.objects.get(pk=course.pk)
    assert again.terms.rhythm.total == 6
    assert again.document["template"] == "B"
    with pytest.raises(BadInput, match="unchanged"):
        amend_course(again, new, "Again.", by=clinician, now=now)
    with pytest.raises(BadInput, match="begin another"):
        amend_course(again, replace(new, region="cervical"), "Other end.", by=clinician, now=now)
    with pytest.raises(Frozen):
        again.save()
    with pytest.raises(Frozen):
        again.delete()


@pytest.mark.parametrize("table", ["courserow", "courseamendment", "coursereview", "todaycheck", "advicerow"])
def test_no_row_of_a_course_is_changed_by_hand(table: str, course: CourseRow, clinician: User, now: datetime) -> None:
    amend_course(course, replace(course.terms, unit="N"), "Newtons.", by=clinician, now=now)
    review_course(course, "examined", "Well.", by=clinician, now=now)
    take_advice(course, advice_for(CourseRow.objects.get(pk=course.pk), now).sha256, by=clinician, now=now)
    for sql in (f"UPDATE courses_{table} SET at = at", f"DELETE FROM courses_{table}"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_one_course_at_a_time_and_another_after_its_end(
    course: CourseRow, signed: Prescription, clinician: User, now: datetime
) -> None:
    with pytest.raises(BadInput, match="one course at a time"):
        course_for(course.patient, clinician, now)
    pulled(course, signed, clinician, now - timedelta(days=2))
    with pytest.raises(BadInput, match="is begun"):
        set_aside(course, "No.", by=clinician, now=now)
    end_course(course.patient, now.date(), "better", by=clinician)
    assert current_course(course.patient) is None
    assert stops_today(course.patient, now) == ""
    again = course_for(course.patient, clinician, timezone.now() + timedelta(seconds=1))
    assert current_course(course.patient) == again


def test_a_course_that_never_began_is_set_aside_with_a_reason(
    course: CourseRow, clinician: User, now: datetime
) -> None:
    page, where = browser(clinician), f"/patients/{course.patient.pk}/course"
    assert page.post(f"{where}/set-aside", {"why": ""}).status_code == 400
    assert page.post(f"{where}/set-aside", {"why": "Chose surgery."}).status_code == 302
    assert current_course(course.patient) is None
    assert "The course has ended" in page.get(where).content.decode()
    assert road.steps(course.patient, now)[0].words == "ended"


@pytest.mark.parametrize(
    "terms",
    [
        {"template": "Z"},
        {"template": "own", "weeks": ()},
        {"template": "own", "weeks": (7, 7, 7, 7, 7)},
        {"length_s": 9e9},
    ],
)
def test_a_course_that_cannot_be_is_refused(terms: Any, ada: Patient, clinician: User, now: datetime) -> None:
    with pytest.raises(BadInput):
        course_for(ada, clinician, now, **terms)
    assert not CourseRow.objects.exists()


@pytest.mark.parametrize("role", [roles.FRONT_DESK, roles.THERAPIST, roles.AUDITOR])
def test_who_does_not_prescribe_decides_nothing(role: str, course: CourseRow, now: datetime) -> None:
    other = user_with(role)
    tries: list[Callable[[], object]] = [
        lambda: amend_course(course, replace(course.terms, unit="N"), "x", by=other, now=now),
        lambda: review_course(course, "examined", "x", by=other, now=now),
        lambda: take_advice(course, "x", by=other, now=now),
    ]
    for act in tries:
        with pytest.raises(PermissionDenied):
            act()


def test_the_calendar_shows_done_booked_missed_and_open(
    course: CourseRow, signed: Prescription, clinician: User, now: datetime
) -> None:
    ready(course.patient.clinic)
    pulled(course, signed, clinician, now - timedelta(days=3))
    day = now.date() + timedelta(days=2)
    start = datetime.combine(day, datetime.min.time(), now.tzinfo).replace(hour=10)
    coming = books.book(course.patient, "session", start, by=clinician, now=now)
    missed = books.book(course.patient, "session", start + timedelta(days=2), by=clinician, now=now)
    appointments.act(missed, "no-show", by=clinician, now=missed.starts + timedelta(minutes=15))
    later = now + timedelta(days=3)
    states = [(one.state, one.number) for one in calendar_of(course, now)]
    assert states[0] == ("done", 1)
    assert ("booked", 2) in states
    assert ("no-show", None) in states
    assert [number for state, number in states if state == "not booked"] == list(range(3, 13))
    assert ("no pull", None) in [(one.state, one.number) for one in calendar_of(course, later)]
    plan = visits_to_book(course.patient, Clinic(frozenset(range(7))), now.date(), now)
    assert (plan.total, plan.done, plan.booked) == (12, 1, 1)
    assert plan.visits[0].day > coming.day


def test_hours_too_few_for_the_rhythm_hide_no_advice(course: CourseRow, clinician: User, now: datetime) -> None:
    write_hours(course.patient.clinic, {"mon": "8:00-12:00"}, by=manager(course.patient.clinic), now=now)
    page = browser(clinician)
    assert "Pull at most 137 N" in page.get(f"/patients/{course.patient.pk}/course").content.decode()
    refused = page.get(f"/patients/{course.patient.pk}/series")
    assert refused.status_code == 400
    assert "3 days, as the template asks" in refused.content.decode()


def test_the_road_says_which_session_and_when(course: CourseRow, clinician: User, now: datetime) -> None:
    [step] = road.steps(course.patient, now)
    assert (step.state, step.words) == ("next", "session 1 of 12, not booked")
    ready(course.patient.clinic)
    start = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), now.tzinfo).replace(hour=14)
    books.book(course.patient, "session", start, by=clinician, now=now)
    [step] = road.steps(course.patient, now)
    assert step.state == "done"
    assert step.words == f"session 1 of 12, {start:%a} {start.day} {start:%b}, 14:00"


def test_terms_come_back_from_their_document(now: datetime) -> None:
    terms = Terms(region="lumbar", start=now.date(), template="own", weeks=(2, 1), onset=now.date(), imaging_fits=True)
    assert Terms.from_document(terms.document()) == terms
    assert terms.amended({"weeks": [1], "onset": None}) == replace(terms, weeks=(1,), onset=None)
    with pytest.raises(BadInput):
        terms.amended({"force": 1})


def browser(user: User) -> Client:
    one = Client()
    one.force_login(user)
    return one


def test_the_page_tells_the_advice_and_takes_it(course: CourseRow, signed: Prescription, clinician: User) -> None:
    page, where = browser(clinician), f"/patients/{course.patient.pk}/course"
    shown = page.get(where).content.decode()
    assert "Pull at most 137 N" in shown
    assert "proposal of this project, not yet reviewed" in shown
    assert "forces.high: 45 lb to 30.7 lb" in shown
    token = shown.split('name="advice" value="')[1].split('"')[0]
    assert page.post(f"{where}/take", {"advice": token, "force": "50 lb", "why": "x"}).status_code == 400
    answer = page.post(f"{where}/take", {"advice": token})
    assert answer.status_code == 302
    assert AdviceRow.objects.get().prescription.get_absolute_url() == answer["Location"]
    assert "accepted" in page.get(where).content.decode()
    assert AuditRow.objects.filter(act="read", patient=course.patient, detail__what="course").exists()


def test_the_page_says_stop_and_offers_nothing_to_take(course: CourseRow, clinician: User) -> None:
    page, where = browser(clinician), f"/patients/{course.patient.pk}/course"
    assert page.post(f"{where}/check", {"strength_drop": "2", "weakest_muscle": "3"}).status_code == 302
    shown = page.get(where).content.decode()
    assert 'class="advice stop"' in shown
    assert "Stop and refer, the same day" in shown
    assert "Take this advice" not in shown
    assert "Book sessions" not in shown


def test_the_form_keeps_what_was_typed(ada: Patient, clinician: User, now: datetime) -> None:
    page, where = browser(clinician), f"/patients/{ada.pk}/course/write"
    good = {
        "region": "lumbar",
        "template": "own",
        "weeks": "3 2 1",
        "start": now.date().isoformat(),
        "length": "20 min",
        "unit": "lb",
    }
    for field, wrong in (("weeks", "many"), ("length", "long"), ("start", "soon"), ("cap", "heavy"), ("onset", "x")):
        answer = page.post(where, good | {field: wrong})
        assert answer.status_code == 400
        assert f'value="{wrong}"' in answer.content.decode()
    assert not CourseRow.objects.exists()
    assert page.post(where, good | {"cap": "50 lb"}).status_code == 302
    terms = CourseRow.objects.get().terms
    assert terms.weeks == (3, 2, 1)
    assert terms.length_s == 1200.0
    assert terms.clinician_cap_n == pytest.approx(222.4, abs=0.1)
    shown = page.get(where).content.decode()
    assert "50.0 lb" in shown
    assert page.post(where, good | {"cap": "50.0 lb", "weeks": "3 3"}).status_code == 400  # and no reason
    assert page.post(where, good | {"cap": "50.0 lb", "weeks": "3 3", "why": "Shorter."}).status_code == 302


@pytest.mark.parametrize("sent", [{}, {"spine": "11"}, {"spine": "-1"}, {"new_distal": "maybe"}, {"systolic": "1٣0"}])
def test_a_check_that_is_none_is_refused(sent: dict[str, str], course: CourseRow, clinician: User) -> None:
    before = course.checks.count()
    answer = browser(clinician).post(f"/patients/{course.patient.pk}/course/check", sent)
    assert answer.status_code == 400
    assert course.checks.count() == before


def test_the_other_clinic_and_the_desk_see_no_course(course: CourseRow) -> None:
    where = f"/patients/{course.patient.pk}/course"
    assert browser(user_with(roles.FRONT_DESK)).get(where).status_code == 403
    north = browser(user_with(roles.CLINICIAN, another_clinic()))
    for address in (where, f"{where}/write"):
        assert north.get(address).status_code == 404
    for address in ("check", "review", "take"):
        assert north.post(f"{where}/{address}").status_code == 404
