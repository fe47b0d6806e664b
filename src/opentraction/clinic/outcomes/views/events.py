"""Adverse events: the report, one event with what it asks for, the clinic's list, and the list as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opentraction.care.adverse import response, taxonomy
from opentraction.clinic import roles
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient, TreatmentSession
from opentraction.clinic.outcomes.actions.events import follow_up, made_report, report_event, withdraw_event
from opentraction.clinic.outcomes.forms.event import EventForm
from opentraction.clinic.outcomes.models import COUNTS, AdverseEventRow, ReportMade
from opentraction.clinic.outcomes.models.adverse import with_looks
from opentraction.clinic.outcomes.views.patient import patient_seen, read_day
from opentraction.clinic.reading import reading, reading_list
from opentraction.clinic.sheets import csv_file
from opentraction.quantities import BadInput

COLUMNS = (
    "uid", "patient", "session", "class", "name", "onset_utc", "reported_utc", "severity", "relatedness", "serious",
    "criteria", "expected", "outcome", "status", "what", "action", "follow_ups", "next_look", "overdue_days",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The empty report, and an event from it."""
    user = roles.require(request.user, roles.OUTCOMES)
    one = patient_seen(request, pk, roles.OUTCOMES)
    if request.method == "GET":
        reading(request, one, "adverse event")
        return _form(request, one, EventForm.new(one, timezone.now(), request.GET.dict()), None)
    return _reported(request, one, None, user)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The report as it was, to be corrected with a reason; or taken out, with a reason."""
    user = roles.require(request.user, roles.OUTCOMES)
    row = _row(request, uid, roles.OUTCOMES)
    if row.withdrawn:
        raise Http404
    if request.method == "GET":
        reading(request, row.patient, "adverse event", event=str(uid))
        return _form(request, row.patient, EventForm.of(row.event, row.patient), row)
    if request.POST.get("do") == "withdraw":
        try:
            withdraw_event(row, request.POST.get("because", ""), by=user)
            return redirect("outcomes:outcomes", pk=row.patient_id)
        except BadInput as refusal:
            form = EventForm.of(row.event, row.patient)
            form.refusals["because"] = str(refusal)
            return _form(request, row.patient, form, row)
    return _reported(request, row.patient, row, user)


def _reported(request: HttpRequest, one: Patient, old: AdverseEventRow | None, user: User) -> HttpResponse:
    form, now = EventForm.read(request.POST), timezone.now()
    session = _session(request, one, form)
    uid, reported = (str(old.uid), old.reported) if old else (str(uuid4()), now)
    event = form.event(uid, one, now, user.username, reported)
    if event is not None:
        try:
            row = report_event(one, event, session, by=user, replaces=old, because=request.POST.get("because", ""))
            return redirect(row)
        except BadInput as refusal:
            form.refusals[refusal.where] = str(refusal)
    return _form(request, one, form, old)


def _session(request: HttpRequest, one: Patient, form: EventForm) -> TreatmentSession | None:
    """The session it belongs to; none where none was chosen, or what was chosen is no session of this patient."""
    try:
        chosen = UUID(form.written["session"])
    except ValueError:
        form.written["session"] = ""
        return None
    found = one.sessions.filter(pk=chosen).first()
    form.written["session"] = str(found.pk) if found else ""
    return found


def _form(request: HttpRequest, one: Patient, form: EventForm, old: AdverseEventRow | None) -> HttpResponse:
    sessions = [(one_.pk, n, one_) for n, one_ in enumerate(one.sessions.order_by("created"), start=1)][::-1]
    page = {
        "room": "patients", "patient": one, "wing": "outcomes", "form": form, "words": taxonomy(), "old": old,
        "sessions": sessions[:30], "because": request.POST.get("because", ""), "zone": one.clinic.time_zone,
        "elsewhere": [said for key, said in form.refusals.items() if key not in form.written and key != "criteria"],
    }  # fmt: skip
    return render(request, "outcomes/event_form.html", page, status=400 if form.refusals else 200)


@require_GET
def event(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One event: what happened, what it asks for, who looked again, whom to tell."""
    row = _row(request, uid, roles.LOOK)
    reading(request, row.patient, "adverse event", event=str(uid))
    return _shown(request, row)


