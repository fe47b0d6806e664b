"""Adverse events are reported, corrected, followed up and told to whom it may concern."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from opentraction.care.adverse import AdverseEvent, holds, response, taxonomy
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient, TreatmentSession
from opentraction.clinic.outcomes.actions.answering import check_why
from opentraction.clinic.outcomes.models import AdverseEventRow, FollowUp, ReportMade
from opentraction.clinic.outcomes.models.adverse import CLOSED, OPEN
from opentraction.quantities import BadInput


@transaction.atomic
def report_event(
    patient: Patient,
    event: AdverseEvent,
    session: TreatmentSession | None,
    *,
    by: User,
    replaces: AdverseEventRow | None = None,
    because: str = "",
) -> AdverseEventRow:
    """Keep an event as told. A correction has the `uid` of what it corrects. Raises BadInput."""
    roles.require(by, roles.OUTCOMES, of=patient)
    if session is not None and session.patient_id != patient.pk:
        raise BadInput("session", "of another patient", "a session of this patient, or none")
    if replaces is not None and replaces.holds and not holds(event.kind, event.severity, event.serious):
        roles.require(by, roles.OVERRIDE, of=patient)  # a correction that takes a stop away is a clinician's
    row = AdverseEventRow(
        uid=UUID(event.uid), patient=patient, session=session, kind=event.kind, severity=event.severity,
        serious=event.serious, onset=event.onset, reported=event.reported, canonical=event.canonical(),
        sha256=event.sha256, by=by, at=timezone.now(), **_correcting(replaces, because),
    )  # fmt: skip
    row.save()
    told: dict[str, Any] = {"kind": row.kind, "severity": row.severity, "serious": row.serious, "sha256": row.sha256}
    record("correct adverse event" if replaces else "report adverse event", row, by=by, **told, **_why(row))
    return row


@transaction.atomic
def withdraw_event(row: AdverseEventRow, because: str, *, by: User) -> AdverseEventRow:
    """An event that did not happen, or not to this patient: it stays, but counts no more. Raises BadInput."""
    roles.require(by, roles.OVERRIDE if row.holds else roles.OUTCOMES, of=row)
    same = ("uid", "patient", "session", "kind", "severity", "serious", "onset", "reported", "canonical", "sha256")
    gone = AdverseEventRow(
        by=by,
        at=timezone.now(),
        withdrawn=True,
        **_correcting(row, because),
        **{name: getattr(row, name) for name in same},
    )
    gone.save()
    record("withdraw adverse event", gone, by=by, **_why(gone))
    return gone


@transaction.atomic
def follow_up(row: AdverseEventRow, *, looked: date, outcome: str, status: str, words: str, by: User) -> FollowUp:
    """Somebody looked again. One that holds the treatment up is closed by a clinician, and never while it is not over.

    Raises BadInput.
    """
    roles.require(by, roles.OUTCOMES, of=row)
    if hasattr(row, "replaced_by") or row.withdrawn:
        raise BadInput("event", "corrected already", "the event that counts; open that one")
    _check_day(looked, row)
    said = " ".join(words.split())
    if not 3 <= len(said) <= 2000:
        raise BadInput("words", said or "empty", "what was found, in 3 to 2000 letters")
    now = replace(row.event, outcome=outcome)
    _check_status(row, now, status, by)
    look = FollowUp(event=row, looked=looked, outcome=outcome, status=status, words=said, by=by, at=timezone.now())
    look.save()
    record("follow up adverse event", look, by=by, status=status, outcome=outcome, looked=looked.isoformat())
    return look


def _check_status(row: AdverseEventRow, now: AdverseEvent, status: str, by: User) -> None:
    if status not in {OPEN, CLOSED}:
        raise BadInput("status", status, f"one of {OPEN}, {CLOSED}")
    if status == CLOSED and row.holds:
        roles.require(by, roles.OVERRIDE, of=row)
    if status == CLOSED and not now.ended:
        over = ", ".join(taxonomy().outcomes[one] for one in sorted(taxonomy().ended))
        raise BadInput("status", "closed while it goes on", f"open, or an outcome that ends it: {over}")


def _check_day(looked: date, row: AdverseEventRow) -> None:
    first, today = day_at(row.patient.clinic, row.onset), day_at(row.patient.clinic, timezone.now())
    if not first <= looked <= today:
        raise BadInput("looked", looked.isoformat(), f"a day from {first.isoformat()} to {today.isoformat()}")


@transaction.atomic
def made_report(row: AdverseEventRow, *, duty: str, told: date, words: str, by: User) -> ReportMade:
    """Somebody was told, because a duty may ask for it. Raises BadInput."""
    roles.require(by, roles.OUTCOMES, of=row)
    due = {one.duty: one for one in response(row.event).reports}
    if duty not in due:
        raise BadInput("duty", duty, "one of " + (", ".join(due) or "none: no duty is known for this event"))
    _check_day(told, row)
    said = " ".join(words.split())
    if not 3 <= len(said) <= 300:
        raise BadInput("words", said or "empty", "whom you told and how, in 3 to 300 letters")
    made = ReportMade(event=row, duty=duty, told=told, words=said, by=by, at=timezone.now())
    made.save()
    record("tell of adverse event", made, by=by, duty=duty, told=told.isoformat())
    return made


def _correcting(replaces: AdverseEventRow | None, because: str) -> dict[str, Any]:
    if replaces is None:
        return {}
    if hasattr(replaces, "replaced_by"):
        raise BadInput("event", "corrected already", "the event that counts; correct that one")
    return {"replaces": replaces, "because": check_why(because)}


def _why(row: AdverseEventRow) -> dict[str, Any]:
    return {"because": row.because, "instead_of": row.replaces_id} if row.replaces_id else {}
