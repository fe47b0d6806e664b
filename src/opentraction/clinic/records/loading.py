"""Putting a whole export into an empty database: all of it or nothing, and compared before it counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from opentraction.clinic import head_file
from opentraction.clinic.chain import broken_link
from opentraction.clinic.models import AuditHead
from opentraction.clinic.records.spelling import unspell
from opentraction.clinic.records.tables import Table, columns, rows_of, tables
from opentraction.clinic.records.whole import AT_A_TIME, FORM, Whole, export_whole, migrations
from opentraction.quantities import BadInput, State

SEEDED = ("auth.Permission", "contenttypes.ContentType", "clinic.Clinic")
"""What migrations put into a new database; nobody has worked there."""


def load_whole(file: IO[bytes]) -> Whole:
    """Put every row in. Raises BadInput for a database in use, a torn or altered export, or one of another version."""
    refuse_what_is_used()
    try:
        with transaction.atomic():
            return _load(file)
    except DatabaseError as error:
        why = str(error).strip().split("\n")[0]
        raise BadInput(
            "database", State("a row was refused"), f"rows that fit it; nothing was put in ({why})"
        ) from None


def refuse_what_is_used() -> None:
    """Raises BadInput unless the database is empty, or as migrations leave it."""
    there = set(connection.introspection.table_names())
    if there and MigrationRecorder.Migration._meta.db_table not in there:
        raise BadInput("database", State("of something else"), "an empty one")
    for table in tables():
        if table._meta.db_table not in there:
            continue
        most = {"clinic.Clinic": 1}.get(table._meta.label, 0)
        seeded = table._meta.label in SEEDED and not most
        if not seeded and rows_of(table).count() > most:
            allowed = f"one in which nothing was kept yet; this one holds rows of {table._meta.label}"
            raise BadInput("database", State("in use"), allowed)


def _load(file: IO[bytes]) -> Whole:
    _empty()
    export = _Export(file)
    for table, rows in export.tables():
        while some := list(islice(rows, AT_A_TIME)):
            _insert(table, columns(table), some)
    connection.check_constraints()
    _number_on()
    found = export_whole()
    if found.sha256 != export.sha256.hexdigest():
        raise BadInput("export", State("not equal to what it became"), "a database that keeps every value as it is")
    check_chain()
    return found


def check_chain() -> None:
    """The record of acts and its head. A new installation's file beside the database begins here. Raises BadInput."""
    head = AuditHead.objects.first()
    if head is not None and not head_file.path().exists():
        head_file.write(head_file.Head(head.length, head.sha256))
    broken = broken_link()
    if broken is not None:
        where = f"row {broken.row}" if broken.row else "its end"
        raise BadInput("record of acts", State(f"not whole at {where}: {broken.why}"), "a record that is whole")


class _Export:
    """An export as it is read: each table is checked against its end, and the whole against its last line."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.sha256, self.at = file, hashlib.sha256(), 0

    def tables(self) -> Iterator[tuple[Table, Iterator[list[Any]]]]:
        """Each table with its rows, which are read to their end before the next. Raises BadInput."""
        _fits(self._said(self._line()))
        while "table" in (head := self._said(self._line())):
            yield _known(head), self._rows()
        if head.get("end") != "whole" or self.file.readline():
            raise _torn(self.at)

    def _rows(self) -> Iterator[list[Any]]:
        count, sha256 = 0, hashlib.sha256()
        while (line := self._line()).startswith(b"["):
            sha256.update(line)
            count += 1
            yield self._said(line)
        end = self._said(line)
        if (end.get("rows"), end.get("sha256")) != (count, sha256.hexdigest()):
            raise _torn(self.at)

    def _line(self) -> bytes:
        line = self.file.readline()
        self.sha256.update(line)
        self.at += 1
        return line

    def _said(self, line: bytes) -> Any:
        try:
            one = json.loads(line)
        except ValueError:
            raise _torn(self.at) from None
        if not isinstance(one, list if line.startswith(b"[") else dict):
            raise _torn(self.at)
        return one


def _torn(at: int) -> BadInput:
    return BadInput("export", State(f"torn or altered at line {at}"), "the file as it was written")


def _fits(head: dict[str, Any]) -> None:
    if head.get("form") != FORM or head.get("migrations") != migrations():
        allowed = "one made by the same version of OpenTraction; restore with that version, then bring it up to date"
        raise BadInput("export", State("of another version"), allowed)


def _known(head: dict[str, Any]) -> Table:
    table: Table = apps.get_model(head["table"])
    if [one.attname for one in columns(table)] != head["columns"]:
        raise BadInput("export", State("of another version"), f"the columns of {head['table']} as they are now")
    return table


def _insert(table: Table, fields: list[models.Field[Any, Any]], rows: list[list[Any]]) -> None:
    """Insert only, past every default, so that times and keys stay as they were."""
    name = connection.ops.quote_name
    into = ", ".join(name(str(one.column)) for one in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {name(table._meta.db_table)} ({into}) VALUES ({marks})"  # noqa: S608 (names from the models)
    with connection.cursor() as cursor:
        cursor.executemany(sql, [_ready(table, fields, row) for row in rows])


def _ready(table: Table, fields: list[models.Field[Any, Any]], row: list[Any]) -> list[Any]:
    try:
        pairs = zip(fields, row, strict=True)
        return [one.get_db_prep_save(unspell(one, said), connection) for one, said in pairs]
    except (ValidationError, ValueError, TypeError):
        raise BadInput(
            "export", State(f"a row of {table._meta.label} that cannot be read"), "rows as written"
        ) from None


def _empty() -> None:
    """Take out what migrations put in; the export brings its own."""
    for label in SEEDED:
        rows_of(apps.get_model(label))._raw_delete(connection.alias)


def _number_on() -> None:
    """The next row gets the number after the last."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(sql)
