"""A patient's course: its calendar, the advice for the next session with its reasons, and what was decided before."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from opentraction.clinic import roles
from opentraction.clinic.agenda import asked
from opentraction.clinic.agenda.diary import today_of, zone_of
from opentraction.clinic.agenda.saying import clock, day_words
from opentraction.clinic.agenda.standing import next_appointment
from opentraction.clinic.context import force_unit
from opentraction.clinic.courses.actions import advice as advices
from opentraction.clinic.courses.actions import courses as acts
from opentraction.clinic.courses.history import history_of
from opentraction.clinic.courses.models import AdviceRow, CourseRow, TodayCheck
from opentraction.clinic.courses.planning import Entry, calendar_of
from opentraction.clinic.courses.reading_forms import CHECKS, amount, check_found
from opentraction.clinic.courses.standing import action_words, advice_for, current_course, has_ended, newest_course
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading
from opentraction.prescription.progress import Advice, starting_force
from opentraction.prescription.progress.advice import Action
from opentraction.prescription.progress.history import DECISIONS
from opentraction.prescription.words import clock as lasting
from opentraction.prescription.words import spoken
from opentraction.quantities import BadInput

DECISION_WORDS: Final = {
    "examined": "I examined the patient; go on",
    "modified": "I changed the plan",
    "taper": "The goal is met; taper",
}


@require_GET
def course(request: HttpRequest, pk: int) -> HttpResponse:
    """The course of one patient."""
    user = roles.require(request.user, roles.LOOK)
    patient = get_object_or_404(Patient.objects.seen_by(user).select_related("clinic"), pk=pk)
    reading(request, patient, "course")
    return _page(request, patient)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found before today's pull."""
    row, patient, now = _mine(request, pk, roles.TREAT)
    try:
        acts.check_before_pull(row, check_found(request.POST), by=roles.require(request.user, roles.TREAT), now=now)
    except BadInput as refusal:
        return _page(request, patient, str(refusal), "today")
    messages.success(request, _("Noted. The advice below counts it."))
    return redirect("courses:course", pk=pk)


@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """A clinician has looked."""
    row, patient, now = _mine(request, pk, roles.PRESCRIBE)
    sent, user = request.POST, roles.require(request.user, roles.PRESCRIBE)
    try:
        acts.review_course(row, asked.line(sent, "decision", 20), sent.get("why", "")[:1200], by=user, now=now)
    except BadInput as refusal:
        return _page(request, patient, str(refusal), "review")
    return redirect("courses:course", pk=pk)


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """The advice becomes a draft, which is looked at and signed where prescriptions are."""
    row, patient, now = _mine(request, pk, roles.PRESCRIBE)
    sent, user = request.POST, roles.require(request.user, roles.PRESCRIBE)
    try:
        force, length = amount(sent, patient.mass_kg)
        why = sent.get("why", "")[:600]
        kept = advices.take_advice(
            row, asked.line(sent, "advice", 64), by=user, now=now, force=force, length=length, why=why
        )
    except BadInput as refusal:
        return _page(request, patient, str(refusal), "take")
    messages.success(request, _("Drafted. Look at the rehearsal, then sign."))
    return redirect(kept.prescription)


@require_POST
def put_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """A course that never began."""
    row, patient, now = _mine(request, pk, roles.PRESCRIBE)
    try:
        acts.set_aside(row, request.POST.get("why", "")[:400], by=roles.require(request.user, roles.PRESCRIBE), now=now)
    except BadInput as refusal:
        return _page(request, patient, str(refusal), "aside")
    return redirect("courses:course", pk=pk)


def _mine(request: HttpRequest, pk: int, act: str) -> tuple[CourseRow, Patient, datetime]:
    user = roles.require(request.user, act)
    patient = get_object_or_404(Patient.objects.seen_by(user, act).select_related("clinic"), pk=pk)
    found = current_course(patient)
    row = get_object_or_404(
        CourseRow.objects.seen_by(user, act).select_related("patient__clinic"), pk=found.pk if found else 0
    )
    return row, patient, timezone.now()


def _page(request: HttpRequest, patient: Patient, refusal: str = "", where: str = "") -> HttpResponse:
    now = timezone.now()
    page: dict[str, Any] = {
        "room": "patients", "patient": patient, "wing": "course", "refusal": refusal, "where": where,
        "sent": request.POST, "protocols_url": reverse("prescribe", args=[patient.pk]),
    }  # fmt: skip
    row = newest_course(patient)
    if row is not None:
        page |= {"course": row, "ended": has_ended(row), "terms": row.terms}
        page |= _told(request, row, now) | _noted(request, row, now, where)
    return render(request, "courses/course.html", page, status=400 if refusal else 200)


