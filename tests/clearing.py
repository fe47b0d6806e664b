"""A person who may be treated: the clearance that a console sends with a binding, for tests of what comes after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from opentraction.patient import Patient
from opentraction.prescription import Plan
from opentraction.screening import Clearance

HASH = "a" * 64


def binding_of(plan: Plan, person: Patient) -> dict[str, Any]:
    """The words of a binding that the table takes."""
    cleared = clearance(plan)
    return {
        "plan": plan.canonical(),
        "plan_sha256": plan.sha256,
        "patient": person.document(),
        "clearance": cleared,
    }


def clearance(plan: Plan, now: datetime | None = None, **changes: Any) -> dict[str, Any]:
    """Cleared an hour ago for `plan`; `changes` are fields of `Clearance` that are otherwise."""
    when = (now or datetime.now(UTC)) - timedelta(hours=1)
    cleared = Clearance(
        region=plan.region,
        action="OK",
        screened="OK",
        limits=(),
        verdict_sha256=HASH,
        decided=when.date(),
        valid_until=when.date() + timedelta(days=28),
        ends_at=datetime.combine(when.date() + timedelta(days=29), time.min, UTC),
        visit_action="OK",
        visit_at=when,
        visit_sha256=HASH,
        overridden_by="",
        override_sha256="",
        consent_version="2026-11",
        consent_sha256=HASH,
        consent_region=plan.region,
        consent_signed_at=when,
        plan_sha256=plan.sha256,
    )
    return replace(cleared, **changes).document()
