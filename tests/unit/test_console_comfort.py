"""A comfort score given after the session: by whom, when, beside the recorded one and never in its place."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from opentraction.clinic.actions.comfort import give_comfort
from opentraction.clinic.actions.treatments import Outcome, take_in
from opentraction.clinic.course import course_of
from opentraction.clinic.models import AuditRow, ComfortScore, TreatmentSession
from opentraction.clinic.models.clinical import Frozen
from tests.clinic_ground import user_with

pytestmark = pytest.mark.django_db


def end(session: TreatmentSession, comfort: int | None) -> TreatmentSession:
    take_in(session, Outcome("completed", "", session.created, None, comfort, {"treatment_s": 60.0}, "gone"))
    session.refresh_from_db()
    return session


@pytest.fixture
def browser(clinician: User) -> Client:
    client = Client()
    client.force_login(clinician)
    return client


def test_a_score_is_kept_with_author_time_and_audit_row(browser: Client, session: TreatmentSession) -> None:
    end(session, None)
    answer = browser.post(reverse("comfort", args=[session.pk]), {"score": "6"})
    assert answer.status_code == 302
    one = ComfortScore.objects.get()
    assert (one.session, one.score, one.by.get_username()) == (session, 6, "a clinician")
    row = AuditRow.objects.get(act="give comfort score")
    assert (row.detail, row.by) == ({"score": 6}, one.by)
    session.refresh_from_db()
    assert session.comfort is None, "what was recorded stays as it was"
    assert course_of(session.patient, "N").lines[0].comfort == 6


def test_the_last_score_given_counts_in_the_course_and_the_recorded_one_stays(
    browser: Client, session: TreatmentSession, clinician: User
) -> None:
    assert not course_of(end(session, 8).patient, "N").lines[0].afterwards
    for score in ("2", "3"):
        give_comfort(session, score, by=clinician)
    line = course_of(session.patient, "N").lines[0]
    assert (line.comfort, line.afterwards) == (3, True)
    session.refresh_from_db()
    assert session.comfort == 8
    assert "given afterwards" in browser.get(session.patient.get_absolute_url()).content.decode()


def test_a_session_whose_recording_cannot_be_read_shows_and_takes_scores(
    browser: Client, session: TreatmentSession, clinician: User
) -> None:
    give_comfort(end(session, 8), "2", by=clinician)
    page = browser.get(reverse("session", args=[session.pk])).content.decode()
    assert "8 of 10" in page
    assert "2 of 10, given to a clinician" in page
    assert "the last one given counts in the course" in page
    assert 'aria-label="Comfort 10 of 10"' in page


@pytest.mark.parametrize("score", ["", "11", "-1", "5.5", "ten", "٣"])
def test_what_is_no_score_is_refused(browser: Client, session: TreatmentSession, score: str) -> None:
    end(session, None)
    answer = browser.post(reverse("comfort", args=[session.pk]), {"score": score})
    assert answer.status_code == 400
    assert "a whole number from 0 to 10" in answer.content.decode()
    assert not ComfortScore.objects.exists()


def test_while_it_runs_the_table_records_it(browser: Client, session: TreatmentSession) -> None:
    answer = browser.post(reverse("comfort", args=[session.pk]), {"score": "5"})
    assert answer.status_code == 400
    assert "treatment page" in answer.content.decode()
    assert not ComfortScore.objects.exists()


def test_only_who_treats_gives_one(session: TreatmentSession) -> None:
    end(session, None)
    nobody = Client()
    nobody.force_login(user_with(None))
    assert nobody.post(reverse("comfort", args=[session.pk]), {"score": "5"}).status_code == 403
    assert not ComfortScore.objects.exists()


def test_a_score_never_changes_neither_by_hand(session: TreatmentSession, clinician: User) -> None:
    one = give_comfort(end(session, None), "5", by=clinician)
    one.score = 10
    with pytest.raises(Frozen):
        one.save()
    with pytest.raises(Frozen):
        one.delete()
    for statement in ("UPDATE clinic_comfortscore SET score = 10", "DELETE FROM clinic_comfortscore"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert ComfortScore.objects.get().score == 5
