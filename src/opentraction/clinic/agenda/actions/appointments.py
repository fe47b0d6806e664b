"""What becomes of an appointment: come, done, cancelled, not come, and the way back from a slip."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from opentraction.care import booking
from opentraction.care.booking import NotFree
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.agenda.actions.booking import changed, fresh, give_back, lock, take_again
from opentraction.clinic.agenda.diary import diary_of, zone_of
from opentraction.clinic.agenda.models import Appointment
from opentraction.quantities import BadInput


@transaction.atomic
def act(appointment: Appointment, what: str, *, by: User, now: datetime, why: str = "") -> Appointment:
    """One act on an appointment; a cancellation says why. Raises BadInput where it does not apply, NotFree."""
    roles.require(by, roles.BOOK, of=appointment)
    lock(appointment.patient.clinic)
    row = fresh(appointment)
    before, row.state = row.state, booking.after(what, row.state)
    _check(row, what, why, now)
    row.arrived = now if what == "arrive" else None if row.state == booking.BOOKED else row.arrived
    row.cancelled_why = why if what == "cancel" else ""
    row.notice_h = round(booking.notice(row.starts, now).hours, 2) if what == "cancel" else None
    _resources(row, before)
    changed(row, now)
    more: dict[str, Any] = {"why": why, "notice_h": row.notice_h} if what == "cancel" else {}
    record(f"appointment: {what}", row, by=by, was=before, **more)
    return row


@transaction.atomic
def remind(appointment: Appointment, *, by: User, now: datetime) -> Appointment:
    """Note that the patient was told of it. Raises BadInput for one that does not stand."""
    roles.require(by, roles.BOOK, of=appointment)
    lock(appointment.patient.clinic)
    row = fresh(appointment)
    if row.state != booking.BOOKED:
        raise BadInput("appointment", row.state, "one that is booked")
    row.reminded, row.reminded_by = now, by
    row.save()
    record("remind of appointment", row, by=by)
    return row


def _check(row: Appointment, what: str, why: str, now: datetime) -> None:
    if what == "cancel" and why not in booking.REASONS:
        raise BadInput("why", why, "one of " + ", ".join(booking.REASONS))
    if what == "no-show" and not booking.may_be_missed(row.starts, now):
        late = booking.rules().late
        raise NotFree((_("Wait until {n} minutes after the beginning before you say so.").format(n=late),))
    if what == "arrive" and row.day > booking.day_of(now, zone_of(row.patient.clinic)):
        raise NotFree((_("This appointment is on another day. Move it first if the patient is here."),))


def _resources(row: Appointment, before: str) -> None:
    """Given back when it stands no more, taken again when it does."""
    if before in booking.STANDS and not row.stands:
        give_back(row)
    if before not in booking.STANDS and row.stands:
        diary = replace(diary_of(row.patient.clinic, row.day, row.day), given=())  # it may be this visit's own
        why = booking.conflicts(diary, row.booked)
        if why:
            raise NotFree(why)
        take_again(row)
