"""The waiting list."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from opentraction.care import booking
from opentraction.clinic import roles
from opentraction.clinic.agenda import asked
from opentraction.clinic.agenda.actions import waiting as waits
from opentraction.clinic.agenda.diary import zone_of
from opentraction.clinic.agenda.models import WaitingRow
from opentraction.clinic.agenda.saying import day_words, kind_words, when
from opentraction.clinic.agenda.views.shared import Place, frame, place_of
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading_list
from opentraction.quantities import BadInput

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@require_http_methods(["GET", "POST"])
def waiting(request: HttpRequest) -> HttpResponse:
    """Who waits, in the order in which they asked; and somebody more."""
    place = place_of(request)
    if request.method == "POST":
        return _add(request, place)
    return _page(request, place)


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """A time that came free, to somebody who waits."""
    place = place_of(request)
    row = get_object_or_404(WaitingRow.objects.seen_by(place.user, roles.BOOK).select_related("patient__clinic"), pk=pk)
    try:
        made = waits.give(row, asked.start(request.POST), by=place.user, now=place.now)
    except BadInput as refusal:
        return _page(request, place, str(refusal))
    said = when(made.starts, zone_of(place.clinic))
    messages.success(request, _("{who} has {when}. Tell them.").format(who=row.patient.pseudonym, when=said))
    return redirect(made)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody waits any more."""
    place = place_of(request)
    row = get_object_or_404(WaitingRow.objects.seen_by(place.user, roles.BOOK).select_related("patient__clinic"), pk=pk)
    try:
        waits.close_wait(row, by=place.user, now=place.now)
    except BadInput as refusal:
        return _page(request, place, str(refusal))
    return redirect("agenda:waiting")


def _add(request: HttpRequest, place: Place) -> HttpResponse:
    sent = request.POST
    try:
        patient = get_object_or_404(
            Patient.objects.seen_by(place.user, roles.BOOK), pk=asked.whole(sent, "patient") or 0
        )
        days = asked.day(sent, "first", place.today), asked.day(sent, "last", place.today + timedelta(days=14))
        times = asked.minute(sent, "earliest", 0), asked.minute(sent, "latest", 1440)
        waits.wait(
            patient, asked.kind(sent).id, days, by=place.user, now=place.now,
            weekdays=asked.weekdays(sent.getlist("weekdays")), times=times,
        )  # fmt: skip
    except BadInput as refusal:
        return _page(request, place, str(refusal))
    messages.success(request, _("On the waiting list."))
    return redirect("agenda:waiting")


def _page(request: HttpRequest, place: Place, refusal: str = "") -> HttpResponse:
    rows = waits.open_waits(place.clinic)
    reading_list(request, "waiting list", [row.patient for row in rows])
    patients = Patient.objects.seen_by(place.user, roles.BOOK)
    page = frame(place) | {
        "rows": [_line(row) for row in rows],
        "patients": patients,
        "weekdays": list(enumerate(WEEKDAYS)),
        "sent": request.POST or request.GET,
        "ticked": request.POST.getlist("weekdays"),
        "until": place.today + timedelta(days=14),
        "refusal": refusal,
    }
    return render(request, "agenda/waiting.html", page, status=400 if refusal else 200)


def _line(row: WaitingRow) -> dict[str, object]:
    days = ", ".join(WEEKDAYS[n] for n in row.weekdays)
    times = f"{booking.minute_said(row.earliest)}–{booking.minute_said(row.latest)}"
    return {
        "row": row,
        "kind": kind_words(row.kind),
        "days": f"{day_words(row.first)} – {day_words(row.last)}",
        "weekdays": days or _("any day"),
        "times": times if (row.earliest, row.latest) != (0, 1440) else _("any time"),
    }
