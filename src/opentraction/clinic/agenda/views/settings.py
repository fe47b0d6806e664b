"""Hours, closures and what can be booked: for who manages the clinic; a table out of service, for who books."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from opentraction.care import booking
from opentraction.care.booking import Closure, Span
from opentraction.clinic import roles
from opentraction.clinic.agenda import asked
from opentraction.clinic.agenda.actions import settings as acts
from opentraction.clinic.agenda.diary import hours_of, resources_of
from opentraction.clinic.agenda.models import ClosureRow, ResourceRow
from opentraction.clinic.agenda.saying import day_words
from opentraction.clinic.agenda.views.shared import Place, frame, place_of
from opentraction.quantities import BadInput, State

DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


@require_http_methods(["GET", "POST"])
def hours(request: HttpRequest) -> HttpResponse:
    """The hours of each weekday, and the days on which the clinic is closed."""
    place = place_of(request, roles.MANAGE)
    if request.method == "GET":
        return _hours(request, place)
    written = {name: request.POST.get(name, "").replace("\0", "")[:120] for name in booking.DAYS}
    try:
        acts.write_hours(place.clinic, written, by=place.user, now=place.now)
    except BadInput as refusal:
        return _hours(request, place, refusal, written)
    messages.success(request, _("Hours saved. What is booked already stays."))
    return redirect("agenda:hours")


@require_POST
def closures(request: HttpRequest) -> HttpResponse:
    """Close the clinic for some days."""
    place = place_of(request, roles.MANAGE)
    try:
        acts.close_days(place.clinic, _closure(request, place), by=place.user)
    except BadInput as refusal:
        return _hours(request, place, refusal)
    messages.success(request, _("Closed. Look at the agenda for what must be moved."))
    return redirect("agenda:hours")


@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Open after all."""
    place = place_of(request, roles.MANAGE)
    row = get_object_or_404(ClosureRow.objects.seen_by(place.user, roles.MANAGE), pk=pk)
    acts.lift_closure(row, by=place.user, now=place.now)
    return redirect("agenda:hours")


@require_http_methods(["GET", "POST"])
def resources(request: HttpRequest) -> HttpResponse:
    """Tables, rooms and staff to book."""
    place = place_of(request, roles.MANAGE)
    refusal = ""
    if request.method == "POST":
        try:
            return _add(request, place)
        except BadInput as wrong:
            refusal = str(wrong)
    page = frame(place) | {"refusal": refusal, "sent": request.POST, "people": _people(place)}
    return render(request, "agenda/resources.html", page, status=400 if refusal else 200)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """It stands on no page any more."""
    place = place_of(request, roles.MANAGE)
    row = get_object_or_404(ResourceRow.objects.seen_by(place.user, roles.MANAGE), pk=pk)
    try:
        acts.close_resource(row, by=place.user)
    except BadInput as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    return redirect("agenda:resources")


@require_http_methods(["GET", "POST"])
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a table out of service with a reason, or back into it."""
    place = place_of(request)
    rows = ResourceRow.objects.seen_by(place.user, roles.BOOK).filter(active=True)
    row, refusal = get_object_or_404(rows, pk=pk), ""
    if request.method == "POST":
        try:
            _serve(request, place, row)
            return redirect("agenda:day")
        except BadInput as wrong:
            refusal = str(wrong)
    page = frame(place) | {"row": row, "refusal": refusal, "sent": request.POST}
    return render(request, "agenda/service.html", page, status=400 if refusal else 200)


def _serve(request: HttpRequest, place: Place, row: ResourceRow) -> None:
    if request.POST.get("in") == "yes":
        acts.into_service(row, by=place.user)
        messages.success(request, _("{name} takes bookings again.").format(name=row.name))
        return
    acts.out_of_service(row, asked.line(request.POST, "why"), by=place.user, now=place.now)
    messages.success(request, _("{name} takes no bookings now.").format(name=row.name))


def _closure(request: HttpRequest, place: Place) -> Closure:
    sent = request.POST
    first = asked.day(sent, "first", place.today)
    if not sent.get("first", "").strip():
        raise BadInput("first", State("missing"), "the first day that is closed")
    last = asked.day(sent, "last", first)
    opens, closes = asked.minute(sent, "opens", -1), asked.minute(sent, "closes", -1)
    if (opens < 0) != (closes < 0):
        raise BadInput("opens", State("half written"), "both times, or neither for whole days")
    return Closure(first, last, asked.line(sent, "why", 80), Span(opens, closes) if opens >= 0 else None)


def _add(request: HttpRequest, place: Place) -> HttpResponse:
    sent = request.POST
    wanted = asked.whole(sent, "user")
    user = next((one for one in _people(place) if one.pk == wanted), None)
    acts.add_resource(
        place.clinic, asked.line(sent, "kind", 10), asked.line(sent, "name"), by=place.user,
        user=user if sent.get("kind") == "staff" else None, takes=sent.getlist("takes"),
    )  # fmt: skip
    return redirect("agenda:resources")


def _people(place: Place) -> list[User]:
    rows = User.objects.filter(memberships__clinic=place.clinic, memberships__active=True, is_active=True)
    return list(rows.exclude(memberships__role=roles.PATIENT).distinct().order_by("username"))


def _hours(
    request: HttpRequest, place: Place, refusal: BadInput | None = None, written: dict[str, str] | None = None
) -> HttpResponse:
    shown = written or hours_of(place.clinic).document()
    rows = ClosureRow.objects.filter(clinic=place.clinic, lifted=None, last__gte=place.today)
    page = frame(place) | {
        "week": [(name, DAYS[name], shown[name]) for name in booking.DAYS],
        "rows": [_line(row) for row in rows],
        "wrong": refusal.where if refusal else "",
        "refusal": str(refusal) if refusal else "",
        "sent": request.POST,
        "has_resources": bool(resources_of(place.clinic)),
    }
    return render(request, "agenda/hours.html", page, status=400 if refusal else 200)


def _line(row: ClosureRow) -> dict[str, Any]:
    days = day_words(row.first) if row.first == row.last else f"{day_words(row.first)} – {day_words(row.last)}"
    span = row.closure.span
    return {"row": row, "days": days, "times": str(span) if span else _("all day")}
