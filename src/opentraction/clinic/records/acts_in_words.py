"""Who did and read what of a patient, in words a patient can read: an accounting of every look and every act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT

from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.models.audit import READ, READ_LIST


def acts_in_words(patient: Patient) -> list[dict[str, str]]:
    """Oldest first: when (UTC), who, what was done. Of a list only that this patient stood in it, nobody else."""
    return [_said(row) for row in rows_about(patient).select_related("by").iterator(1000)]


def rows_about(patient: Patient) -> QuerySet[AuditRow]:
    """The acts on this patient's rows, and the lists that the patient stood in."""
    named = AuditRow.objects.annotate(named=KT("detail__patients"))
    lists = named.filter(act=READ_LIST, named__contains=f'"{patient.pseudonym}"').values("pk")
    return AuditRow.objects.filter(Q(patient=patient) | Q(pk__in=lists)).order_by("id")


def _said(row: AuditRow) -> dict[str, str]:
    who = (row.by.get_full_name() or row.by.get_username()) if row.by else str(row.detail.get("author", "the system"))
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    return {"at": at, "who": who, "what": ", ".join(_what(row))}


def _what(row: AuditRow) -> Iterator[str]:
    what = str(row.detail.get("what", ""))
    if row.act == READ:
        yield f"opened {what or row.subject}"
    elif row.act == READ_LIST:
        yield f"saw a list: {what or 'patients'}"
    else:
        yield f"{row.act} ({row.subject})"
    if emergency := row.detail.get("emergency"):
        yield f"in an emergency, from {emergency}"
    yield from _changed(row.detail)


def _changed(detail: dict[str, Any]) -> Iterator[str]:
    """What a change was, where the row keeps it: the value before and after."""
    was, now = detail.get("was"), detail.get("now")
    if isinstance(was, dict) and isinstance(now, dict):
        for name in sorted(set(was) | set(now)):
            yield f"{name.replace('_', ' ')}: {_value(was.get(name))} became {_value(now.get(name))}"


def _value(value: Any) -> str:
    return "nothing" if value is None else f"{value}"
