"""The sessions of a course booked in one go: all that were found, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care import booking
from opentraction.care.booking import Placed
from opentraction.clinic import roles
from opentraction.clinic.agenda.actions.booking import book, lock
from opentraction.clinic.agenda.diary import diary_of
from opentraction.clinic.agenda.models import Appointment
from opentraction.clinic.models import Patient
from opentraction.prescription.progress import Visit


def find_series(
    patient: Patient, visits: Sequence[Visit], wished: int, now: datetime, only: frozenset[int] = frozenset()
) -> tuple[Placed, ...]:
    """A free time for each visit, nothing booked yet. Raises BadInput."""
    if not visits:
        return ()
    last = date.fromordinal(visits[-1].day.toordinal() + booking.rules().series_days)
    diary = diary_of(patient.clinic, visits[0].day, last)
    kind = booking.kind("session")
    return booking.place_series(diary, visits, kind, patient=str(patient.pk), wished=wished, now=now, only=only)


@transaction.atomic
def book_series(
    patient: Patient,
    starts: Sequence[datetime],
    *,
    by: User,
    now: datetime,
    only: frozenset[int] = frozenset(),
) -> list[Appointment]:
    """Sessions at these moments. Where one is not free any more none is booked, and NotFree says why."""
    roles.require(by, roles.BOOK, of=patient)
    lock(patient.clinic)
    return [book(patient, "session", start, by=by, now=now, only=only) for start in starts]
