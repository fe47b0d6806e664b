"""Putting a legal hold on a patient's record, and lifting it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.models import Patient
from opentraction.clinic.records.models import LegalHold
from opentraction.clinic.records.models.legal_hold import hold_on
from opentraction.quantities import BadInput, State

LONGEST = 400


@transaction.atomic
def turn_hold(patient: Patient, held: bool, reason: str, *, by: User, now: datetime) -> LegalHold:
    """From now on the record is held, or is not. Raises BadInput without a reason, or where it is so already."""
    roles.require(by, roles.MANAGE, of=patient)
    plain = reason.replace("\0", "").strip()
    if not plain or len(plain) > LONGEST:
        raise BadInput("reason", State("nothing" if not plain else "too long"), f"1 to {LONGEST} characters")
    if (hold_on(patient) is not None) == held:
        raise BadInput("hold", State("on already" if held else "not on"), "the other way")
    one = LegalHold(patient=patient, held=held, reason=plain, at=now, by=by)
    one.save()
    record("put on legal hold" if held else "lift legal hold", one, by=by)
    return one
