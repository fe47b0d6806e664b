"""What the patient said of a session; the end of a course; a patient reminded."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient, TreatmentSession
from opentraction.clinic.outcomes.actions.answering import check_day, check_why
from opentraction.clinic.outcomes.courses import courses_of
from opentraction.clinic.outcomes.models import COUNTS, CourseEnd, ReminderSent, SessionReport
from opentraction.clinic.outcomes.models.course_end import WHYS
from opentraction.clinic.outcomes.models.reminder import WAYS
from opentraction.clinic.outcomes.models.session_report import MOMENTS
from opentraction.clinic.outcomes.progress_facts import reports_of, session_done
from opentraction.quantities import BadInput


@transaction.atomic
def tell_session(
    session: TreatmentSession, moment: str, answers: dict[str, Any], *, by: User, because: str = ""
) -> SessionReport:
    """Keep what was answered before, right after, or at the next visit; a second one replaces the first and says why.

    Raises BadInput.
    """
    roles.require(by, roles.OUTCOMES, of=session)
    if moment not in MOMENTS:
        raise BadInput("moment", moment, "one of " + ", ".join(MOMENTS))
    if all(value in {None, ""} for value in answers.values()):
        raise BadInput("answers", "empty", "at least one answer")
    TreatmentSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    known = reports_of(session)
    before = known.get(moment)
    why = {"replaces": before, "because": check_why(because)} if before else {}
    row = SessionReport(session=session, moment=moment, by=by, at=timezone.now(), **answers, **why)
    session_done(session, session.patient, known | {moment: row})  # refuses what no such answer can be
    row.save()
    detail: dict[str, Any] = {"because": row.because} if before else {}
    record("correct session report" if before else "report session", row, by=by, moment=moment, **detail)
    return row


@transaction.atomic
def end_course(patient: Patient, ended: date, why: str, *, by: User) -> CourseEnd:
    """The course is over from that day on; what is asked after it is counted from there. Raises BadInput."""
    roles.require(by, roles.OUTCOMES, of=patient)
    check_day(ended, patient, "ended")
    if why not in WHYS:
        raise BadInput("why", why, "one of " + ", ".join(WHYS))
    open_course = courses_of(patient, timezone.now())[-1]
    if open_course.planned or open_course.end is not None:
        raise BadInput("course", "none goes on", "a course with at least one session, that has not ended")
    last = open_course.facts.visits[-1]
    if ended < last:
        raise BadInput("ended", ended.isoformat(), f"the day of the last session, {last.isoformat()}, or later")
    row = CourseEnd(patient=patient, ended=ended, why=why, by=by, at=timezone.now())
    row.save()
    record("end course", row, by=by, ended=ended.isoformat(), why=why)
    return row


@transaction.atomic
def reopen_course(patient: Patient, because: str, *, by: User) -> CourseEnd:
    """The course had not ended after all: the end stays in the record, but counts no more. Raises BadInput."""
    roles.require(by, roles.OUTCOMES, of=patient)
    last = CourseEnd.objects.filter(patient=patient, **COUNTS).order_by("-ended", "-id").first()
    if last is None:
        raise BadInput("course", "has not ended", "a course that was ended")
    row = CourseEnd(
        patient=patient, ended=last.ended, why=last.why, by=by, at=timezone.now(),
        replaces=last, because=check_why(because), withdrawn=True,
    )  # fmt: skip
    row.save()
    record("reopen course", row, by=by, because=row.because)
    return row


@transaction.atomic
def remind(patient: Patient, occasion: str, due: date, *, way: str, reached: bool | None, by: User) -> ReminderSent:
    """The front desk asked the patient to answer. Raises BadInput."""
    roles.require(by, roles.BOOK, of=patient)
    if way not in WAYS:
        raise BadInput("way", way, "one of " + ", ".join(WAYS))
    now = timezone.now()
    row = ReminderSent(
        patient=patient, occasion=occasion, due=due, sent=day_at(patient.clinic, now), way=way, reached=reached,
        by=by, at=now,
    )  # fmt: skip
    row.save()
    record("remind of outcomes", row, by=by, occasion=occasion, way=way, reached=reached)
    return row
