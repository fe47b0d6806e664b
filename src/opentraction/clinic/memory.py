"""Answers remembered from one page to the next, while nothing was done to what they are about: `SECONDS` at most.

Every act leaves a row in the record of acts, in its transaction. So the number of the newest act on a patient, or in a
clinic, says whether what was answered before may still be so; it is asked before the answer itself, so that an act
between is seen. After `SECONDS` everything is asked anew: days turn, and a price list is of no patient. Only pages that
look are answered so; whatever is done asks anew. A web process turns it on; without that nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from django.db.models import Max, QuerySet
from django.utils.translation import get_language

from opentraction.clinic.asked_once import asked_once, looking
from opentraction.clinic.models import AuditRow, Clinic, Patient
from opentraction.clinic.models.audit import READ, READ_LIST

Answer = TypeVar("Answer")
SECONDS: Final = 120
MOST: Final = 4000
"""Answers kept; past that all are forgotten."""


class Memory:
    """Answers by what they are about and the language they are in."""

    def __init__(self) -> None:
        self.on = False
        self._kept: dict[tuple[Any, ...], tuple[Hashable, datetime, Any]] = {}

    def recall(
        self, about: tuple[Hashable, ...], stamp: Callable[[], Hashable], when: datetime, ask: Callable[[], Answer]
    ) -> Answer:
        """The answer as it is remembered where `stamp` is the same, else asked. Callers leave it as it is."""
        if not (self.on and looking()):
            return ask()
        key, now = (*about, get_language()), stamp()
        before, asked, answer = self._kept.get(key, (None, when, None))
        if before == now and when - asked < timedelta(seconds=SECONDS):
            kept: Answer = answer
            return kept
        fresh = ask()
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = (now, when, fresh)
        return fresh


@asked_once
def acts_on(patient: Patient) -> int:
    """The number of the newest act on a patient; 0 before the first."""
    return _newest(AuditRow.objects.filter(patient=patient))


@asked_once
def acts_in(clinic: int) -> int:
    """The number of the newest act in a clinic; 0 before the first."""
    return _newest(AuditRow.objects.filter(clinic=clinic))


def clinic_number(clinic: Clinic | int) -> int:
    """Its key, of a row or of the key itself."""
    return clinic if isinstance(clinic, int) else clinic.pk


def _newest(rows: QuerySet[AuditRow]) -> int:
    return rows.exclude(act__in=[READ, READ_LIST]).aggregate(last=Max("pk"))["last"] or 0


memory: Final = Memory()
