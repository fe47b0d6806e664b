"""How a patient stands with the course: what the gate at the table asks, the advice for today, and what it rests on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from opentraction.clinic.agenda.diary import today_of
from opentraction.clinic.courses.history import history_of
from opentraction.clinic.courses.models import CourseRow
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.courses import courses_of, session_day
from opentraction.clinic.outcomes.models import COUNTS, CourseEnd
from opentraction.prescription.progress import Advice, next_session
from opentraction.prescription.progress.advice import Action
from opentraction.quantities import BadInput

STOPPING: Final = (Action.MODIFY, Action.EARLY, Action.FINISHED, Action.STOP)
"""What forbids a pull by itself. What is only missing is asked for elsewhere: screening, consent, the day's check."""


def current_course(patient: Patient) -> CourseRow | None:
    """The newest course that has not ended; None where there is none."""
    row = newest_course(patient)
    return None if row is None or has_ended(row) else row


def newest_course(patient: Patient) -> CourseRow | None:
    """The newest course, ended or not."""
    return CourseRow.objects.filter(patient=patient).prefetch_related("amendments").first()


def has_ended(row: CourseRow) -> bool:
    """Whether somebody said that it is over, here or where its outcomes are kept."""
    later = Q(ended__gt=row.start) | Q(ended=row.start, at__gte=row.at)  # one that began on the day the last one ended
    ended = CourseEnd.objects.filter(later, patient=row.patient_id, **COUNTS)
    return row.ended or ended.exists()


def advice_for(row: CourseRow, now: datetime) -> Advice:
    """Advice for the next session, from everything that is known at `now`. Raises BadInput."""
    today = today_of(row.patient.clinic, now)
    course = row.terms.course(row.patient.as_person(today))
    return next_session(course, history_of(row, now), today, now)


def stops_today(patient: Patient, now: datetime) -> str:
    """Why the course allows no pull now, in a sentence; empty where it allows one, and where there is no course.

    A course that cannot be read allows none.
    """
    row = newest_course(patient)
    if row is None:
        return ""
    try:
        if has_ended(row):
            return ""
        advice = advice_for(row, now)
    except BadInput as refusal:
        return _("The course cannot be read: {why}").format(why=refusal)
    if advice.action not in STOPPING:
        return ""
    why = advice.reasons[0].words if advice.reasons else ""
    return _("The course says: {action}. {why}").format(action=action_words(advice.action), why=why).strip()


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


def sessions_since(row: CourseRow, now: datetime) -> list[date]:
    """The days of the sessions of this course, in order."""
    sessions = courses_of(row.patient, now)[-1].sessions
    days = (session_day(one, row.patient) for one in sessions)
    return [day for day in days if day >= row.terms.start]
