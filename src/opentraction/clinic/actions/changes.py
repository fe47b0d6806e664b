"""Changing the prescription of a session that is being pulled.

That it was asked is written before the table hears of it; what the table took over, after. Where the answer never came
back, or could not be written, the recording says what was taken over, and it is kept from there.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.treatments import newest_signed, next_plan, still_fits
from opentraction.clinic.models import PlanChange, SignedPlan, TreatmentSession
from opentraction.prescription import Plan
from opentraction.quantities import BadInput

log = logging.getLogger(__name__)


def last_change(session: TreatmentSession) -> PlanChange | None:
    """The latest change of prescription in this session."""
    return PlanChange.objects.filter(session=session).last()


def plan_in_force(session: TreatmentSession) -> Plan:
    """What this session pulls: the plan it was begun with, or what it was changed to last."""
    return plan_of(session, last_change(session))


def plan_of(session: TreatmentSession, last: PlanChange | None) -> Plan:
    """What a session pulls whose latest change is known, for whoever has many."""
    return Plan.from_canonical(last.canonical if last else session.plan.canonical)


def offered(session: TreatmentSession) -> SignedPlan:
    """The signed plan this session may change to: the newest one, if it is not the one in force. Raises BadInput."""
    last = last_change(session)
    now = last.signed if last else session.plan
    newest = newest_signed(session.patient)
    if newest is None or newest == now.prescription:
        rule = "a newer signed one; amend it, sign it, then change here"
        raise BadInput("prescription", f"version {now.prescription.version}, in force already", rule)
    plan = next_plan(newest)
    still_fits(plan, session.patient)
    return plan


@transaction.atomic
def note_change_asked(session: TreatmentSession, signed: SignedPlan, *, by: User) -> None:
    """Before the table is asked: who wants which prescription for which session."""
    roles.require(by, roles.PRESCRIBE, of=session)
    detail: dict[str, Any] = {"version": signed.prescription.version, "signed_sha256": signed.sha256}
    record("ask for change of prescription", session, by=by, **detail)


@transaction.atomic
def change_prescription(session: TreatmentSession, signed: SignedPlan, told: dict[str, Any], *, by: User) -> PlanChange:
    """Keep what the table took over: both prescriptions stay in the record, with the second between them.

    `told` is the table's answer: `plan`, `plan_sha256`, `at_s`. One that the recording told already is not kept twice.
    """
    roles.require(by, roles.PRESCRIBE, of=session)
    _one_at_a_time(session)
    last = last_change(session)
    if last is not None and (last.sha256, last.signed) == (told["plan_sha256"], signed):
        return last
    return _keep(session, signed, told, by)


@transaction.atomic
def take_in_changes(session: TreatmentSession, told: Sequence[dict[str, Any]]) -> int:
    """Keep the changes that the recording tells of and the database missed; the number kept. Harmless to repeat.

    `told` are the data of its events `asked`, in order, each with the whole `canonical` plan.
    """
    _one_at_a_time(session)
    known = [change.sha256 for change in PlanChange.objects.filter(session=session)]
    same = known == [one["plan_sha256"] for one in told[: len(known)]]
    missed = told[len(known) :] if same else [one for one in told if one["plan_sha256"] not in known]
    return sum(_take_in(session, one) for one in missed)


def _take_in(session: TreatmentSession, told: dict[str, Any]) -> bool:
    signed = SignedPlan.objects.filter(
        sha256=told["signed_sha256"], prescription__patient=session.patient, prescription__signed_at__isnull=False
    ).last()
    by = User.objects.filter(username=told["by"]).first()
    if signed is None or by is None:
        log.warning("session %s: a change of prescription in its recording is of nobody here", session.pk)
        return False
    _keep(session, signed, {**told, "plan": told["canonical"]}, by, from_recording=True)
    return True


def _one_at_a_time(session: TreatmentSession) -> None:
    """Two writers of one session's changes wait for each other."""
    TreatmentSession.objects.select_for_update(of=("self",)).get(pk=session.pk)


def _keep(session: TreatmentSession, signed: SignedPlan, told: dict[str, Any], by: User, **more: Any) -> PlanChange:
    change = PlanChange(
        session=session,
        signed=signed,
        canonical=told["plan"],
        sha256=told["plan_sha256"],
        at_s=float(told["at_s"]),
        by=by,
    )
    change.save()
    detail: dict[str, Any] = {"at_s": change.at_s, "version": signed.prescription.version}
    detail["signed_sha256"] = signed.sha256
    record("change prescription of session", session, by=by, **detail, plan_sha256=change.sha256, **more)
    return change
