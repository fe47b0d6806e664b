"""From rows to courses: which sessions belong together, when a course began and ended, what was asked in it.

A course begins with its first pull. It ends on the day somebody says so (`CourseEnd`); sessions after that are the
next one. Before the first pull it is planned: its baseline is due today.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from opentraction.care.adverse import AdverseEvent
from opentraction.care.outcomes import CourseFacts, Form, PatientCourse, SessionPoint, due, instrument, plan
from opentraction.care.outcomes.schedule import Due, schedule
from opentraction.clinic.actions.treatments import newest_signed
from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient, Prescription, TreatmentSession
from opentraction.clinic.outcomes.models import CourseEnd
from opentraction.clinic.outcomes.rows_of import end_rows, form_rows
from opentraction.clinic.sessions_of import sessions_of


@dataclass(frozen=True, slots=True)
class Course:
    """One course of a patient. `planned`: nothing was pulled yet."""

    facts: CourseFacts
    sessions: tuple[TreatmentSession, ...]
    end: CourseEnd | None = None

    @property
    def planned(self) -> bool:
        """Whether it has not begun."""
        return not self.sessions


@asked_once
def courses_of(patient: Patient, now: datetime) -> list[Course]:
    """All courses in order; the last one may be planned only. A patient of whom nothing is known has one planned."""
    return courses_from(patient, sessions_of(patient), end_rows(patient), lambda: newest_signed(patient), now)


def courses_from(
    patient: Patient,
    sessions: Sequence[TreatmentSession],
    ends: Sequence[CourseEnd],
    signed: Callable[[], Prescription | None],
    now: datetime,
) -> list[Course]:
    """The same from rows that were read for many patients at once; `signed` is the newest signed prescription."""
    found = split(patient, [one for one in sessions if one.pulled], ends)
    if not found or (found[-1].end is not None and _signed_since(signed(), found[-1].end)):
        found.append(Course(CourseFacts(patient.pseudonym, patient.region, day_at(patient.clinic, now)), ()))
    return found


def split(patient: Patient, sessions: Sequence[TreatmentSession], ends: Sequence[CourseEnd]) -> list[Course]:
    """The sessions (pulled, in order) cut at each end; an end without a session before it ends nothing."""
    left, found = list(sessions), []
    for end in ends:
        own = [one for one in left if session_day(one, patient) <= end.ended]
        if own:
            found.append(_course(patient, own, end))
            left = left[len(own) :]
    return [*found, _course(patient, left, None)] if left else found


def _course(patient: Patient, sessions: list[TreatmentSession], end: CourseEnd | None) -> Course:
    visits = tuple(sorted({session_day(one, patient) for one in sessions}))
    facts = CourseFacts(patient.pseudonym, patient.region, visits[0], visits, end.ended if end else None)
    return Course(facts, tuple(sessions), end)


def _signed_since(signed: Prescription | None, end: CourseEnd) -> bool:
    return signed is not None and signed.signed_at is not None and signed.signed_at > end.at


def session_day(session: TreatmentSession, patient: Patient) -> date:
    """The day it was held."""
    return day_at(patient.clinic, session.started or session.created)


@asked_once
def forms_of(patient: Patient) -> list[Form]:
    """The forms that count, oldest first. Raises BadInput where one was altered."""
    return [row.form for row in form_rows(patient)]


def due_now(patient: Patient, courses: Sequence[Course], forms: Sequence[Form], today: date) -> list[Due]:
    """What to hand out today, the one that closes first at the top; each instrument once."""
    every = sorted((one for course in courses for one in due(course.facts, forms, today)), key=lambda one: one.closes)
    return list({one.instrument: one for one in reversed(every)}.values())[::-1]


def baseline_wanted(patient: Patient, now: datetime) -> list[str]:
    """The forms of a baseline that nobody has filled in while it still counts, by their short names."""
    course = courses_of(patient, now)[-1]
    today = day_at(patient.clinic, now)
    first = {one.id for one in schedule().occasions if one.at == "start"}
    open_now = [one for one in due(course.facts, forms_of(patient), today) if one.occasion in first]
    return [instrument(one.instrument).short for one in open_now] if course.planned else []


def every_due(courses: Sequence[Course], forms: Sequence[Form], today: date) -> list[Due]:
    """Every form of every occasion of all courses, with what became of it."""
    return [one for course in courses for one in plan(course.facts, forms, today)]


def told(
    patient: Patient, courses: Sequence[Course], which: int, forms: Sequence[Form], events: Sequence[AdverseEvent]
) -> PatientCourse:
    """One of the courses with what was asked and what went wrong from two weeks before it to the next one."""
    course = courses[which]
    first = course.facts.started - timedelta(days=schedule().occasions[0].before)
    last = courses[which + 1].facts.started if which + 1 < len(courses) else date.max
    numbers = [one.pk for one in sessions_of(patient)]
    return PatientCourse(
        course.facts,
        tuple(_point(one, numbers.index(one.pk) + 1, patient) for one in course.sessions),
        tuple(form for form in forms if first <= form.taken < last),
        tuple(one for one in events if first <= day_at(patient.clinic, one.onset) < last),
    )


def _point(session: TreatmentSession, number: int, patient: Patient) -> SessionPoint:
    force = (session.summary or {}).get("peak_force_n")
    return SessionPoint(
        number,
        session_day(session, patient),
        float(force) if isinstance(force, int | float) else None,
        comfort_of(session),
        session.ending or "open",
    )


def comfort_of(session: TreatmentSession) -> int | None:
    """The last score given afterwards, else the one that was recorded."""
    later = session.later_scores.order_by("-id").values_list("score", flat=True).first()
    return session.comfort if later is None else later
