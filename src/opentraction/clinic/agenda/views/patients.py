"""One patient's appointments, and the sessions of a course booked in one go."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from opentraction.care import booking
from opentraction.clinic import roles
from opentraction.clinic.agenda import asked
from opentraction.clinic.agenda.actions.series import book_series, find_series
from opentraction.clinic.agenda.actions.waiting import open_waits
from opentraction.clinic.agenda.diary import diary_of, zone_of
from opentraction.clinic.agenda.held import consent_wanted, marked, why_not
from opentraction.clinic.agenda.models import Appointment
from opentraction.clinic.agenda.saying import clock, day_words
from opentraction.clinic.agenda.standing import appointments_of
from opentraction.clinic.agenda.views.days import lines
from opentraction.clinic.agenda.views.shared import Place, frame, only_of, place_of
from opentraction.clinic.courses.planning import visits_to_book
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput, State

NINE: Final = 9 * 60
MOST: Final = 30


@require_GET
def patient(request: HttpRequest, pk: int) -> HttpResponse:
    """What one patient has booked, and had."""
    place = place_of(request)
    one = _patient(place, pk)
    reading(request, one, "appointments")
    rows = marked(appointments_of(one), place.now)
    coming = [row for row in rows if row.ends > place.now and row.stands]
    page = frame(place) | {
        "patient": one,
        "wing": "visits",
        "coming": lines(coming, place.clinic),
        "past": lines([row for row in reversed(rows) if row not in coming], place.clinic),
        "waits": [row for row in open_waits(place.clinic) if row.patient_id == one.pk],
        "missed": sum(row.state == booking.NO_SHOW for row in rows),
    }
    return render(request, "agenda/patient.html", page)


@require_http_methods(["GET", "POST"])
def series(request: HttpRequest, pk: int) -> HttpResponse:
    """The sessions of the course still to be booked: a time for each, to look at, then all at once."""
    place = place_of(request)
    one = _patient(place, pk)
    reading(request, one, "appointments")
    sent = request.POST if request.method == "POST" else request.GET
    try:
        asks = _asked(request, place, one)
        if request.method == "POST":
            return _book(request, place, one, asks)
        return _preview(request, place, one, asks)
    except BadInput as refusal:
        page = frame(place) | {"patient": one, "wing": "visits", "refusal": str(refusal), "sent": sent, "count": MOST}
        return render(request, "agenda/series.html", page, status=400)


def _patient(place: Place, pk: int) -> Patient:
    return get_object_or_404(Patient.objects.seen_by(place.user, roles.BOOK).select_related("clinic"), pk=pk)


def _asked(request: HttpRequest, place: Place, one: Patient) -> dict[str, Any]:
    sent = request.POST if request.method == "POST" else request.GET
    only, chosen = only_of(sent, place.clinic)
    first = max(asked.day(sent, "day", place.today), place.today)
    count = asked.whole(sent, "count") or MOST
    if count > MOST:
        raise BadInput("count", count, f"a number of sessions from 1 to {MOST}")
    wished = asked.minute(sent, "time", _usual(place, one))
    return {"only": only, "chosen": chosen, "first": first, "count": count, "wished": wished}


def _usual(place: Place, one: Patient) -> int:
    """The minute of the day at which the patient came, or comes, last."""
    rows = [row for row in appointments_of(one) if row.session and row.stands]
    return booking.minute_of(rows[-1].starts, zone_of(place.clinic)) if rows else NINE


def _preview(request: HttpRequest, place: Place, one: Patient, asks: dict[str, Any]) -> HttpResponse:
    kind = booking.kind("session")
    why = why_not(one, kind, place.user, place.now)
    if why:
        page = frame(place) | {"patient": one, "wing": "visits", "held": why}
        return render(request, "agenda/series.html", page)
    diary = diary_of(place.clinic, asks["first"], asks["first"])
    if not diary.hours.weekdays:
        raise BadInput("hours", State("missing"), "hours of the clinic; ask an administrator to write them")
    plan = visits_to_book(one, diary.for_course(), asks["first"], place.now)
    placed = (
        find_series(one, plan.visits[: asks["count"]], asks["wished"], place.now, asks["only"]) if plan.course else ()
    )
    zone = zone_of(place.clinic)
    found = [
        {
            "number": each.visit.number,
            "asked": day_words(each.visit.day),
            "day": day_words(booking.day_of(each.slot.start, zone)) if each.slot else "",
            "clock": clock(each.slot.start, zone) if each.slot else "",
            "with": ", ".join(resource.name for resource in each.slot.resources) if each.slot else "",
            "start": each.slot.start.isoformat() if each.slot else "",
            "moved": each.moved,
            "scores": each.visit.reassess,
        }
        for each in placed
    ]
    page = frame(place) | asks | {
        "patient": one, "wing": "visits", "plan": plan, "placed": found,
        "time": booking.minute_said(asks["wished"]), "free": sum(bool(each["start"]) for each in found),
        "consent_wanted": consent_wanted(one, kind, place.user, place.now),
    }  # fmt: skip
    return render(request, "agenda/series.html", page)


def _book(request: HttpRequest, place: Place, one: Patient, asks: dict[str, Any]) -> HttpResponse:
    starts: list[datetime] = [asked.start({"start": text}) for text in request.POST.getlist("start")[:MOST]]
    if not starts:
        raise BadInput("start", State("missing"), "at least one time, ticked")
    made: list[Appointment] = book_series(one, starts, by=place.user, now=place.now, only=asks["only"])
    said = ngettext("{n} session booked.", "{n} sessions booked.", len(made)).format(n=len(made))
    messages.success(request, said)
    return redirect("agenda:patient", pk=one.pk)
