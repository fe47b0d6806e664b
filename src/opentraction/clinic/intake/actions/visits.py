"""The check on the day of a session."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction import screening
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.intake.actions.intakes import LONGEST_REASON, begin
from opentraction.clinic.intake.models import VisitCheckRow
from opentraction.clinic.models import Patient
from opentraction.screening import Answer

ONLY_TODAY: Final = frozenset({"V6"})
"""Rules that forbid today and leave the screening as it is: pain that is too strong passes."""


@transaction.atomic
def check_visit(
    patient: Patient, region: str, answers: Mapping[str, Answer], *, by: User, now: datetime
) -> VisitCheckRow:
    """What the six answers of today say, kept; what has changed opens a new intake as well. Raises BadInput."""
    roles.require(by, roles.TREAT, of=patient)
    made = screening.visit_check(answers, region, now)
    pain = answers.get("today_pain")
    row = VisitCheckRow(
        patient=patient,
        region=region,
        action=made.action.name,
        pain=int(pain) if isinstance(pain, int | float) and not isinstance(pain, bool) else None,
        at=made.at,
        by=by,
        canonical=made.canonical(),
        sha256=made.sha256,
    )
    row.save()
    record("check visit", row, by=by, action=row.action, pain=row.pain)
    changed = [reason.clinical for reason in made.reasons if reason.known and reason.rule not in ONLY_TODAY]
    if changed:
        begin(patient, region, by=by, now=now, because=changed[0][:LONGEST_REASON])
    return row
