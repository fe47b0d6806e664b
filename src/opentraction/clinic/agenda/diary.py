"""The diary of a clinic as the booking rules know it, read from the database for some days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from opentraction.care import booking
from opentraction.care.booking import Closure, Diary, Given, Hours
from opentraction.clinic.agenda.models import Appointment, ClosureRow, Opening, ResourceRow
from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.days import day_at, zone_of
from opentraction.clinic.models import Clinic, TreatmentSession

__all__ = [
    "AROUND", "between", "closures_of", "diary_of", "given_between", "hours_of", "opening_of", "resources_of",
    "standing", "today_of", "zone_of",
]  # fmt: skip

AROUND: Final = timedelta(days=2)
"""What may clash lies at most so far away: hours belong between two sessions."""


def today_of(clinic: Clinic, now: datetime) -> date:
    """The clinic's own day."""
    return day_at(clinic, now)


@asked_once
def hours_of(clinic: Clinic) -> Hours:
    """The clinic's hours; a clinic that wrote none is closed all week. Raises BadInput."""
    row = Opening.objects.filter(clinic=clinic).first()
    return row.hours if row else Hours.from_document({})


@asked_once
def closures_of(clinic: Clinic, first: date | None = None) -> list[Closure]:
    """Closures that count, those that end before `first` left out."""
    rows = ClosureRow.objects.filter(clinic=clinic, lifted=None)
    return [row.closure for row in (rows.filter(last__gte=first) if first else rows)]


@asked_once
def resources_of(clinic: Clinic) -> list[ResourceRow]:
    """What can be booked or is out of service: tables first, then rooms, then staff."""
    order = list(booking.RESOURCES)
    rows = ResourceRow.objects.filter(clinic=clinic, active=True)
    return sorted(rows, key=lambda one: (order.index(one.kind), one.pk))


def diary_of(clinic: Clinic, first: date, last: date) -> Diary:
    """The diary, good for booking from day `first` to day `last`. Raises BadInput."""
    zone = zone_of(clinic)
    begin, end = booking.moment(first, 0, zone) - AROUND, booking.moment(last, 1440, zone) + AROUND
    return replace(
        opening_of(clinic, first),
        resources=tuple(row.resource for row in resources_of(clinic)),
        booked=tuple(row.booked for row in standing(clinic, begin, end)),
        given=given_between(clinic, begin, end),
    )


def opening_of(clinic: Clinic, first: date) -> Diary:
    """When the clinic is open from day `first` on, and nothing else: for pages that book nothing. Raises BadInput."""
    return Diary(zone_of(clinic), hours_of(clinic), tuple(closures_of(clinic, first)))


def standing(clinic: Clinic, begin: datetime, end: datetime) -> QuerySet[Appointment]:
    """Appointments that stand between two moments, with what they take."""
    return between(clinic, begin, end).filter(state__in=list(booking.STANDS))


def given_between(clinic: Clinic, begin: datetime, end: datetime) -> tuple[Given, ...]:
    """Sessions of the table that pulled, whether they were booked or not."""
    rows = TreatmentSession.objects.filter(patient__clinic=clinic, started__gte=begin, started__lt=end)
    found = rows.only("patient", "started", "ended", "summary")
    return tuple(
        Given(str(one.patient_id), one.started, one.ended or one.started)
        for one in found
        if one.started is not None and one.pulled
    )


def between(clinic: Clinic, begin: datetime, end: datetime) -> QuerySet[Appointment]:
    """All appointments between two moments, in whatever state."""
    rows = Appointment.objects.filter(patient__clinic=clinic, starts__lt=end, ends__gt=begin)
    return rows.select_related("patient").prefetch_related("holds__resource")
