"""The waiting list: put somebody on it, take somebody off, give a time that came free."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care import booking
from opentraction.care.booking import Slot
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.agenda.actions.booking import book, lock
from opentraction.clinic.agenda.diary import diary_of, zone_of
from opentraction.clinic.agenda.models import Appointment, WaitingRow
from opentraction.clinic.models import Clinic, Patient
from opentraction.quantities import BadInput, State


@transaction.atomic
def wait(
    patient: Patient,
    kind: str,
    days: tuple[date, date],
    *,
    by: User,
    now: datetime,
    weekdays: frozenset[int] = frozenset(),
    times: tuple[int, int] = (0, 1440),
) -> WaitingRow:
    """Put a patient on the list. Raises BadInput for a wish that nobody can fulfil."""
    roles.require(by, roles.BOOK, of=patient)
    row = WaitingRow(
        patient=patient, kind=kind, since=now, by=by, first=days[0], last=days[1], weekdays=sorted(weekdays),
        earliest=times[0], latest=times[1],
    )  # fmt: skip
    row.waiting  # noqa: B018  # refuses what is no wish
    row.save()
    record("put on waiting list", row, by=by, kind=kind)
    return row


@transaction.atomic
def close_wait(waiting: WaitingRow, *, by: User, now: datetime) -> WaitingRow:
    """Nobody waits any more."""
    roles.require(by, roles.BOOK, of=waiting)
    row = _open(waiting)
    row.closed = now
    row.save()
    record("take off waiting list", row, by=by)
    return row


@transaction.atomic
def give(waiting: WaitingRow, start: datetime, *, by: User, now: datetime) -> Appointment:
    """Book what somebody waits for, at this moment. Raises NotFree, BadInput."""
    roles.require(by, roles.BOOK, of=waiting)
    lock(waiting.patient.clinic)
    row = _open(waiting)
    made = book(row.patient, row.kind, start, by=by, now=now)
    row.given, row.closed = made, now
    row.save()
    record("give waiting patient a time", row, by=by, appointment=made.pk)
    return made


def who_fits(clinic: Clinic, freed: tuple[datetime, datetime], now: datetime) -> list[tuple[WaitingRow, Slot]]:
    """Who could come in a time that is free now, in the order in which they asked."""
    rows = {str(row.pk): row for row in open_waits(clinic)}
    if not rows or freed[1] <= now:
        return []
    day = booking.day_of(freed[0], zone_of(clinic))
    found = booking.who_fits(diary_of(clinic, day, day), [row.waiting for row in rows.values()], freed, now)
    return [(rows[one.key], slot) for one, slot in found]


def open_waits(clinic: Clinic) -> list[WaitingRow]:
    """Who waits, in the order in which they asked."""
    rows = WaitingRow.objects.filter(patient__clinic=clinic, closed=None)
    return list(rows.select_related("patient").order_by("since", "pk"))


def _open(waiting: WaitingRow) -> WaitingRow:
    row = WaitingRow.objects.select_for_update(of=("self",)).select_related("patient__clinic").get(pk=waiting.pk)
    if row.closed is not None:
        raise BadInput("waiting", State("over"), "somebody who still waits")
    return row
