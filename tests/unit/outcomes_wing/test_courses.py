"""From sessions to courses: when one began and ended, what is due, what the rules of progress read, the results."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.outcomes.actions.sessions import end_course, remind, reopen_course, tell_session
from opentraction.clinic.outcomes.clinic_results import Asked, told_results
from opentraction.clinic.outcomes.courses import courses_of, due_now, forms_of
from opentraction.clinic.outcomes.models import ReminderSent, SessionReport
from opentraction.clinic.outcomes.progress_facts import baseline_of, scores_of, sessions_done, strength_now
from opentraction.clinic.outcomes.road import stands
from opentraction.clinic.outcomes.views.reminders import _lines
from opentraction.prescription.progress import Pain
from opentraction.quantities import BadInput
from tests.clinic_ground import ADA, another_clinic, user_with
from tests.unit.outcomes_wing.ground import TODAY, ago, event, nprs, pulled, rmdq, signed, strength

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(clinician: User) -> Client:
    client = Client()
    client.force_login(clinician)
    return client


def due(patient: Patient) -> set[str]:
    now = timezone.now()
    return {one.instrument for one in due_now(patient, courses_of(patient, now), forms_of(patient), TODAY)}


def test_before_the_first_pull_the_baseline_is_due(ada: Patient) -> None:
    assert due(ada) == {"nprs_back", "nprs_leg", "rmdq", "psfs", "start_back"}
    assert stands(ada, timezone.now()) == ("next", "5 due")


def test_a_baseline_after_the_first_pull_is_none(ada: Patient, clinician: User) -> None:
    pulled(ada, ago(2), clinician)
    rmdq(ada, 12, TODAY, clinician)
    assert due(ada) == set()
    assert baseline_of(ada, timezone.now()) is None


def test_a_set_up_without_a_pull_begins_no_course(ada: Patient, clinician: User) -> None:
    pulled(ada, ago(2), clinician, summary={"treatment_s": 0})
    assert courses_of(ada, timezone.now())[-1].planned


def test_a_course_ends_when_somebody_says_so_and_a_later_session_begins_another(ada: Patient, clinician: User) -> None:
    pulled(ada, ago(40), clinician)
    pulled(ada, ago(35), clinician)
    end_course(ada, ago(35), "planned", by=clinician)
    assert "rmdq" in due(ada)
    pulled(ada, ago(1), clinician)
    facts = [(one.facts.started, one.facts.ended) for one in courses_of(ada, timezone.now())]
    assert facts == [(ago(40), ago(35)), (ago(1), None)]


def test_an_end_before_the_last_session_or_without_a_course_is_refused(ada: Patient, clinician: User) -> None:
    with pytest.raises(BadInput, match="at least one session"):
        end_course(ada, TODAY, "planned", by=clinician)
    pulled(ada, ago(3), clinician)
    with pytest.raises(BadInput, match="the day of the last session"):
        end_course(ada, ago(5), "planned", by=clinician)
    end_course(ada, ago(3), "planned", by=clinician)
    with pytest.raises(BadInput, match="that has not ended"):
        end_course(ada, TODAY, "planned", by=clinician)
    reopen_course(ada, "two more sessions", by=clinician)
    assert courses_of(ada, timezone.now())[-1].end is None


def test_a_prescription_signed_after_the_end_plans_a_new_course(ada: Patient, clinician: User) -> None:
    pulled(ada, ago(300), clinician)
    end_course(ada, ago(300), "planned", by=clinician)
    assert not courses_of(ada, timezone.now())[-1].planned
    signed(ada, clinician)
    assert courses_of(ada, timezone.now())[-1].planned
    assert "start_back" in due(ada)


def test_better_and_worse_stand_on_the_road(ada: Patient, clinician: User) -> None:
    nprs(ada, 6, ago(10), clinician)
    pulled(ada, ago(9), clinician)
    nprs(ada, 3, TODAY, clinician)
    assert stands(ada, timezone.now()) == ("done", "better by 3 of 10")
    nprs(ada, 9, TODAY, clinician)
    assert stands(ada, timezone.now()) == ("look", "worse")


def test_what_the_patient_said_of_a_session_reaches_the_rules_of_progress(ada: Patient, clinician: User) -> None:
    one = pulled(ada, ago(2), clinician)
    tell_session(one, "before", {"spine": 5, "limb": None}, by=clinician)
    tell_session(one, "after", {"spine": 3, "felt": "noticeable", "dizzy": False, "new_distal": None}, by=clinician)
    tell_session(one, "next", {"soreness_hours": 0.0, "new_distal": True}, by=clinician)
    (done,) = sessions_done(ada, timezone.now())
    assert (done.before, done.after) == (Pain(5, None), Pain(3, None))
    assert (done.felt, done.dizzy, done.new_distal, done.soreness_hours) == ("noticeable", False, True, 0.0)
    assert done.peripheralised is None
    assert done.force == pytest.approx(45 * 4.448, abs=0.1)
    assert done.counts


def test_a_second_answer_to_the_same_moment_says_why(ada: Patient, clinician: User) -> None:
    one = pulled(ada, ago(2), clinician)
    tell_session(one, "before", {"spine": 5}, by=clinician)
    with pytest.raises(BadInput, match="why it is corrected"):
        tell_session(one, "before", {"spine": 6}, by=clinician)
    tell_session(one, "before", {"spine": 6}, by=clinician, because="misheard")
    assert sessions_done(ada, timezone.now())[0].before.spine == 6
    assert SessionReport.objects.count() == 2


def test_the_page_of_a_session_keeps_a_dash_apart_from_no_and_zero(
    browser: Client, ada: Patient, clinician: User
) -> None:
    one = pulled(ada, ago(2), clinician)
    url = reverse("outcomes:session-report", args=[one.pk])
    browser.post(url, {"moment": "after", "spine": "0", "limb": "", "dizzy": "", "new_distal": "no"})
    row = SessionReport.objects.get()
    assert (row.spine, row.limb, row.dizzy, row.new_distal) == (0, None, None, False)
    assert browser.post(url, {"moment": "before"}).status_code == 400
    assert browser.post(url, {"moment": "before", "spine": "12"}).status_code == 400
    assert browser.post(url, {"moment": "never", "spine": "1"}).status_code == 400
    assert "not asked" in browser.get(reverse("session", args=[one.pk])).content.decode()


def test_scores_are_told_by_day_with_what_is_missing_open(ada: Patient, clinician: User) -> None:
    nprs(ada, 6, ago(3), clinician)
    nprs(ada, 4, ago(3), clinician, "nprs_leg")
    rmdq(ada, 11, ago(1), clinician)
    first, second = scores_of(forms_of(ada), "lumbar")
    assert (first.pain, first.rmdq) == (Pain(6, 4), None)
    assert (second.pain, second.rmdq) == (Pain(), 11)


def test_strength_lost_since_the_last_examination(ada: Patient, clinician: User) -> None:
    assert strength_now(ada) == (None, None)
    strength(ada, 5, ago(3), clinician)
    assert strength_now(ada) == (None, 5)
    strength(ada, 3, ago(1), clinician)
    assert strength_now(ada) == (2, 3)


def _patients(clinician: User, count: int) -> list[Patient]:
    from opentraction.clinic.actions.patients import add_patient

    return [add_patient(ADA | {"given_name": f"A{n}"}, by=clinician) for n in range(count)]


def test_everybody_who_started_is_counted_and_who_stays_away_is_missing(clinician: User) -> None:
    clinic = None
    for n, one in enumerate(_patients(clinician, 12)):
        clinic = one.clinic
        rmdq(one, 15, ago(101), clinician)
        pulled(one, ago(100), clinician)
        if n < 10:
            end_course(one, ago(90), "planned", by=clinician)
        if n < 9:
            rmdq(one, 5 if n < 6 else 14, ago(90), clinician)
    assert clinic is not None
    told = told_results(clinic, Asked("rmdq", "end"), timezone.now())
    assert (told.results.started, told.results.with_outcome, told.results.missing, told.running) == (12, 9, 3, 0)
    assert told.results.achieved.count == 6
    later = told_results(clinic, Asked("rmdq", "month_12"), timezone.now())
    assert (later.results.started, later.running) == (0, 12)


def test_a_course_that_goes_on_is_not_missing_yet(ada: Patient, clinician: User) -> None:
    rmdq(ada, 15, ago(11), clinician)
    pulled(ada, ago(10), clinician)
    told = told_results(ada.clinic, Asked("rmdq", "end"), timezone.now())
    assert (told.results.started, told.running) == (0, 1)


def test_sessions_with_events_are_counted_once_each(ada: Patient, clinician: User) -> None:
    one = pulled(ada, ago(100), clinician)
    for _ in range(2):
        event(ada, clinician, row=one, days=99, session=str(one.pk))
    end_course(ada, ago(100), "planned", by=clinician)
    told = told_results(ada.clinic, Asked("rmdq", "end"), timezone.now())
    assert (told.results.events.count, told.results.events.known) == (1, 1)


def test_the_results_of_another_clinic_are_its_own(ada: Patient, clinician: User) -> None:
    rmdq(ada, 15, ago(101), clinician)
    pulled(ada, ago(100), clinician)
    assert told_results(another_clinic(), Asked("rmdq", "end"), timezone.now()).results.started == 0


@pytest.mark.parametrize("words", ["instrument=xx", "occasion=xx", "since=xx", "instrument=start_back"])
def test_the_page_of_results_says_what_it_cannot_show(browser: Client, words: str) -> None:
    for name in ("outcomes:results", "outcomes:results-csv", "outcomes:results-json"):
        assert browser.get(f"{reverse(name)}?{words}").status_code == 400


def test_small_numbers_are_hidden_in_every_form(browser: Client, ada: Patient, clinician: User) -> None:
    rmdq(ada, 15, ago(101), clinician)
    pulled(ada, ago(100), clinician)
    end_course(ada, ago(100), "planned", by=clinician)
    rmdq(ada, 5, ago(99), clinician)
    assert "too few people" in browser.get(reverse("outcomes:results")).content.decode()
    assert browser.get(reverse("outcomes:results-json")).json()["shares"][0]["count"] is None
    assert '"a worthwhile change","","1 to 4",' in browser.get(reverse("outcomes:results-csv")).content.decode()


def test_an_administrator_sees_counts_and_no_patient(ada: Patient) -> None:
    client = Client()
    client.force_login(user_with(roles.ADMINISTRATOR))
    assert client.get(reverse("outcomes:results")).status_code == 200
    assert client.get(reverse("outcomes:outcomes", args=[ada.pk])).status_code == 403


def test_the_front_desk_reminds_without_seeing_a_score(ada: Patient, clinician: User) -> None:
    signed(ada, clinician)
    nprs(ada, 9, TODAY, clinician)
    desk = user_with(roles.FRONT_DESK)
    client = Client()
    client.force_login(desk)
    url = reverse("outcomes:reminders")
    page = client.get(url).content.decode()
    assert "Ada Example" in page
    assert "RMDQ-24" in page
    assert "Back pain" not in page
    (line,), _ = _lines(Patient.objects.filter(pk=ada.pk))
    posted = {
        "patient": ada.pk,
        "occasion": line.occasion,
        "due": line.due.isoformat(),
        "way": "phone",
        "reached": "no",
    }
    assert client.post(url, posted).status_code == 302
    row = ReminderSent.objects.get()
    assert (row.reached, row.by) == (False, desk)
    assert "not reached" in client.get(url).content.decode()
    assert client.post(url, posted | {"occasion": "month_3"}).status_code == 400
    assert client.post(url, posted | {"way": "pigeon"}).status_code == 400
    assert AuditRow.objects.filter(act="remind of outcomes", by=desk).count() == 1


def test_a_reminder_makes_no_form_present(ada: Patient, clinician: User) -> None:
    signed(ada, clinician)
    before = _lines(Patient.objects.filter(pk=ada.pk))[1]
    remind(ada, "baseline", TODAY, way="phone", reached=True, by=clinician)
    after = _lines(Patient.objects.filter(pk=ada.pk))[1]
    assert (before.asked, before.done, before.missing) == (after.asked, after.done, after.missing)


def test_nobody_without_a_prescription_is_reminded(browser: Client, ada: Patient) -> None:
    assert "Nobody is due today" in browser.get(reverse("outcomes:reminders")).content.decode()


def test_the_course_picture_and_its_paper(browser: Client, ada: Patient, clinician: User) -> None:
    url = reverse("outcomes:course-picture", args=[ada.pk])
    assert "Nothing to draw yet" in browser.get(url).content.decode()
    rmdq(ada, 15, ago(11), clinician)
    pulled(ada, ago(10), clinician)
    rmdq(ada, 9, ago(1), clinician)
    assert "RMDQ-24 went from 15 to 9" in browser.get(url).content.decode()
    assert browser.get(url + "?course=2").status_code == 404
    answer = browser.get(reverse("outcomes:course-paper", args=[ada.pk]))
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"] == f'inline; filename="{ada.pseudonym}-course.pdf"'
    assert AuditRow.objects.filter(act="read", patient=ada, detail__what="course, PDF").exists()


def test_days_are_the_clinics_own(ada: Patient, clinician: User) -> None:
    from datetime import UTC, datetime, time

    ada.clinic.time_zone = "Pacific/Auckland"
    ada.clinic.save()
    evening = datetime.combine(ago(9), time(20), UTC)
    pulled(ada, ago(9), clinician, started=evening)
    assert courses_of(ada, timezone.now())[-1].facts.started == ago(9) + timedelta(days=1)


def test_an_answer_that_is_itself_the_change_is_not_called_a_change_by_so_much() -> None:
    from opentraction.care.outcomes import change, instruments, score
    from opentraction.clinic.outcomes.templatetags.outcomes_words import gain

    about = instruments()["pgic"]
    told = change(None, score(about, {item.id: 2 for item in about.items}))
    assert told.gain is not None
    assert gain(told) == "–"
