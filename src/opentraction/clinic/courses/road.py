"""One step of the road: the course, how far it is, and when the next session is. Only quick questions."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from opentraction.clinic.agenda.saying import when as said
from opentraction.clinic.agenda.standing import next_appointment
from opentraction.clinic.courses.models import CourseRow
from opentraction.clinic.courses.standing import has_ended, newest_course
from opentraction.clinic.days import day_at, zone_of
from opentraction.clinic.models import Patient
from opentraction.clinic.road import State, Step
from opentraction.clinic.sessions_of import sessions_of
from opentraction.quantities import BadInput


def steps(patient: Patient, when: datetime) -> list[Step]:
    """The course."""
    return [Step("course", _("Course"), reverse("courses:course", args=[patient.pk]), *_stands(patient, when))]


def _stands(patient: Patient, when: datetime) -> tuple[State, str]:
    row = newest_course(patient)
    if row is None:
        return "next", _("not planned")
    try:
        return ("done", _("ended")) if has_ended(row) else _goes_on(patient, row, when)
    except BadInput:
        return "stop", _("cannot be read")


def _goes_on(patient: Patient, row: CourseRow, when: datetime) -> tuple[State, str]:
    done = sum(one.pulled for one in sessions_of(patient) if day_at(patient.clinic, one.created) >= row.start)
    total = row.terms.rhythm.total
    if done >= total:
        return "look", _("{n} of {total} given").format(n=done, total=total)
    coming = next_appointment(patient, when, session=True)
    number = _("session {n} of {total}").format(n=done + 1, total=total)
    if coming is None:
        return "next", _("{number}, not booked").format(number=number)
    return "done", f"{number}, {said(coming.starts, zone_of(patient.clinic))}"
