"""Every table of the installation, from Django's own registry, so that a wing added later is never forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.apps import apps
from django.db import connection, models, transaction

Table = type[models.Model]
NOT_CARRIED: Final = frozenset({"sessions.Session", "clinic.Seat"})
"""Who is signed in at which browser: everybody signs in anew on another database."""


def tables() -> list[Table]:
    """All that are carried, by name."""
    known = apps.get_models(include_auto_created=True)
    ours = [one for one in known if one._meta.managed and one._meta.label not in NOT_CARRIED]
    return sorted(ours, key=lambda one: one._meta.label)


def columns(table: Table) -> list[models.Field[Any, Any]]:
    """The columns that hold something, by name."""
    fields = [one for one in table._meta.local_concrete_fields if not getattr(one, "generated", False)]
    return sorted(fields, key=lambda one: one.attname)


def rows_of(table: Table) -> models.QuerySet[Any]:
    """All rows, whatever the model's own manager hides."""
    return models.QuerySet(table)


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is of one moment, and nobody waits: on SQLite writers go on beside a reader."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
