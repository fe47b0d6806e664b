"""What other wings ask of the agenda: when a patient comes next, and what was booked."""

from __future__ import annotations

from datetime import date, datetime

from opentraction.care import booking
from opentraction.clinic.agenda.models import Appointment
from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.models import Patient


@asked_once
def next_appointment(patient: Patient, now: datetime, *, session: bool = False) -> Appointment | None:
    """The next one that is booked or under way; with `session`, the next to which a pull belongs."""
    rows = Appointment.objects.filter(patient=patient, state__in=[booking.BOOKED, booking.ARRIVED], ends__gt=now)
    return (rows.filter(session=True) if session else rows).order_by("starts").first()


@asked_once
def appointments_of(patient: Patient, since: date | None = None) -> list[Appointment]:
    """All appointments of a patient, oldest first, in whatever state."""
    rows = (
        Appointment.objects.filter(patient=patient)
        .select_related("patient__clinic")
        .prefetch_related("holds__resource")
    )
    return list(rows.filter(day__gte=since) if since else rows)
