"""Booking one appointment, what becomes of it, and moving it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opentraction.care import booking
from opentraction.clinic import roles
from opentraction.clinic.agenda import asked
from opentraction.clinic.agenda.actions import appointments as acts
from opentraction.clinic.agenda.actions import booking as books
from opentraction.clinic.agenda.actions.waiting import who_fits
from opentraction.clinic.agenda.diary import zone_of
from opentraction.clinic.agenda.held import consent_wanted, why_not
from opentraction.clinic.agenda.models import Appointment
from opentraction.clinic.agenda.saying import clock, kind_words, state_words, when
from opentraction.clinic.agenda.views.shared import Place, frame, offered, only_of, place_of
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading, reading_list
from opentraction.quantities import BadInput

MOST_FOUND = 20


@require_http_methods(["GET", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    """Who, what, when: the free times of the next days, each a button."""
    place = place_of(request)
    sent = request.POST if request.method == "POST" else request.GET
    try:
        wanted = asked.whole(sent, "patient")
    except BadInput as refusal:
        return _who(request, place, str(refusal))
    if wanted is None:
        return _who(request, place)
    patient = get_object_or_404(Patient.objects.seen_by(place.user, roles.BOOK), pk=wanted)
    try:
        kind, (only, chosen) = asked.kind(sent), only_of(sent, place.clinic)
        first = max(asked.day(sent, "day", place.today), place.today)
        if request.method == "POST":
            made = books.book(patient, kind.id, asked.start(sent), by=place.user, now=place.now, only=only)
            messages.success(request, _("Booked: {when}.").format(when=when(made.starts, zone_of(place.clinic))))
            return redirect(_day_of(made))
    except BadInput as refusal:
        return _times(request, place, patient, refusal=str(refusal))
    return _times(request, place, patient, kind, only, first, chosen)


@require_GET
def appointment(request: HttpRequest, pk: int) -> HttpResponse:
    """One appointment, and what can be done with it."""
    place = place_of(request)
    row = _row(place, pk)
    reading(request, row, "appointment")
    return _page(request, place, row)


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Arrived, done, cancelled, not come, or back from a slip."""
    place = place_of(request)
    row = _row(place, pk)
    try:
        done = acts.act(
            row,
            asked.line(request.POST, "act", 20),
            by=place.user,
            now=place.now,
            why=asked.line(request.POST, "why", 20),
        )
    except BadInput as refusal:
        return _page(request, place, row, str(refusal))
    messages.success(request, _("Noted: {state}.").format(state=state_words(done)))
    return redirect(done if not done.stands else _day_of(done))


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time, another table: free times as buttons, or what the keyboard chose on the day's page."""
    place = place_of(request)
    row, refusal = _row(place, pk), ""
    sent = request.POST if request.method == "POST" else request.GET
    only, chosen, first = frozenset[int](), None, max(row.day, place.today)
    try:
        only, chosen = only_of(sent, place.clinic)
        first = max(asked.day(sent, "day", first), place.today)
        if request.method == "POST":
            moved = books.move(row, asked.start(sent), by=place.user, now=place.now, only=only)
            said = when(moved.starts, zone_of(place.clinic))
            messages.success(
                request, _("Moved to {when}, {with_}.").format(when=said, with_=books.resource_words(moved))
            )
            return redirect(_day_of(moved))
    except BadInput as wrong:
        refusal = str(wrong)
    reading(request, row, "appointment")
    held = why_not(row.patient, row.about, place.user, place.now)
    days = [] if held else offered(place.clinic, row.about, first, place.now, str(row.patient_id), only, str(row.pk))
    page = frame(place) | _about(row) | {"days": days, "chosen": chosen, "first": first, "refusal": refusal}
    page |= {"held": held, "consent_wanted": consent_wanted(row.patient, row.about, place.user, place.now)}
    return render(request, "agenda/move.html", page, status=400 if refusal else 200)


@require_POST
def reminded(request: HttpRequest, pk: int) -> HttpResponse:
    """The patient was told."""
    place = place_of(request)
    row = _row(place, pk)
    try:
        acts.remind(row, by=place.user, now=place.now)
    except BadInput as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    return redirect(f"{reverse('agenda:tomorrow')}?day={row.day.isoformat()}")


def _row(place: Place, pk: int) -> Appointment:
    rows = Appointment.objects.seen_by(place.user, roles.BOOK).select_related("patient__clinic", "made_by")
    return get_object_or_404(rows.prefetch_related("holds__resource"), pk=pk)


def _day_of(row: Appointment) -> str:
    return f"{reverse('agenda:day')}?day={row.day.isoformat()}"


def _who(request: HttpRequest, place: Place, refusal: str = "") -> HttpResponse:
    """Find the patient first."""
    name = request.GET.get("who", "").strip()[:80].replace("\0", "")
    rows = Patient.objects.seen_by(place.user, roles.BOOK)
    number = name.upper().removeprefix("P-")
    found = Q(given_name__icontains=name) | Q(family_name__icontains=name)
    if number.isascii() and number.isdecimal() and len(number) < 10:
        found |= Q(number=int(number))
    rows = rows.filter(found)[:MOST_FOUND] if name else rows.order_by("-created")[:MOST_FOUND]
    reading_list(request, "patients, to book", rows)
    page = frame(place) | {"found": rows, "who": name, "refusal": refusal}
    return render(request, "agenda/who.html", page, status=400 if refusal else 200)


def _times(
    request: HttpRequest,
    place: Place,
    patient: Patient,
    kind: booking.Kind | None = None,
    only: frozenset[int] = frozenset(),
    first: Any = None,
    chosen: Any = None,
    refusal: str = "",
) -> HttpResponse:
    reading(request, patient, "appointments")
    kind, first = kind or booking.kind("session"), first or place.today
    held = why_not(patient, kind, place.user, place.now)
    page = frame(place) | {
        "patient": patient,
        "kind": kind,
        "held": held,
        "consent_wanted": consent_wanted(patient, kind, place.user, place.now),
        "days": [] if held else offered(place.clinic, kind, first, place.now, str(patient.pk), only),
        "first": first,
        "later": first + timedelta(days=7),
        "chosen": chosen,
        "refusal": refusal,
    }
    return render(request, "agenda/book.html", page, status=400 if refusal else 200)


def _about(row: Appointment) -> dict[str, Any]:
    zone = zone_of(row.patient.clinic)
    return {
        "row": row,
        "patient": row.patient,
        "when": when(row.starts, zone),
        "until": clock(row.ends, zone),
        "kind": kind_words(row.kind),
        "state": state_words(row),
        "with": books.resource_words(row),
    }


def _page(request: HttpRequest, place: Place, row: Appointment, refusal: str = "") -> HttpResponse:
    over = row.state in {booking.CANCELLED, booking.NO_SHOW}
    held = row.stands and why_not(row.patient, row.about, place.user, place.now)
    page = frame(place) | _about(row) | {
        "held": held,
        "acts": booking.acts_of(row.state),
        "may_miss": booking.may_be_missed(row.starts, place.now),
        "fits": [(one, when(slot.start, zone_of(place.clinic)), slot.start.isoformat()) for one, slot in
                 who_fits(place.clinic, (row.starts, row.ends), place.now)] if over else [],
        "why": booking.REASONS.get(row.cancelled_why, ""),
        "short": row.notice_h is not None and row.notice_h < booking.rules().notice,
        "refusal": refusal,
    }  # fmt: skip
    return render(request, "agenda/appointment.html", page, status=400 if refusal else 200)
