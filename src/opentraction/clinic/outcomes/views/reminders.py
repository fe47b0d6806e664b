"""Reminders for the front desk: who is to be asked what by which day. No score and no answer is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opentraction.care.outcomes import CourseFacts, Due, Form, instruments, reminders
from opentraction.clinic import roles
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient, Prescription, TreatmentSession
from opentraction.clinic.outcomes.actions.sessions import remind
from opentraction.clinic.outcomes.courses import courses_from
from opentraction.clinic.outcomes.models import COUNTS, CourseEnd, OutcomeForm, ReminderSent
from opentraction.clinic.outcomes.models.reminder import WAYS
from opentraction.clinic.outcomes.rows_of import by_patient
from opentraction.clinic.outcomes.views.patient import read_day
from opentraction.clinic.reading import reading_list
from opentraction.quantities import BadInput

SAME = timedelta(days=14)
"""The day of a course that is only planned moves on; a reminder for it counts for so long."""
_REACHED = {"yes": True, "no": False, "": None}


@dataclass(frozen=True, slots=True)
class Line:
    """One patient at one occasion: all forms that are open then."""

    patient: Patient
    occasion: str
    name: str
    due: date
    closes: date
    late_days: int
    what: tuple[str, ...]
    sent: tuple[ReminderSent, ...]


@require_http_methods(["GET", "POST"])
def reminders_page(request: HttpRequest) -> HttpResponse:
    """The list, those that close first at the top; and one patient marked as reminded."""
    user = roles.require(request.user, roles.BOOK)
    refusal = ""
    if request.method == "POST":
        try:
            _reminded(request.POST, user)
            messages.success(request, _("Marked as reminded."))
            return redirect("outcomes:reminders")
        except BadInput as bad:
            refusal = str(bad)
    lines, counts = _lines(_patients(request))
    reading_list(request, "reminders", [line.patient for line in lines])
    page: dict[str, Any] = {"room": "reminders", "lines": lines, "counts": counts, "ways": WAYS, "refusal": refusal}
    return render(request, "outcomes/reminders.html", page, status=400 if refusal else 200)


def _reminded(post: QueryDict, user: User) -> None:
    """Keep that a patient was reminded of what is due. Raises BadInput where nothing like that is, or Http404."""
    written = post.get("patient", "")
    number = int(written) if written.isascii() and written.isdecimal() and len(written) < 19 else 0
    patient = get_object_or_404(Patient.objects.seen_by(user, roles.BOOK), pk=number)
    occasion, due = post.get("occasion", ""), read_day(post.get("due", ""), "due")
    lines, _counts = _lines(Patient.objects.filter(pk=patient.pk))
    if (occasion, due) not in {(line.occasion, line.due) for line in lines}:
        raise BadInput("occasion", occasion[:20], "an occasion that is due for this patient")
    reached = _REACHED.get(post.get("reached", ""))
    remind(patient, occasion, due, way=post.get("way", ""), reached=reached, by=user)


def _patients(request: HttpRequest) -> QuerySet[Patient]:
    """Those whose course was begun or signed; nobody else is reminded."""
    begun = Prescription.objects.filter(signed_at__isnull=False).values("patient")
    return Patient.objects.seen_by(request.user, roles.BOOK).filter(pk__in=begun)


def _lines(patients: QuerySet[Patient]) -> tuple[list[Line], Any]:
    now = timezone.now()
    known = {one.pseudonym: one for one in patients.select_related("clinic")}
    today = day_at(next(iter(known.values())).clinic, now) if known else now.date()
    told = reminders(list(_courses(patients, known.values(), now)), today)
    sent = by_patient(ReminderSent.objects.filter(patient__in=patients).select_related("by"))
    groups: dict[tuple[str, str, date], list[Due]] = {}
    for one in told.to_ask:
        groups.setdefault((one.who, one.occasion, one.due), []).append(one)
    return [_line(known[who], group, sent) for (who, _o, _d), group in groups.items()], told


def _courses(
    patients: QuerySet[Patient], read: Iterable[Patient], now: datetime
) -> Iterator[tuple[CourseFacts, list[Form]]]:
    """Every course with the forms of its patient, from four questions however many there are."""
    held = by_patient(TreatmentSession.objects.filter(patient__in=patients).order_by("created"))
    over = by_patient(CourseEnd.objects.filter(patient__in=patients, **COUNTS))
    given = by_patient(OutcomeForm.objects.filter(patient__in=patients, **COUNTS))
    signings = Prescription.objects.filter(patient__in=patients, signed_at__isnull=False).order_by("version")
    signed = {one.patient_id: one for one in signings.only("patient_id", "signed_at")}
    for one in read:
        forms = [row.form for row in given.get(one.pk, [])]
        rows = held.get(one.pk, []), over.get(one.pk, [])
        for course in courses_from(one, *rows, partial(signed.get, one.pk), now):
            yield course.facts, forms


def _line(patient: Patient, group: list[Due], sent: dict[int, list[ReminderSent]]) -> Line:
    first = group[0]
    what = tuple(instruments()[one.instrument].short for one in group)
    before = tuple(
        row for row in sent.get(patient.pk, []) if row.occasion == first.occasion and abs(row.due - first.due) <= SAME
    )
    return Line(patient, first.occasion, first.name, first.due, first.closes, first.late_days, what, before)
