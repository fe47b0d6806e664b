"""Reading the record of acts: what an auditor of one clinic may see, filtered, paged, and as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT

from opentraction.clinic import roles
from opentraction.clinic.days import zone_of
from opentraction.clinic.models import AuditRow
from opentraction.clinic.models.audit import COLUMNS, READ, READ_LIST
from opentraction.clinic.models.clinic import first_clinic
from opentraction.quantities import BadInput

A_PAGE: Final = 100
KINDS: Final = {"": "acts and reads", "acts": "acts only", "reads": "reads only"}


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see of it."""

    patient: str = ""
    user: str = ""
    act: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None

    @classmethod
    def read(cls, words: Mapping[str, str]) -> Asked:
        """From the words of an address. Raises BadInput."""
        plain = {name: words.get(name, "").replace("\0", "").strip()[:80] for name in ("patient", "user", "act")}
        kind, before = words.get("kind", ""), words.get("before", "")
        if kind not in KINDS:
            raise BadInput("kind", kind, "one of acts, reads")
        if before and not (before.isascii() and before.isdecimal() and len(before) < 19):
            raise BadInput("before", before, "the number of a row")
        days = _day("since", words.get("since", "")), _day("until", words.get("until", ""))
        return cls(**plain, kind=kind, since=days[0], until=days[1], before=int(before) if before else None)

    def words(self) -> str:
        """The same as the words of an address, without the place in it."""
        said = {name: str(value) for name, value in vars(self).items() if value and name != "before"}
        return urlencode(said)

    def of(self, user: roles.Anyone) -> QuerySet[AuditRow]:
        """The rows, newest first."""
        place = roles.place_of(user)
        rows = rows_seen(user).select_related("by").order_by("-id")
        zone: tzinfo = zone_of(place.clinic) if place else UTC
        for condition in self._conditions(zone):
            rows = rows.filter(condition)
        return rows

    def _conditions(self, zone: tzinfo) -> Iterator[Q]:
        if self.patient:
            number = self.patient.upper().removeprefix("P-").lstrip("0")
            named = f"P-{int(number):03d}" if number.isascii() and number.isdecimal() and len(number) < 10 else "none"
            in_list = Q(act=READ_LIST, pk__in=AuditRow.objects.annotate(named=KT("detail__patients")).filter(
                act=READ_LIST, named__contains=f'"{named}"').values("pk"))  # fmt: skip
            yield Q(patient__number=int(named[2:]) if named != "none" else -1) | in_list
        if self.user:
            yield Q(by__username__iexact=self.user)
        if self.act:
            yield Q(act__istartswith=self.act)
        if self.kind:
            reads = Q(act__in=[READ, READ_LIST])
            yield reads if self.kind == "reads" else ~reads
        if self.since:
            yield Q(at__gte=datetime.combine(self.since, time.min, zone))
        if self.until:
            yield Q(at__lt=datetime.combine(self.until + timedelta(days=1), time.min, zone))
        if self.before:
            yield Q(pk__lt=self.before)


def rows_seen(user: roles.Anyone) -> QuerySet[AuditRow]:
    """The rows of the clinic where this auditor acts; rows of no clinic are for those of the first."""
    place = roles.place_of(user)
    if place is None or roles.AUDIT not in place.acts:
        return AuditRow.objects.none()
    ours = Q(clinic=place.clinic)
    return AuditRow.objects.filter(ours | Q(clinic=None) if place.clinic == first_clinic() else ours)


def lines(rows: QuerySet[AuditRow]) -> Iterator[str]:
    """Each row as one line of JSON with everything its hash covers, oldest first."""
    for said in rows.order_by("id").values(*COLUMNS, "by__username").iterator(1000):
        yield json.dumps(said | {"at": said["at"].isoformat()}, sort_keys=True) + "\n"


def _day(where: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(where, text, "a day such as 2026-03-04") from None


def page_of(asked: Asked, user: roles.Anyone) -> tuple[list[Any], int | None]:
    """One page of rows, and where the next begins; None where none follows."""
    rows = list(asked.of(user)[: A_PAGE + 1])
    return rows[:A_PAGE], rows[A_PAGE - 1].pk if len(rows) > A_PAGE else None
