"""A patient's road remembered for two minutes: whoever turns the pages of one patient asks forty questions once.

It is forgotten with the next act on this patient (every act leaves a row in the record of acts, in its transaction),
with what is bound to the table, and after `SECONDS` in any case: days turn, and a price list is of no patient. The road
only says what to do next; whatever is done asks anew. A web process turns it on; without that nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Max
from django.utils.translation import get_language

from opentraction.clinic import roles
from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.models.audit import READ, READ_LIST

SECONDS: Final = 120
MOST: Final = 2000
"""Roads kept; past that all are forgotten."""


class RoadMemory:
    """Roads by patient, by what their reader may do and in which language."""

    def __init__(self) -> None:
        self.on = False
        self._roads: dict[tuple[Any, ...], tuple[tuple[Any, ...], datetime, Sequence[Any]]] = {}

    def recall(
        self, patient: Patient, user: roles.Anyone, when: datetime, ask: Callable[[], Sequence[Any]]
    ) -> Sequence[Any]:
        """The road as it is remembered, where nothing has happened since; else asked."""
        if not self.on:
            return ask()
        place = roles.place_of(user)
        key = (patient.pk, place.acts if place else None, get_language())
        now = _stamp(patient)
        stamp, asked, steps = self._roads.get(key, (None, when, ()))
        if stamp != now or when - asked >= timedelta(seconds=SECONDS):
            steps = ask()
            if len(self._roads) >= MOST:
                self._roads.clear()
            self._roads[key] = (now, when, steps)
        return steps


def _stamp(patient: Patient) -> tuple[Any, ...]:
    """What changes when the road may have changed. Asked before the road itself, so that an act between is seen."""
    from opentraction.clinic.context import bound_now

    acts = AuditRow.objects.filter(patient=patient).exclude(act__in=[READ, READ_LIST])
    return acts.aggregate(last=Max("pk"))["last"], bound_now()


road_memory = RoadMemory()
