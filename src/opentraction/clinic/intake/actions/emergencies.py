"""Somebody acts on an emergency and says what was done."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.in_turn import hold
from opentraction.clinic.intake.models import SeenAlarm, SeenTo
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput, State, check_line

if TYPE_CHECKING:
    from opentraction.clinic.alarms import Told

FEWEST: Final = 8
LONGEST: Final = 500


@transaction.atomic
def see_to(patient: Patient, words: str, told: AbstractSet[Told], *, by: User, now: datetime) -> SeenTo:
    """Keep what was done about all that stands, which is what was `told` on the page. The patient stays stopped.

    Raises BadInput where nothing is open, nothing is said, or something was told that nobody has read.
    """
    from opentraction.clinic.alarms import alarms_of, told_in  # they ask the intake

    roles.require(by, roles.TREAT, of=patient)
    hold(patient)
    open_ = told_in(alarms_of(patient, now))
    if not open_:
        raise BadInput("patient", State("not in an emergency"), "a patient with an emergency")
    if not open_ <= told:
        raise BadInput("patient", State("told more since"), "words about all that stands here now: read it first")
    said = check_line(" ".join(words.split()), "words", LONGEST)
    if sum(letter.isalnum() for letter in said) < FEWEST:
        raise BadInput("words", said[:60], f"what was done, in at least {FEWEST} letters")
    row = SeenTo(patient=patient, words=said, by=by, at=now)
    row.save()
    for one in sorted(open_):
        SeenAlarm(seen_to=row, kind=one.kind, number=one.number, time=one.time).save()
    record("saw to emergency", row, by=by, alarms=[" ".join(map(str, one)) for one in sorted(open_)])
    return row
