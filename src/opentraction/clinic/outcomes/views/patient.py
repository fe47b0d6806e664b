"""A patient's outcomes on one page: what is due, how it went, what went wrong; and the end of a course."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from opentraction.care.outcomes import Change, Instrument, change, instruments, threshold_words
from opentraction.clinic import roles
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.actions.sessions import end_course, reopen_course
from opentraction.clinic.outcomes.checked import checked_before
from opentraction.clinic.outcomes.courses import Course, courses_of, due_now, every_due
from opentraction.clinic.outcomes.models import COUNTS, ExaminationRow, OutcomeDraft, OutcomeForm
from opentraction.clinic.outcomes.models.course_end import WHYS
from opentraction.clinic.outcomes.progress_facts import reports_of
from opentraction.clinic.outcomes.rows_of import event_rows, form_rows
from opentraction.clinic.outcomes.standing import stops_today, unlifted
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput

LAST_SESSIONS = 4


@require_GET
def outcomes(request: HttpRequest, pk: int) -> HttpResponse:
    """What is due now with one button each, and everything that was asked and found."""
    one = patient_seen(request, pk, roles.LOOK)
    reading(request, one, "outcomes")
    return _page(request, one)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The course is over, or was not after all."""
    user = roles.require(request.user, roles.OUTCOMES)
    one = patient_seen(request, pk, roles.OUTCOMES)
    try:
        if request.POST.get("do") == "reopen":
            reopen_course(one, request.POST.get("because", ""), by=user)
            messages.success(request, _("The course goes on."))
        else:
            end_course(one, read_day(request.POST.get("ended", ""), "ended"), request.POST.get("why", ""), by=user)
            messages.success(request, _("The course has ended. What is due after it stands here when its day comes."))
    except BadInput as refusal:
        return _page(request, one, str(refusal))
    return redirect("outcomes:outcomes", pk=pk)


def patient_seen(request: HttpRequest, pk: int, act: str) -> Patient:
    """The patient, or 404 where this user may not do `act` on them."""
    return get_object_or_404(Patient.objects.seen_by(request.user, act).select_related("clinic"), pk=pk)


def read_day(written: str, where: str) -> date:
    """A day as a browser writes it. Raises BadInput."""
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise BadInput(where, written[:40], "a day such as 2026-03-04") from None


def _page(request: HttpRequest, one: Patient, refusal: str = "") -> HttpResponse:
    now = timezone.now()
    page: dict[str, Any] = {"room": "patients", "patient": one, "wing": "outcomes", "refusal": refusal}
    page |= {"stops": stops_today(one, now), "deficit": unlifted(one, now)}
    try:
        page |= _told(one, now)
    except BadInput as altered:
        page["refusal"] = str(altered)
    return render(request, "outcomes/outcomes.html", page, status=400 if refusal else 200)


def _told(one: Patient, now: datetime) -> dict[str, Any]:
    today, courses = day_at(one.clinic, now), courses_of(one, now)
    rows = list(form_rows(one))
    forms = [row.form for row in rows]
    drafts = OutcomeDraft.objects.filter(patient=one, ended=None)
    begun = {draft.what for draft in drafts}
    due = due_now(one, courses, forms, today)
    course = next((c for c in reversed(courses) if not c.planned), courses[-1])
    every = every_due(courses, forms, today)
    return {
        "today": today,
        "due": [(item, instruments()[item.instrument], item.instrument in begun) for item in due],
        "others": _others(one, {item.instrument for item in due}),
        "half": [d for d in drafts if d.what not in {item.instrument for item in due} and d.what != "examination"],
        "examining": "examination" in begun,
        "lines": _lines(rows, course),
        "rows": rows[::-1],
        "missed": [(item, instruments()[item.instrument]) for item in every if item.state == "missed"],
        "ahead": next((item for item in every if item.state == "ahead"), None),
        "course": course,
        "going_on": not courses[-1].planned and courses[-1].end is None,
        "ended": course.end,
        "whys": WHYS,
        "sessions": _sessions(course),
        "examinations": list(ExaminationRow.objects.filter(patient=one, **COUNTS).order_by("-taken", "-id")[:3]),
        "events": list(event_rows(one)),
    }


def _others(one: Patient, due: set[str]) -> list[Instrument]:
    """What can be asked besides: of the patient's region, or of any."""
    return [i for i in instruments().values() if i.id not in due and i.region in {one.region, "any", ""}]


def _lines(rows: list[OutcomeForm], course: Course) -> list[dict[str, Any]]:
    """One line an instrument: before the course, now, and the change between."""
    found = []
    for name in dict.fromkeys(row.instrument for row in rows):
        own = [row for row in rows if row.instrument == name]
        about = own[-1].about
        scores = [(row.taken, row.form.score()) for row in own]
        before = [score for taken, score in scores if taken <= course.facts.started and score.valid]
        after = [(taken, score) for taken, score in scores if taken > course.facts.started and score.valid]
        told: Change | None = None
        if (before or about.anchor) and after:
            told = change(before[-1] if before else None, after[-1][1])
        found.append({"about": about, "before": before[-1] if before else None, "after": after[-1] if after else None,
                      "change": told, "from": threshold_words(about)})  # fmt: skip
    return found


def _sessions(course: Course) -> list[dict[str, Any]]:
    """The last sessions, and what was asked of each."""
    last = list(course.sessions)[-LAST_SESSIONS:]
    first, checked = len(course.sessions) - len(last) + 1, checked_before(last)
    lines = [{"session": one, "number": first + i, "reports": reports_of(one)} for i, one in enumerate(last)]
    return [line | {"checked": checked.get(str(one.pk))} for line, one in zip(lines, last, strict=True)][::-1]
