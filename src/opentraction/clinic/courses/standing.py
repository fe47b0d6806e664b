"""How a patient stands with the course: what the gate at the table asks, the advice for today, and what it rests on."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from opentraction.clinic.agenda.diary import today_of
from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.courses.history import history_of
from opentraction.clinic.courses.models import CourseRow
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.courses import courses_of, session_day
from opentraction.clinic.outcomes.rows_of import end_rows
from opentraction.clinic.outcomes.signs import last_session_day, signs_since
from opentraction.prescription.progress import Advice, forbids, next_session
from opentraction.prescription.progress.advice import Action
from opentraction.quantities import BadInput


def current_course(patient: Patient) -> CourseRow | None:
    """The newest course that has not ended; None where there is none."""
    row = newest_course(patient)
    return None if row is None or has_ended(row) else row


@asked_once
def newest_course(patient: Patient) -> CourseRow | None:
    """The newest course, ended or not."""
    row = CourseRow.objects.filter(patient=patient).prefetch_related("amendments").first()
    if row is not None:
        row.patient = patient  # known already, and its clinic with it
    return row


@asked_once
def has_ended(row: CourseRow) -> bool:
    """Whether somebody said that it is over, here or where its outcomes are kept."""
    start = (row.start, row.at)  # one may begin on the day the last one ended
    return row.ended or any((one.ended, one.at) >= start for one in end_rows(row.patient))


def advice_for(row: CourseRow, now: datetime) -> Advice:
    """Advice for the next session, from everything that is known at `now`. Raises BadInput."""
    today = today_of(row.patient.clinic, now)
    course = row.terms.course(row.patient.as_person(today))
    return next_session(course, history_of(row, now), today, now)


def stops_today(patient: Patient, now: datetime) -> str:
    """Why the course allows no pull now, in a sentence; empty where it allows one.

    What is only missing is asked for elsewhere: screening, consent, the day's check. Of a session outside the course,
    as of every session where there is none, the signs speak by themselves. A course that cannot be read allows none.
    """
    row = newest_course(patient)
    try:
        if row is None or has_ended(row) or (last_session_day(patient) or row.start) < row.start:
            return signs_since(patient, now) or (_forbidden(row, now) if row and not has_ended(row) else "")
        return _forbidden(row, now)
    except BadInput as refusal:
        return _("The course cannot be read: {why}").format(why=refusal)


def _forbidden(row: CourseRow, now: datetime) -> str:
    """What the rules of the course forbid by what is known."""
    today = today_of(row.patient.clinic, now)
    said = forbids(row.terms.course(row.patient.as_person(today)), history_of(row, now), today, now)
    if said is None:
        return ""
    return _("The course says: {action}. {why}").format(action=action_words(said.action), why=said.reason.words).strip()


def action_words(action: Action) -> str:
    """What to do, in a few words."""
    words = {
        Action.GO_ON: _("go on"),
        Action.HOLD: _("hold the force"),
        Action.STEP_BACK: _("step back"),
        Action.TAPER: _("taper"),
        Action.MODIFY: _("examine or change the plan first"),
        Action.ASK: _("ask first"),
        Action.EARLY: _("too early"),
        Action.FINISHED: _("finished"),
        Action.STOP: _("stop and refer"),
    }
    return words[action]


@asked_once
def sessions_since(row: CourseRow, now: datetime) -> list[date]:
    """The days of the sessions of this course, in order."""
    sessions = courses_of(row.patient, now)[-1].sessions
    days = (session_day(one, row.patient) for one in sessions)
    return [day for day in days if day >= row.terms.start]
