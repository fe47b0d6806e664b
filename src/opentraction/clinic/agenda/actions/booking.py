"""Booking and moving. One booking of a clinic at a time: whoever books first locks what can be booked, then looks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from opentraction.care import booking
from opentraction.care.booking import Booked, Diary, Kind, NotFree
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.agenda.diary import diary_of, zone_of
from opentraction.clinic.agenda.held import refuse_held
from opentraction.clinic.agenda.models import Appointment, Hold, ResourceRow
from opentraction.clinic.models import Clinic, Patient

RACED = "Somebody else has just taken that time. Choose another."


@transaction.atomic
def book(
    patient: Patient, kind: str, start: datetime, *, by: User, now: datetime, only: frozenset[int] = frozenset()
) -> Appointment:
    """An appointment at this moment, with the first free resources, those of `only` where it names any.

    Raises NotFree with why it cannot stand, BadInput for a kind that is none.
    """
    roles.require(by, roles.BOOK, of=patient)
    about = booking.kind(kind)
    refuse_held(patient, about, by, now)
    lock(patient.clinic)
    diary = _diary(patient.clinic, start)
    wish = _wish(diary, about, "", patient, start, only)
    _refuse(diary, wish, now)
    made = _written(patient, wish, by, now)
    record("book appointment", made, by=by, **_told(made))
    return made


@transaction.atomic
def move(
    appointment: Appointment, start: datetime, *, by: User, now: datetime, only: frozenset[int] = frozenset()
) -> Appointment:
    """The appointment at another moment or with other resources. Raises NotFree, BadInput."""
    roles.require(by, roles.BOOK, of=appointment)
    clinic = appointment.patient.clinic
    refuse_held(appointment.patient, appointment.about, by, now)
    lock(clinic)
    row = fresh(appointment)
    booking.after("cancel", row.state)  # what is over cannot be moved
    was, diary = _told(row), _diary(clinic, start).without(str(row.pk))
    wish = _wish(diary, row.about, str(row.pk), row.patient, start, only or _kept(diary, row, start))
    _refuse(diary, wish, now)
    give_back(row)
    row.starts, row.ends, row.day = wish.start, wish.end, diary.day(wish.start)
    row.state, row.arrived, row.reminded, row.reminded_by = booking.BOOKED, None, None, None
    changed(row, now)
    _hold(row, wish)
    record("move appointment", row, by=by, was=was, **_told(row))
    return row


def lock(clinic: Clinic) -> None:
    """Whoever books here waits for the one before."""
    list(ResourceRow.objects.select_for_update().filter(clinic=clinic).order_by("pk"))


def fresh(appointment: Appointment) -> Appointment:
    """The row as it is now, for whoever holds the lock."""
    rows = Appointment.objects.select_related("patient__clinic").prefetch_related("holds__resource")
    return rows.get(pk=appointment.pk)


def changed(row: Appointment, now: datetime) -> None:
    """Store a change. Raises NotFree where the database knows better."""
    row.changed, row.sequence = now, row.sequence + 1
    _kept_by_the_database(row)


def give_back(row: Appointment) -> None:
    """What it takes is free again."""
    for hold in row.holds.all():
        if hold.stands:
            hold.stands = False
            hold.save()


def take_again(row: Appointment) -> None:
    """What it took last is taken again. Raises NotFree."""
    newest = max((hold.sequence for hold in row.holds.all()), default=0)
    for hold in row.holds.all():
        if hold.sequence == newest:
            hold.stands = True
            _kept_by_the_database(hold)


def resource_words(row: Appointment) -> str:
    """What it takes, in words."""
    return ", ".join(one.name for one in row.taken)


def _diary(clinic: Clinic, start: datetime) -> Diary:
    day = booking.day_of(start, zone_of(clinic))
    return diary_of(clinic, day, day)


def _wish(diary: Diary, kind: Kind, key: str, patient: Patient, start: datetime, only: frozenset[int]) -> Booked:
    """What is asked for: with free resources, or with the first that would serve, so that the refusal names them."""
    slot = booking.slot_at(diary, kind, start, patient=str(patient.pk), only=only)
    if slot is not None:
        return slot.booked(key, str(patient.pk))
    chosen = []
    for need in kind.needs:
        named = [one for one in diary.resources if one.kind == need and one.id in only]
        chosen += [*named, *diary.serving(kind, need)][:1]
    return Booked(key=key, patient=str(patient.pk), kind=kind, start=start, resources=tuple(chosen))


def _kept(diary: Diary, row: Appointment, start: datetime) -> frozenset[int]:
    """What it takes already, where that is free then too; a move in time changes nothing else without need."""
    mine = frozenset(one.pk for one in row.taken)
    return mine if booking.slot_at(diary, row.about, start, patient=str(row.patient_id), only=mine) else frozenset()


def _refuse(diary: Diary, wish: Booked, now: datetime) -> None:
    why = booking.conflicts(diary, wish, now)
    if why:
        raise NotFree(why)


def _written(patient: Patient, wish: Booked, by: User, now: datetime) -> Appointment:
    made = Appointment(
        patient=patient, kind=wish.kind.id, session=wish.kind.session, starts=wish.start, ends=wish.end,
        day=booking.day_of(wish.start, zone_of(patient.clinic)), made=now, made_by=by, changed=now,
    )  # fmt: skip
    _kept_by_the_database(made)
    _hold(made, wish)
    return made


def _hold(row: Appointment, wish: Booked) -> None:
    for resource in wish.resources:
        starts, ends = wish.held(resource)
        hold = Hold(appointment=row, resource_id=resource.id, starts=starts, ends=ends, sequence=row.sequence)
        _kept_by_the_database(hold)
    row._prefetched_objects_cache = {}  # type: ignore[attr-defined]  # what it takes is read anew


def _kept_by_the_database(row: Appointment | Hold) -> None:
    """The lock lets nobody in between; should somebody write past it, the database refuses."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NotFree((RACED,)) from None


def _told(row: Appointment) -> dict[str, Any]:
    return {"kind": row.kind, "starts": row.starts.isoformat(), "with": [one.name for one in row.taken]}
