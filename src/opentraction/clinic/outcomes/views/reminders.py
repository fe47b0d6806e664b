"""Reminders for the front desk: who is to be asked what by which day. No score and no answer is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opentraction.care.outcomes import Due, instruments, reminders
from opentraction.clinic import roles
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.actions.sessions import remind
from opentraction.clinic.outcomes.clock import day_of
from opentraction.clinic.outcomes.courses import courses_of, forms_of
from opentraction.clinic.outcomes.models import ReminderSent
from opentraction.clinic.outcomes.models.reminder import WAYS
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
        post = request.POST
        pk = post.get("patient", "")
        number = int(pk) if pk.isascii() and pk.isdecimal() and len(pk) < 19 else 0
        one = get_object_or_404(Patient.objects.seen_by(user, roles.BOOK), pk=number)
        try:
            due = read_day(post.get("due", ""), "due")
            if (post.get("occasion", ""), due) not in {(line.occasion, line.due) for line in _lines([one])[0]}:
                raise BadInput("occasion", post.get("occasion", "")[:20], "an occasion that is due for this patient")
            remind(
                one,
                post["occasion"],
                due,
                way=post.get("way", ""),
                reached=_REACHED.get(post.get("reached", "")),
                by=user,
            )
            messages.success(request, _("Marked as reminded."))
            return redirect("outcomes:reminders")
        except BadInput as bad:
            refusal = str(bad)
    patients = list(_patients(request))
    lines, counts = _lines(patients)
    reading_list(request, "reminders", [line.patient for line in lines])
    page: dict[str, Any] = {"room": "reminders", "lines": lines, "counts": counts, "ways": WAYS, "refusal": refusal}
    return render(request, "outcomes/reminders.html", page, status=400 if refusal else 200)


def _patients(request: HttpRequest) -> list[Patient]:
    """Those whose course was begun or signed; nobody else is reminded."""
    rows = Patient.objects.seen_by(request.user, roles.BOOK).select_related("clinic").prefetch_related("sessions")
    begun = rows.filter(prescriptions__signed_at__isnull=False).distinct()
    return list(begun)


def _lines(patients: list[Patient]) -> tuple[list[Line], Any]:
    now = timezone.now()
    known = {one.pseudonym: one for one in patients}
    courses = [(course.facts, forms_of(one)) for one in patients for course in courses_of(one, now)]
    today = day_of(now, patients[0].clinic) if patients else now.date()
    told = reminders(courses, today)
    sent: dict[tuple[int, str], list[ReminderSent]] = {}
    for row in ReminderSent.objects.filter(patient__in=patients).select_related("by"):
        sent.setdefault((row.patient_id, row.occasion), []).append(row)
    groups: dict[tuple[str, str, date], list[Due]] = {}
    for one in told.to_ask:
        groups.setdefault((one.who, one.occasion, one.due), []).append(one)
    return [_line(known[who], group, sent) for (who, _o, _d), group in groups.items()], told


def _line(patient: Patient, group: list[Due], sent: dict[tuple[int, str], list[ReminderSent]]) -> Line:
    first = group[0]
    what = tuple(instruments()[one.instrument].short for one in group)
    before = tuple(row for row in sent.get((patient.pk, first.occasion), []) if abs(row.due - first.due) <= SAME)
    return Line(patient, first.occasion, first.name, first.due, first.closes, first.late_days, what, before)