@require_POST
def look_again(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A follow-up; a clinician closes what is serious."""
    user = roles.require(request.user, roles.OUTCOMES)
    row, post = _row(request, uid, roles.OUTCOMES), request.POST
    if post.get("status") == "closed" and row.serious:
        roles.require(user, roles.OVERRIDE)
    try:
        looked = read_day(post.get("looked", ""), "looked")
        follow_up(row, looked=looked, outcome=post.get("outcome", ""), status=post.get("status", ""),
                  words=post.get("words", ""), by=user)  # fmt: skip
    except BadInput as refusal:
        return _shown(request, row, str(refusal), post.dict())
    messages.success(request, _("The follow-up is written down."))
    return redirect(row)


@require_POST
def told(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Somebody was told of it."""
    user = roles.require(request.user, roles.OUTCOMES)
    row, post = _row(request, uid, roles.OUTCOMES), request.POST
    try:
        day = read_day(post.get("told", ""), "told")
        made_report(row, duty=post.get("duty", ""), told=day, words=post.get("words", ""), by=user)
    except BadInput as refusal:
        return _shown(request, row, str(refusal), post.dict())
    return redirect(row)


def _shown(
    request: HttpRequest, row: AdverseEventRow, refusal: str = "", typed: dict[str, str] | None = None
) -> HttpResponse:
    today = day_at(row.patient.clinic, timezone.now())
    page: dict[str, Any] = {
        "room": "patients", "patient": row.patient, "wing": "outcomes", "row": row, "refusal": refusal,
        "typed": typed or {}, "today": today, "words": taxonomy(),
        "rows": list(AdverseEventRow.objects.filter(uid=row.uid).select_related("by").order_by("id")),
        "made": list(ReportMade.objects.filter(event__uid=row.uid).select_related("by")),
        "may_close": not row.serious or roles.may(request.user, roles.OVERRIDE),
    }  # fmt: skip
    try:
        page |= {"event": row.event, "now": row.now, "asks": response(row.event), "due": row.due(today)}
    except BadInput as altered:
        page["refusal"] = str(altered)
    return render(request, "outcomes/event.html", page, status=400 if refusal else 200)


@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """All of the clinic, newest first, filtered."""
    roles.require(request.user, roles.LOOK)
    asked, rows = _filtered(request)
    found = [line for line in _lines(rows) if _fits(line, asked["state"])]
    reading_list(request, "adverse events", [line["row"].patient for line in found])
    words = "&".join(f"{key}={value}" for key, value in asked.items() if value)
    page = {"room": "adverse-events", "lines": found, "asked": asked, "words": taxonomy(), "query": words}
    return render(request, "outcomes/events.html", page)


@require_GET
def csv(request: HttpRequest) -> HttpResponse:
    """The same list as CSV; pseudonyms, no names."""
    roles.require(request.user, roles.EXPORT)
    asked, rows = _filtered(request)
    found = [line for line in _lines(rows) if _fits(line, asked["state"])]
    reading_list(request, "adverse events, CSV", [line["row"].patient for line in found])
    return csv_file("adverse-events.csv", COLUMNS, (_csv_line(line) for line in found))


def _fits(line: dict[str, Any], state: str) -> bool:
    return not state or line["state"] == state or (state == "late" and line["late"] > 0)


def _filtered(request: HttpRequest) -> tuple[dict[str, str], QuerySet[AdverseEventRow]]:
    """What was asked, and the rows; words that mean nothing filter nothing."""
    asked = {key: request.GET.get(key, "")[:40] for key in ("kind", "serious", "state", "since", "until")}
    rows = (
        AdverseEventRow.objects.listed_to(request.user, roles.LOOK)
        .filter(**COUNTS)
        .select_related("patient__clinic", "session")
    )
    if asked["kind"] in taxonomy().kinds:
        rows = rows.filter(kind=asked["kind"])
    if asked["serious"] == "yes":
        rows = rows.filter(serious=True)
    for key, lookup in (("since", "onset__gte"), ("until", "onset__lt")):
        day = _day(asked[key])
        if day is not None:
            rows = rows.filter(**{lookup: datetime.combine(day, datetime.min.time(), UTC)})
    return asked, rows.order_by("-onset", "-id")


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _lines(rows: QuerySet[AdverseEventRow]) -> list[dict[str, Any]]:
    found = []
    for row in with_looks(rows):
        due = row.due(day_at(row.patient.clinic, timezone.now()))
        late = max((one.late_days for one in due), default=0)
        found.append({"row": row, "event": row.now, "due": due[0].due if due else None, "late": late,
                      "state": "open" if row.is_open else "closed"})  # fmt: skip
    return found


def _csv_line(line: dict[str, Any]) -> Iterator[object]:
    row, one = line["row"], line["event"]
    yield from (row.uid, row.patient.pseudonym, one.session, one.kind, one.about.name, one.onset.isoformat())
    yield from (
        one.reported.isoformat(),
        one.severity,
        one.relatedness,
        one.serious,
        " ".join(one.criteria),
        one.expected,
    )
    yield from (one.outcome, line["state"], one.what, one.action, len(row.looks), line["due"] or "", line["late"])


def _row(request: HttpRequest, uid: UUID, act: str) -> AdverseEventRow:
    """The row that counts of this event; one that was withdrawn, where that is the last word."""
    rows = AdverseEventRow.objects.seen_by(request.user, act).filter(uid=uid, replaced_by=None)
    return get_object_or_404(rows.select_related("patient__clinic", "session", "by", "replaces"))
