"""Answers remembered from one page to the next, while nothing was done to what they are about: `SECONDS` at most.

Every act leaves a row in the record of acts, in its transaction. So the number of the newest act on a patient, or in a
clinic, says whether what was answered before may still be so; it is asked before the answer itself, so that an act
between is seen. An answer as of a moment before that act leaves out what the act did, so it is not kept. After
`SECONDS` everything is asked anew: days turn, and a price list is of no patient. Only pages that look are answered
so; whatever is done asks anew. A web process turns it on; without that nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypeVar, cast

from django.db.models import QuerySet
from django.utils.translation import get_language

from opentraction.clinic.asked_once import asked_once, looking
from opentraction.clinic.models import AuditRow, Clinic, Patient
from opentraction.clinic.models.audit import READ, READ_LIST

Answer = TypeVar("Answer")
SECONDS: Final = 120
MOST: Final = 4000
"""Answers kept; past that all are forgotten."""


class Acts(NamedTuple):
    """The newest act: its number, 0 before the first, and when it was written down."""

    number: int = 0
    at: datetime | None = None


class Memory:
    """Answers by what they are about and the language they are in."""

    def __init__(self) -> None:
        self.on = False
        self._kept: dict[tuple[Any, ...], tuple[Acts, Hashable, datetime, Any]] = {}

    def recall(
        self,
        about: tuple[Hashable, ...],
        acts: Callable[[], Acts],
        when: datetime,
        ask: Callable[[], Answer],
        also: Hashable = None,
    ) -> Answer:
        """The answer as of `when`, as it is remembered while `acts` and `also` are the same, else asked.

        Callers leave it as it is.
        """
        if not (self.on and looking()):
            return ask()
        key, newest = (*about, get_language()), acts()
        before, and_before, asked, answer = self._kept.get(key, (None, None, when, None))
        if (before, and_before) == (newest, also) and when - asked < timedelta(seconds=SECONDS):
            return cast("Answer", answer)
        fresh = ask()
        if newest.at is None or newest.at <= when:
            self._keep(key, (newest, also, when, fresh))
        return fresh

    def _keep(self, key: tuple[Any, ...], answer: tuple[Acts, Hashable, datetime, Any]) -> None:
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = answer


@asked_once
def acts_on(patient: Patient) -> Acts:
    """The newest act on a patient."""
    return _newest(AuditRow.objects.filter(patient=patient))


@asked_once
def acts_in(clinic: int) -> Acts:
    """The newest act in a clinic."""
    return _newest(AuditRow.objects.filter(clinic=clinic))


def clinic_number(clinic: Clinic | int) -> int:
    """Its key, of a row or of the key itself."""
    return clinic if isinstance(clinic, int) else clinic.pk


def _newest(rows: QuerySet[AuditRow]) -> Acts:
    done = rows.exclude(act__in=[READ, READ_LIST]).order_by("-pk")
    return Acts(*(done.values_list("pk", "at").first() or ()))


memory: Final = Memory()
