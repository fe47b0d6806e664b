"""The export of a whole installation: what two databases must agree on, byte for byte.

JSON lines. The first names the form and the migrations; each table is a head (name, columns), its rows in the order of
their keys, and an end (count, SHA-256 of the rows); the last line counts everything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Final

from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

from opentraction.clinic.records.spelling import line, spell
from opentraction.clinic.records.tables import Table, columns, one_moment, rows_of, tables

FORM: Final = 1
AT_A_TIME: Final = 2000


@dataclass
class Whole:
    """What was exported: rows by table, and the SHA-256 of every byte."""

    sha256: str = ""
    bytes: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def export_whole(file: IO[bytes] | None = None) -> Whole:
    """Write all rows of one moment, or only hash them."""
    whole, sha256 = Whole(), hashlib.sha256()
    with one_moment():
        for said in _lines(whole):
            sha256.update(said)
            whole.bytes += len(said)
            if file is not None:
                file.write(said)
    whole.sha256 = sha256.hexdigest()
    return whole


def migrations() -> list[str]:
    """The migrations this database has had."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _lines(whole: Whole) -> Iterator[bytes]:
    yield line({"opentraction": "whole", "form": FORM, "migrations": migrations()})
    for table in tables():
        yield from _table(table, whole)
    yield line({"end": "whole", "tables": len(whole.counts), "rows": whole.rows})


def _table(table: Table, whole: Whole) -> Iterator[bytes]:
    name, fields, sha256, count = table._meta.label, columns(table), hashlib.sha256(), 0
    yield line({"table": name, "columns": [one.attname for one in fields]})
    for row in _rows(table, fields):
        said = line([spell(one, value) for one, value in zip(fields, row, strict=True)])
        sha256.update(said)
        count += 1
        yield said
    whole.counts[name] = count
    yield line({"end": name, "rows": count, "sha256": sha256.hexdigest()})


def _rows(table: Table, fields: list[models.Field[Any, Any]]) -> Iterator[tuple[Any, ...]]:
    """In the order of the key; words are put in order here, for each database has its own alphabet."""
    rows = rows_of(table).order_by("pk").values_list(*(one.attname for one in fields))
    if isinstance(table._meta.pk, models.CharField):
        at = next(n for n, one in enumerate(fields) if one.primary_key)
        return iter(sorted(rows, key=lambda row: str(row[at])))
    return rows.iterator(AT_A_TIME)
