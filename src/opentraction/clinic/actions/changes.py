"""Changing the prescription of a session that is being pulled."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.treatments import newest_signed, next_plan, still_fits
from opentraction.clinic.models import PlanChange, SignedPlan, TreatmentSession
from opentraction.prescription import Plan
from opentraction.quantities import BadInput


def last_change(session: TreatmentSession) -> PlanChange | None:
    """The latest change of prescription in this session."""
    return PlanChange.objects.filter(session=session).last()


def plan_in_force(session: TreatmentSession) -> Plan:
    """What this session pulls: the plan it was begun with, or what it was changed to last."""
    last = last_change(session)
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
def change_prescription(session: TreatmentSession, signed: SignedPlan, told: dict[str, Any], *, by: User) -> PlanChange:
    """Keep what the table took over: both prescriptions stay in the record, with the second between them.

    `told` is the table's answer: `plan`, `plan_sha256`, `at_s`.
    """
    roles.require(by, roles.PRESCRIBE)
    change = PlanChange(
        session=session,
        signed=signed,
        canonical=told["plan"],
        sha256=told["plan_sha256"],
        at_s=float(told["at_s"]),
        by=by,
    )
    change.save()
    detail = {"at_s": change.at_s, "version": signed.prescription.version, "signed_sha256": signed.sha256}
    record("change prescription of session", session, by=by, **detail, plan_sha256=change.sha256)
    return change
