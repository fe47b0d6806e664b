"""Writing a course, changing it, looking at it, and what is found before a pull."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.agenda.diary import today_of
from opentraction.clinic.courses.models import CourseAmendment, CourseReview, CourseRow, Terms, TodayCheck
from opentraction.clinic.courses.models.terms import ENDED
from opentraction.clinic.courses.standing import current_course, sessions_since
from opentraction.clinic.models import Patient
from opentraction.prescription.progress import Check, Pain, Review
from opentraction.quantities import BadInput, State, check_line


@transaction.atomic
def begin_course(patient: Patient, terms: Terms, *, by: User, now: datetime) -> CourseRow:
    """A new course. Raises BadInput while another one goes on, and for terms that no course can have."""
    roles.require(by, roles.PRESCRIBE, of=patient)
    Patient.objects.select_for_update().get(pk=patient.pk)  # two writers do not begin two courses
    if current_course(patient) is not None:
        raise BadInput("course", State("begun already"), "one course at a time; change it or end it first")
    terms.course(patient.as_person(today_of(patient.clinic, now)))
    row = CourseRow(patient=patient, region=terms.region, start=terms.start, document=terms.document(), by=by, at=now)
    row.save()
    record("begin course", row, by=by, **terms.document())
    return row


@transaction.atomic
def amend_course(row: CourseRow, new: Terms, why: str, *, by: User, now: datetime) -> CourseAmendment:
    """The course with other terms, and why. Its region and first day stay. Raises BadInput."""
    roles.require(by, roles.PRESCRIBE, of=row)
    Patient.objects.select_for_update().get(pk=row.patient_id)
    stored = CourseRow.objects.select_related("patient__clinic").get(pk=row.pk)
    changes = stored.terms.changes_to(new)
    for name in ("region", "start"):
        if name in changes:
            raise BadInput(
                name, changes[name], f"{stored.terms.document()[name]}, as it was begun; end it, begin another"
            )
    if not changes:
        raise BadInput("course", State("unchanged"), "terms that differ from those that hold")
    new.course(stored.patient.as_person(today_of(stored.patient.clinic, now)))
    made = CourseAmendment(course=stored, changes=changes, why=_reason(why, 300), by=by, at=now)
    made.save()
    record("amend course", stored, by=by, changes=changes, why=made.why)
    return made


def set_aside(row: CourseRow, why: str, *, by: User, now: datetime) -> CourseAmendment:
    """End a course that never began. One with sessions ends where its outcomes are asked. Raises BadInput."""
    if sessions_since(row, now):
        raise BadInput(
            "course", State("begun"), "one without sessions; end it under Outcomes, where its last scores are"
        )
    return amend_course(row, replace(row.terms, state=ENDED), why, by=by, now=now)


@transaction.atomic
def review_course(row: CourseRow, decision: str, why: str, *, by: User, now: datetime) -> CourseReview:
    """A clinician has looked: examined, changed the plan, or begins the taper. Raises BadInput."""
    roles.require(by, roles.PRESCRIBE, of=row)
    today, after = today_of(row.patient.clinic, now), len(sessions_since(row, now))
    said = Review(day=today, after=after, decision=decision, why=_reason(why, 1000))
    made = CourseReview(course=row, day=today, after=after, decision=decision, why=said.why, by=by, at=now)
    made.save()
    record("review course", row, by=by, decision=decision, after=after)
    return made


@transaction.atomic
def check_before_pull(row: CourseRow, found: Mapping[str, Any], *, by: User, now: datetime) -> TodayCheck:
    """What was asked and examined before today's pull; left out is not asked. Raises BadInput."""
    roles.require(by, roles.TREAT, of=row)
    today = today_of(row.patient.clinic, now)
    rest = {name: value for name, value in found.items() if name not in {"spine", "limb"}}
    Check(day=today, pain=Pain(found.get("spine"), found.get("limb")), **rest)
    made = TodayCheck(course=row, day=today, by=by, at=now, **found)
    made.save()
    record("check before pull", row, by=by, asked=sorted(name for name, value in found.items() if value is not None))
    return made


def _reason(why: str, longest: int) -> str:
    why = why.strip()
    if not why:
        raise BadInput("why", State("missing"), "a reason in a few words")
    return check_line(why, "why", longest)
