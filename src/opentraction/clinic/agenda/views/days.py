"""The agenda of a day, of a week, and the list of who comes tomorrow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from opentraction.care import booking
from opentraction.clinic.agenda import asked
from opentraction.clinic.agenda.actions.waiting import open_waits
from opentraction.clinic.agenda.diary import between, opening_of, resources_of, zone_of
from opentraction.clinic.agenda.grid import day_grid, week_grid
from opentraction.clinic.agenda.held import marked
from opentraction.clinic.agenda.models import Appointment, Hold
from opentraction.clinic.agenda.saying import clock, day_words, kind_words, long_day, state_words
from opentraction.clinic.agenda.views.shared import Place, frame, only_of, place_of
from opentraction.clinic.models import Clinic
from opentraction.clinic.reading import reading_list
from opentraction.quantities import BadInput

OUT = Q(resource__active=False) | Q(resource__out_since__isnull=False)
"""A hold on what is out of service or closed."""


@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """One day: a column for each table, room and therapist; on a phone a list."""
    place = place_of(request)
    shown, refusal = _shown(request, place)
    rows = marked(_rows(place.clinic, shown, shown), place.now)
    reading_list(request, "agenda", [row.patient for row in rows], day=shown.isoformat())
    diary, resources = opening_of(place.clinic, shown), resources_of(place.clinic)
    page = frame(place) | {
        "refusal": refusal,
        "day": shown,
        "title": long_day(shown),
        "grid": day_grid(diary, resources, rows, shown),
        "lines": lines(rows, place.clinic),
        "before": shown - timedelta(days=1),
        "after": shown + timedelta(days=1),
        "is_open": bool(diary.open_on(shown)),
        "has_hours": bool(diary.hours.weekdays),
        "waits": len(open_waits(place.clinic)),
        "to_move": to_move(place.clinic, place.now),
    }
    return render(request, "agenda/day.html", page, status=400 if refusal else 200)


@require_GET
def week(request: HttpRequest) -> HttpResponse:
    """Seven days of one table, room or therapist."""
    place = place_of(request)
    shown, refusal = _shown(request, place)
    monday = shown - timedelta(days=shown.weekday())
    resources = resources_of(place.clinic)
    try:
        _, chosen = only_of(request.GET, place.clinic)
    except BadInput as wrong:
        chosen, refusal = None, str(wrong)
    chosen = chosen or (resources[0] if resources else None)
    all_rows = _rows(place.clinic, monday, monday + timedelta(days=6))
    theirs = all_rows.filter(holds__resource=chosen).distinct()
    rows = marked((row for row in theirs if chosen in row.taken), place.now)
    reading_list(request, "agenda, week", [row.patient for row in rows], day=monday.isoformat())
    diary = opening_of(place.clinic, monday)
    page = frame(place) | {
        "refusal": refusal,
        "day": monday,
        "title": f"{day_words(monday)} – {day_words(monday + timedelta(days=6))}",
        "chosen": chosen,
        "grid": week_grid(diary, rows, monday),
        "lines": lines(rows, place.clinic),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "has_hours": bool(diary.hours.weekdays),
    }
    return render(request, "agenda/week.html", page, status=400 if refusal else 200)


@require_GET
def tomorrow(request: HttpRequest) -> HttpResponse:
    """Who comes on the next open day, to be reminded."""
    place = place_of(request)
    shown, refusal = _next_open(place), ""
    if request.GET.get("day"):
        shown, refusal = _shown(request, place)
    rows = marked((row for row in _rows(place.clinic, shown, shown) if row.state == booking.BOOKED), place.now)
    reading_list(request, "reminders", [row.patient for row in rows], day=shown.isoformat())
    page = frame(place) | {
        "refusal": refusal,
        "day": shown,
        "title": long_day(shown),
        "lines": lines(rows, place.clinic),
    }
    return render(request, "agenda/tomorrow.html", page, status=400 if refusal else 200)


def lines(rows: Iterable[Appointment], clinic: Clinic) -> list[dict[str, Any]]:
    """Appointments as lines of a list."""
    zone = zone_of(clinic)
    return [
        {
            "row": row,
            "day": day_words(row.day),
            "start": clock(row.starts, zone),
            "end": clock(row.ends, zone),
            "kind": kind_words(row.kind),
            "state": state_words(row),
            "with": ", ".join(one.name for one in row.taken),
            "reminded": clock(row.reminded, zone) if row.reminded else "",
        }
        for row in rows
    ]


def to_move(clinic: Clinic, now: datetime) -> list[dict[str, Any]]:
    """What is booked from now on and cannot be kept: its table is out of service, or the clinic is closed then."""
    booked = between(clinic, now, now + timedelta(days=60)).filter(state=booking.BOOKED)
    diary = opening_of(clinic, booking.day_of(now, zone_of(clinic)))
    times = booked.order_by().values_list("day", "starts", "ends").distinct()
    shut = {(starts, ends) for day, starts, ends in times if not _open(diary, day, starts, ends)}
    out = Hold.objects.filter(OUT, stands=True, appointment__in=booked.order_by())
    broken = set(out.values_list("appointment", flat=True))
    rows = booked.filter(Q(starts__in={starts for starts, _ in shut}) | Q(pk__in=broken))
    return lines([row for row in rows if (row.starts, row.ends) in shut or row.pk in broken], clinic)


def _open(diary: booking.Diary, day: date, starts: datetime, ends: datetime) -> bool:
    return any(opens <= starts and ends <= closes for opens, closes in diary.open_on(day))


def _rows(clinic: Clinic, first: date, last: date) -> QuerySet[Appointment]:
    zone = zone_of(clinic)
    return between(clinic, booking.moment(first, 0, zone), booking.moment(last, 1440, zone))


def _shown(request: HttpRequest, place: Place) -> tuple[date, str]:
    try:
        return asked.day(request.GET, "day", place.today), ""
    except BadInput as refusal:
        return place.today, str(refusal)


def _next_open(place: Place) -> date:
    diary = opening_of(place.clinic, place.today)
    days = (place.today + timedelta(days=n) for n in range(1, 15))
    return next((one for one in days if diary.open_on(one)), place.today + timedelta(days=1))
