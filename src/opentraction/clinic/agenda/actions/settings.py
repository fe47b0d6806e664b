"""The clinic's hours, closures, and what can be booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care import booking
from opentraction.care.booking import Closure, Hours
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.agenda.models import ClosureRow, Opening, ResourceRow
from opentraction.clinic.models import Clinic
from opentraction.quantities import BadInput, State, check_line

NAME, WHY = 40, 120


@transaction.atomic
def write_hours(clinic: Clinic, document: Mapping[str, str], *, by: User, now: datetime) -> Opening:
    """The hours of the week, from now on. What is booked already stays. Raises BadInput."""
    roles.require(by, roles.MANAGE, of=clinic)
    hours = Hours.from_document(document)
    row = Opening.objects.select_for_update().filter(clinic=clinic).first() or Opening(clinic=clinic)
    was = row.document
    row.document, row.changed, row.changed_by = hours.document(), now, by
    row.save()
    record("write hours", row, by=by, was=was, now=row.document)
    return row


@transaction.atomic
def close_days(clinic: Clinic, closure: Closure, *, by: User) -> ClosureRow:
    """Close the clinic for some days. What is booked then stays, and is shown to be moved."""
    roles.require(by, roles.MANAGE, of=clinic)
    check_line(closure.why, "why", 80)
    span = closure.span
    row = ClosureRow(clinic=clinic, first=closure.first, last=closure.last, why=closure.why)
    row.opens, row.closes = (span.opens, span.closes) if span else (None, None)
    row.save()
    record("close days", row, by=by, why=closure.why)
    return row


@transaction.atomic
def lift_closure(row: ClosureRow, *, by: User, now: datetime) -> ClosureRow:
    """The clinic is open after all."""
    roles.require(by, roles.MANAGE, of=row)
    if row.lifted is None:
        row.lifted = now
        row.save()
        record("lift closure", row, by=by)
    return row


@transaction.atomic
def add_resource(
    clinic: Clinic, kind: str, name: str, *, by: User, user: User | None = None, takes: Sequence[str] = ()
) -> ResourceRow:
    """Something more to book. Raises BadInput."""
    roles.require(by, roles.MANAGE, of=clinic)
    if kind not in booking.RESOURCES:
        raise BadInput("kind", kind, "one of " + ", ".join(booking.RESOURCES))
    for one in takes:
        booking.kind(one)
    _named(clinic, name)
    if user is not None and (kind != "staff" or not user.memberships.filter(clinic=clinic, active=True).exists()):
        raise BadInput("user", user.get_username(), "somebody who works in this clinic, for a column of the staff")
    row = ResourceRow(clinic=clinic, kind=kind, name=name.strip(), user=user, takes=list(takes))
    row.save()
    record("add resource", row, by=by, kind=kind, takes=list(takes))
    return row


@transaction.atomic
def close_resource(resource: ResourceRow, *, by: User) -> ResourceRow:
    """It stands on no page any more. Raises BadInput while something is booked on it."""
    roles.require(by, roles.MANAGE, of=resource)
    row = _locked(resource)
    if row.holds.filter(stands=True, appointment__state__in=[booking.BOOKED, booking.ARRIVED]).exists():
        raise BadInput("resource", State("booked"), "one without appointments; move or cancel those first")
    row.active = False
    row.save()
    record("close resource", row, by=by)
    return row


@transaction.atomic
def out_of_service(resource: ResourceRow, why: str, *, by: User, now: datetime) -> ResourceRow:
    """No bookings from now on, for a reason. What is booked already stays, and is shown to be moved."""
    roles.require(by, roles.BOOK, of=resource)
    why = why.strip()
    if not why:
        raise BadInput("why", State("missing"), "why it is out of service, in a few words")
    check_line(why, "why", WHY)
    row = _locked(resource)
    row.out_since, row.out_why = row.out_since or now, why
    row.save()
    record("out of service", row, by=by, why=why)
    return row


@transaction.atomic
def into_service(resource: ResourceRow, *, by: User) -> ResourceRow:
    """It takes bookings again."""
    roles.require(by, roles.BOOK, of=resource)
    row = _locked(resource)
    was, row.out_since, row.out_why = row.out_why, None, ""
    row.save()
    record("into service", row, by=by, was=was)
    return row


def _locked(resource: ResourceRow) -> ResourceRow:
    return ResourceRow.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=resource.pk)


def _named(clinic: Clinic, name: str) -> None:
    name = name.strip()
    if not name:
        raise BadInput("name", State("missing"), "a name such as Table 2")
    check_line(name, "name", NAME)
    if ResourceRow.objects.filter(clinic=clinic, active=True, name=name).exists():
        raise BadInput("name", name, "a name that is not taken yet")
