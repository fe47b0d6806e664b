"""Is the record of acts whole? An edit, a deletion, another order and a cut-off end are each told, with the place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from opentraction.clinic import head_file
from opentraction.clinic.models.audit import COLUMNS, AuditRow, digest
from opentraction.clinic.models.audit_head import AuditHead

AT_A_TIME: Final = 2000
LATEST: Final = 500
"""What a page checks each time it is opened; the command checks all."""


@dataclass(frozen=True)
class Break:
    """Where it breaks: the row's number, None for the end, and what is wrong there."""

    row: int | None
    why: str


def broken_link(latest: int | None = None) -> Break | None:
    """The first break of the record of acts; None when it is whole. `latest` looks at its last rows only."""
    head, filed = AuditHead.objects.first(), head_file.read()
    length = head.length if head else 0
    count, last = max(0, length - latest) if latest else 0, ""
    if count:
        last = _sha256_before(latest or 0)
    for said in _rows(latest if count else None):
        if said["prev"] != last:
            return Break(said["id"], "it does not follow the row before: rows were taken out, or put in another order")
        if said["sha256"] != digest(said):
            return Break(said["id"], "it was altered")
        count, last = count + 1, said["sha256"]
        if filed and filed.length == count and filed.sha256 != last:
            return Break(said["id"], "the file beside the database knows another row here")
    return _end(head, filed, count, last)


def _end(head: AuditHead | None, filed: head_file.Head | None, count: int, last: str) -> Break | None:
    """The end against what the head and the file say of it."""
    if head is None:
        return Break(None, f"the head is gone; {count} rows are left") if count else None
    if head.length != count:
        return Break(None, f"the end is cut off or put on: {head.length} rows were written, {count} are there")
    if head.sha256 != last:
        return Break(None, "the end is cut off or put on: the last row is not the one that was written last")
    if filed and filed.length > count:
        return Break(None, f"the end is cut off: the file beside the database knows {filed.length} rows, not {count}")
    if head.filed and filed is None:
        return Break(None, f"the file {head_file.NAME} beside the database is gone or was forged")
    return None


def _rows(latest: int | None) -> Iterator[dict[str, Any]]:
    """What each row says, oldest first."""
    rows = AuditRow.objects.values(*COLUMNS)
    if latest is not None:
        yield from reversed(rows.order_by("-id")[:latest])
        return
    yield from rows.order_by("id").iterator(AT_A_TIME)


def _sha256_before(latest: int) -> str:
    """The hash that the last rows follow."""
    before = AuditRow.objects.order_by("-id").values_list("sha256", flat=True)[latest : latest + 1]
    return next(iter(before), "")
