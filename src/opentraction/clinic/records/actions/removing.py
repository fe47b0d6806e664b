"""Removing a record whose time has passed: one asks, another confirms with a signature, and then it is gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care.retention import schedule
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.confirming import Confirmed
from opentraction.clinic.actions.signatures import sign_document
from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.records.models import Removal, RemovalRequest
from opentraction.clinic.records.removing import hash_of_record, sessions_of, sweep, take_out
from opentraction.clinic.records.retention import Kept, kept
from opentraction.quantities import BadInput, State

SHORTEST, LONGEST = 10, 400
STANDS: Final = timedelta(days=30)
"""How long a request waits for the second person, and how old a copy may be."""


@transaction.atomic
def ask_removal(patient: Patient, no_copy: str = "", *, by: User, now: datetime) -> RemovalRequest:
    """Ask that a record be removed. A copy was taken out lately, or `no_copy` says why none is. Raises BadInput."""
    roles.require(by, roles.MANAGE, of=patient)
    one = _due(patient, now)
    if open_request(patient, now) is not None:
        raise BadInput("removal", State("asked for already"), "the confirmation of another person")
    rule, copy = schedule()["minor" if one.minor else "record"], _copy(patient, no_copy, now)
    row = RemovalRequest(patient=patient, last_act=one.last_act, until=one.until, copy=copy, at=now, by=by)
    row.rule, row.years = rule.id, rule.years
    row.save()
    record("ask for removal", row, by=by, rule=row.rule, until=row.until.isoformat())
    return row


@transaction.atomic
def remove(request: RemovalRequest, *, by: User, confirmed: Confirmed, now: datetime) -> Removal:
    """The second person signs, and the record goes; the recordings follow once that is on disk. Raises BadInput."""
    roles.require(by, roles.MANAGE, of=request)
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=request.patient_id)
    if by.pk == request.by_id:
        raise BadInput("removal", State("asked for by you"), "the confirmation of another person")
    if open_request(patient, now) != request:
        raise BadInput("removal", State("not waiting any more"), "a request of the last 30 days")
    _due(patient, now)
    sign_document(request, request.canonical(), "reviewed", by=by, confirmed=confirmed, act=roles.MANAGE)
    sha256, sessions = hash_of_record(patient), sessions_of(patient)
    counts = take_out(patient)
    row = Removal(request=request, counts=counts, recordings=sessions, sha256=sha256, at=now, by=by)
    row.save()
    record("remove record", row, by=by, rule=request.rule, rows=row.rows, sessions=len(sessions), sha256=sha256)
    transaction.on_commit(lambda: sweep([row]))
    return row


def open_request(patient: Patient, now: datetime) -> RemovalRequest | None:
    """The request that waits for a second person; None where none does."""
    rows = RemovalRequest.objects.filter(patient=patient, removal=None, at__gt=now - STANDS)
    return rows.order_by("-id").first()


def _due(patient: Patient, now: datetime) -> Kept:
    """How it is kept. Raises BadInput unless its time has passed, nothing holds it and it is still there."""
    one = kept([patient])[0]
    if one.hold is not None:
        raise BadInput("removal", State("held"), "a record on which no legal hold stands")
    if not one.due(now.date()):
        raise BadInput("removal", State("too early"), f"a day after {one.until.isoformat()}, by the schedule")
    if Removal.objects.filter(request__patient=patient).exists():
        raise BadInput("removal", State("done already"), "a record that is still there")
    if patient.sessions.filter(ending="").exclude(started=None).exists():
        raise BadInput("removal", State("in treatment"), "a patient whose sessions have all ended")
    return one


def _copy(patient: Patient, no_copy: str, now: datetime) -> str:
    """What became of a copy: the hash of the last one, else why there is none."""
    last = AuditRow.objects.filter(patient=patient, act="export", at__gt=now - STANDS).order_by("-id").first()
    if last is not None:
        return f"copy of {last.at:%Y-%m-%d}, record.json {last.detail.get('sha256', '')}"
    said = " ".join(no_copy.replace("\0", "").split())
    if not SHORTEST <= len(said) <= LONGEST:
        allowed = f"a copy taken out in the last {STANDS.days} days, or why none is, in {SHORTEST} to {LONGEST} letters"
        raise BadInput("copy", State("missing"), allowed)
    return f"no copy: {said}"[:LONGEST]
