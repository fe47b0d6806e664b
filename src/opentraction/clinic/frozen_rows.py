"""Frozen tables: the triggers they have, how lost ones come back, and the one way past them.

What is signed, noted or kept is refused an UPDATE or DELETE by the database itself. Django rebuilds a table on SQLite
when a migration changes its columns, and its triggers go without a word: end such a migration with `put_back`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

SAYS: Final = "this row is kept as it was written"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One of them: its name, the table, what it refuses, and on which rows (empty: all)."""

    name: str
    table: str
    act: str
    when: str = ""

    def sql(self, vendor: str) -> str:
        """As the migrations make it."""
        condition = f"WHEN ({self.when})" if self.when else ""
        head = f"CREATE TRIGGER {self.name} BEFORE {self.act} ON {self.table} FOR EACH ROW {condition}"
        if vendor == "postgresql":
            return f"{head} EXECUTE FUNCTION clinic_refuse()"
        return f"{head} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"


def there() -> dict[str, str]:
    """Every trigger of the database that is ours to keep, and the table it stands on."""
    return {name: table for name, table, _ in _all()}


def put_back(editor: Any, triggers: Iterable[Trigger]) -> None:
    """Those that are missing, at the end of a migration that changed a frozen table."""
    known = there()
    for one in triggers:
        if one.name not in known:
            editor.execute(one.sql(editor.connection.vendor))


@contextmanager
def let_go(tables: Iterable[str]) -> Iterator[None]:
    """Inside, rows of these tables may be deleted: for a removal that the schedule asks for, and nothing else.

    All of it is one transaction: another connection never sees a table without its triggers. PostgreSQL locks the
    tables until then, SQLite the whole database.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the triggers are let go within a transaction only")
    names = set(tables)
    if connection.vendor == "postgresql":
        yield from _disabled(sorted(names))
        return
    taken = [(name, sql) for name, table, sql in _all() if table in names]
    for name, _sql in taken:
        _execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in taken:
        _execute(sql)


def _disabled(tables: list[str]) -> Iterator[None]:
    _execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks that wait cannot be altered
    for table in tables:
        _execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    _execute("SET CONSTRAINTS ALL DEFERRED")
    yield
    _execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        _execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    _execute("SET CONSTRAINTS ALL DEFERRED")


def _all() -> list[tuple[str, str, str]]:
    """Name, table and (on SQLite) the text of every trigger; on PostgreSQL only those that are switched on."""
    sql = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    if connection.vendor == "postgresql":
        sql = (
            "SELECT t.tgname, c.relname, '' FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgenabled = 'O' ORDER BY t.tgname"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [(name, table, text) for name, table, text in cursor.fetchall()]


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