def _noted(request: HttpRequest, row: CourseRow, now: datetime, where: str) -> dict[str, Any]:
    """What stands in the fields of today's check: what was just written, else what was noted today."""
    day = today_of(row.patient.clinic, now)
    noted = TodayCheck.objects.filter(course=row, day=day).select_related("by").last()
    if where == "today":
        return {"noted": noted, "found": request.POST}
    if noted is None:
        return {}
    found = {name: "" if (value := getattr(noted, name)) is None else value for name in CHECKS}
    return {"noted": noted, "found": found | {"new_distal": {None: "", True: "yes", False: "no"}[noted.new_distal]}}


def _told(request: HttpRequest, row: CourseRow, now: datetime) -> dict[str, Any]:
    """Everything that needs the rules; where the record cannot be read, that is said instead."""
    unit = force_unit(request)
    try:
        advice = advice_for(row, now)
        entries = calendar_of(row, now)
        start = starting_force(row.terms.course(row.patient.as_person(advice.day)), history_of(row, now).screened)
    except BadInput as refusal:
        return {"unreadable": str(refusal)}
    coming = next_appointment(row.patient, now, session=True)
    return {
        "advice": advice,
        "action": action_words(advice.action),
        "grave": _grave(advice),
        "force": _said(advice.force, unit),
        "last_force": _said(advice.last_force, unit),
        "planned": _said(start.planned.force, unit),
        "cap": _said(start.cap.force, unit),
        "length": lasting(advice.length) if advice.length else "",
        "questions": [(one.words, _where(one.key, row.patient)) for one in advice.questions],
        "entries": [_entry(one, row) for one in entries],
        "counts": _counts(entries),
        "coming": coming,
        "taken": [
            _taken(one, unit) for one in AdviceRow.objects.filter(course=row).select_related("prescription", "by")
        ],
        "decisions": [(word, DECISION_WORDS[word]) for word in DECISIONS],
        "amendments": row.amendments.select_related("by"),
        "reviews": row.reviews.select_related("by"),
        **_drafted(row, advice, now),
    }


def _drafted(row: CourseRow, advice: Advice, now: datetime) -> dict[str, Any]:
    """What taking the advice would change of the clinician's own plan, or why it cannot be taken."""
    if not advice.may_begin:
        return {}
    try:
        base = advices.base_of(row)
        made = advices.written(row, advice, base, now)
    except BadInput as refusal:
        return {"cannot": str(refusal)}
    return {"base": base, "changes": made.changed}


def _grave(advice: Advice) -> str:
    """How the page shows it: stop, wait or go."""
    if advice.action is Action.STOP:
        return "stop"
    return "go" if advice.may_begin else "wait"


def _said(force: float | None, unit: str) -> str:
    return "–" if force is None else spoken(force, unit)


ASKED_IN: Final = (
    ("screening", "intake:intake"),
    ("consent", "consents:consent"),
    ("today.red_flags", "intake:visit-check"),
    ("today.", "#today"),
    ("course.", "courses:write"),
    ("surgery.onset", "courses:write"),
    ("surgery.mri", "courses:write"),
    ("surgery.", "outcomes:outcomes"),
    ("baseline.", "outcomes:outcomes"),
    ("score.", "outcomes:outcomes"),
)
"""Where an answer is given, by the beginning of its key."""


def _where(key: str, patient: Patient) -> str:
    """The address of the page that asks it."""
    if key.startswith("last."):
        last = patient.last_session
        return reverse("outcomes:session-report", args=[last.pk]) if last else ""
    name = next((name for begin, name in ASKED_IN if key.startswith(begin)), "")
    return name if name.startswith("#") else reverse(name, args=[patient.pk]) if name else ""


def _entry(one: Entry, row: CourseRow) -> dict[str, Any]:
    words = {
        "done": _("done"), "booked": _("booked"), "arrived": _("here"), "no-show": _("missed"),
        "cancelled": _("cancelled"), "no pull": _("no pull"), "not booked": _("not booked"),
    }  # fmt: skip
    zone = zone_of(row.patient.clinic)
    at = clock(one.appointment.starts, zone) if one.appointment else ""
    return {
        "entry": one,
        "day": day_words(one.day),
        "clock": at,
        "words": words[one.state],
        "class": one.state.replace(" ", "-"),
    }


def _counts(entries: list[Entry]) -> dict[str, int]:
    states = [one.state for one in entries]
    return {
        "done": states.count("done"),
        "booked": states.count("booked") + states.count("arrived"),
        "missed": states.count("no-show"),
        "open": states.count("not booked"),
    }


def _taken(one: AdviceRow, unit: str) -> dict[str, Any]:
    return {"row": one, "force": _said(one.force_n, unit), "length": lasting(one.length_s), "day": day_words(one.day)}
