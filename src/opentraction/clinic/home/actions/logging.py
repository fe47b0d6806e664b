"""Taking in what a patient logged at home."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care.home import LogEntry, exercises
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.home.models import HomeEntry
from opentraction.clinic.home.standing import met
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput, State

OLDEST: Final = timedelta(days=366)
FAST: Final = timedelta(days=1)
"""So far may a phone's clock be ahead of ours; the entry then counts from when it came."""


@transaction.atomic
def take_entry(patient: Patient, document: Any, *, by: User, now: datetime) -> tuple[HomeEntry, bool]:
    """Keep one entry of a patient's own log; False beside the row that was there already. Raises BadInput.

    An entry of the same id that says something else is refused: nothing that was logged is written over.
    """
    roles.require(by, roles.PORTAL, of=patient)
    entry = LogEntry.from_document(document, exercises())
    if not now - OLDEST <= entry.at <= now + FAST:
        raise BadInput("log.at", entry.at.isoformat(), "a time of the last year, not ahead of today")
    Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    there = HomeEntry.objects.filter(patient=patient, uid=entry.id).first()
    if there is not None:
        if there.document != entry.document():
            raise BadInput("log.id", State("taken by another entry"), "an id of its own for each entry")
        return there, False
    row = HomeEntry(
        patient=patient, uid=entry.id, exercise=entry.exercise, at=min(entry.at, now), received=now,
        document=entry.document(), by=by,
    )  # fmt: skip
    row.save()
    record("log home session", row, by=by, exercise=entry.exercise, done=entry.done, met=[one.id for one in met(entry)])
    return row, True
