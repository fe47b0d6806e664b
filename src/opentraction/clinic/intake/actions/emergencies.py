"""Somebody acts on an emergency and says what was done."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.in_turn import hold
from opentraction.clinic.intake.models import SeenTo
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput, State

SHORTEST: Final = 10
LONGEST: Final = 500


@transaction.atomic
def see_to(patient: Patient, words: str, told: datetime, *, by: User, now: datetime) -> SeenTo:
    """Keep what was done about everything that was told until `told`. The patient stays stopped.

    Raises BadInput where nothing is open, nothing is said, or something was told since that nobody has read.
    """
    from opentraction.clinic.alarms import alarms_of  # they ask the intake

    roles.require(by, roles.TREAT, of=patient)
    hold(patient)
    open_ = [one for one in alarms_of(patient, now) if one.level == "emergency"]
    if not open_:
        raise BadInput("patient", State("not in an emergency"), "a patient with an emergency")
    if max(one.at for one in open_) > told:
        raise BadInput("patient", State("told more since"), "words about all that stands here now: read it first")
    said = " ".join(words.split())
    if not SHORTEST <= len(said) <= LONGEST:
        raise BadInput("words", said[:60], f"what was done, in {SHORTEST} to {LONGEST} characters")
    row = SeenTo(patient=patient, words=said, by=by, at=now)
    row.save()
    record("saw to emergency", patient, by=by, words=said)
    return row
