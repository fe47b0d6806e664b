"""Beginning a treatment, noting what was asked of the table, and taking in how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.at_the_table import has_been_there, refuse_while_one_is_open
from opentraction.clinic.clearance import clearance_for
from opentraction.clinic.days import day_at
from opentraction.clinic.in_turn import hold
from opentraction.clinic.models import AuditRow, Patient, Prescription, SignedPlan, TreatmentSession
from opentraction.prescription import Plan
from opentraction.quantities import BadInput
from opentraction.screening import Clearance


@dataclass(frozen=True)
class Outcome:
    """What a finished recording says of its session."""

    ending: str
    cause: str
    started: datetime | None
    ended: datetime | None
    comfort: int | None
    summary: dict[str, Any]
    folder: str


@transaction.atomic
def begin(prescription: Prescription, *, by: User, at_table: str = "") -> TreatmentSession:
    """The next session under a signed prescription, or the one that is open already. Raises BadInput, NotCleared.

    The strap is not on yet. Refused are an older version, a plan that the patient has outgrown, a patient whom nothing
    permits to treat today (`clearance.py`), and one whose last session is not taken in yet. `at_table` is the session
    bound there now, if any: it is open, not ended.
    """
    roles.require(by, roles.TREAT, of=prescription)
    hold(prescription.patient)  # two who begin at once get the same session
    _still_counts(prescription)
    refuse_while_one_is_open(prescription.patient, {at_table})
    plan = next_plan(prescription)
    still_fits(plan, prescription.patient)
    clearance = clearance_for(prescription.patient, plan, timezone.now())
    for waiting in TreatmentSession.objects.filter(plan=plan, ending="", started=None):
        if str(waiting.pk) == at_table or not has_been_there(waiting):
            return waiting
    session = TreatmentSession(patient=prescription.patient, plan=plan, operator=by)
    session.save()
    record("begin session", session, by=by, plan_sha256=plan.sha256, clearance_sha256=clearance.sha256)
    return session


def may_still_bind(session: TreatmentSession, in_set_up: str = "") -> Clearance:
    """What permits it, asked again as the plan goes to the table: a page may have been open for hours. Raises BadInput.

    `in_set_up` is the session that the table sets up now and that this one would replace.
    """
    if session.ending:
        raise BadInput("session", session.ending, "a session that has not ended; begin the next one")
    if has_been_there(session):
        raise BadInput(
            "session", "has been at the table", "a session that is bound for the first time; begin the next one"
        )
    refuse_while_one_is_open(session.patient, {str(session.pk), in_set_up})
    _still_counts(session.plan.prescription)
    due = next_plan(session.plan.prescription)
    if session.plan != due:
        raise BadInput(
            "session", f"number {session.plan.session} of its course", f"number {due.session}; begin that one"
        )
    still_fits(session.plan, session.patient)
    return clearance_for(session.patient, session.plan, timezone.now())


@asked_once
def newest_signed(patient: Patient) -> Prescription | None:
    """The prescription that counts; an older one is kept but no longer treated."""
    return patient.prescriptions.filter(signed_at__isnull=False).first()


def next_plan(prescription: Prescription) -> SignedPlan:
    """The signed plan of the session that comes next; the last one repeats. Raises BadInput when unsigned.

    A set-up that ended before any pull was no treatment, and does not advance the course.
    """
    sessions = TreatmentSession.objects.filter(plan__prescription=prescription)
    treated = sum(session.pulled for session in sessions)
    plans = list(prescription.plans.all())
    if not plans:
        raise BadInput("prescription", f"version {prescription.version}", "a signed prescription; sign it first")
    return plans[min(treated, len(plans) - 1)]


def _still_counts(prescription: Prescription) -> None:
    """An older version is kept, but no longer pulled."""
    if newest_signed(prescription.patient) != prescription:
        raise BadInput("prescription", f"version {prescription.version}", "the newest signed version")


def still_fits(signed: SignedPlan, patient: Patient) -> None:
    """A plan signed for another weight or a higher ceiling is not pulled."""
    plan = Plan.from_canonical(signed.canonical)
    today = patient.as_person(day_at(patient.clinic, timezone.now()))
    amend = "as signed; amend the prescription and sign it again"
    if plan.mass != today.body.mass:
        raise BadInput("body mass", f"{today.body.mass:.1f} kg", f"{plan.mass:.1f} kg, {amend}")
    if plan.ceiling > today.ceiling:
        raise BadInput("ceiling", f"{today.ceiling:.0f} N", f"{plan.ceiling:.0f} N or more, {amend}")


@transaction.atomic
def note_asked(session: TreatmentSession, do: str, detail: dict[str, Any], *, by: User) -> AuditRow:
    """Who asks what of the table, written before it is sent: whatever dies then, the act has its author."""
    return record(f"ask table: {do}", session, by=by, **detail)


@transaction.atomic
def note_answer(asked: AuditRow, session: TreatmentSession, do: str, ok: bool | None, *, by: User) -> None:
    """What the table answered to it; `ok` is None where no answer came, though it may have been heard."""
    record(f"table answered: {do}", session, by=by, ok=ok, asked_in_row=asked.pk)


@transaction.atomic
def note_request(session: TreatmentSession, do: str, detail: dict[str, Any], *, by: User | None) -> None:
    """What a person asked of the table, and what it answered, in one row after the fact: a stop.

    `by=None` where nobody could be looked up; the detail then says what the table was told.
    """
    record(f"ask table: {do}", session, by=by, **detail)


@transaction.atomic
def take_in(session: TreatmentSession, outcome: Outcome) -> bool:
    """Store how a session ended, once; asked again it changes nothing. True when something was stored."""
    stored = TreatmentSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if stored.ending:
        return False
    for name, value in vars(outcome).items():
        setattr(stored, name, value)
    stored.save()
    record("take in recording", stored, by=None, ending=outcome.ending)
    return True
