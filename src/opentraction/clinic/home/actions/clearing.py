"""A clinician lets on after a stop."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care.home import ALL
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.home.models import Cleared
from opentraction.clinic.home.standing import standing
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput, State

SHORTEST: Final = 10
LONGEST: Final = 400


@transaction.atomic
def let_on(patient: Patient, exercise: str, reason: str, *, by: User, now: datetime) -> Cleared:
    """From now on `exercise` (`all`: everything) begins anew, from its first dose. Raises BadInput.

    Only what is stopped can be let on; each exercise that was stopped begins anew by itself.
    """
    roles.require(by, roles.OVERRIDE, of=patient)
    Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    stopped = stopped_now(patient, now)
    if exercise not in stopped:
        raise BadInput("exercise", State("not stopped"), "one of " + ", ".join(sorted(stopped) or ["none now"]))
    said = " ".join(reason.split())
    if not SHORTEST <= len(said) <= LONGEST:
        raise BadInput("reason", said, f"what you found and why it may go on, in {SHORTEST} to {LONGEST} letters")
    row = Cleared(patient=patient, exercise=exercise, reason=said, by=by, at=now)
    row.save()
    record("let go on at home", row, by=by, exercise=exercise, reason=said)
    return row


def stopped_now(patient: Patient, now: datetime) -> set[str]:
    """The exercises that are stopped; `all` among them where everything is."""
    here = standing(patient, now)
    return {held.exercise for held in here.stopped} | ({ALL} if here.everything_stopped or here.grave else set())
