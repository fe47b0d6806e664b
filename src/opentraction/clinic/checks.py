"""`check --database default`, which `migrate` asks too: every frozen table has its triggers, none switched off."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Critical, Tags, register
from django.db import DatabaseError, connection

from opentraction.clinic.frozen_rows import there
from opentraction.quantities.toml_file import parse_toml


@cache
def expected() -> dict[str, str]:
    """Every trigger there should be, and its table (`frozen_rows.toml`)."""
    path = Path(__file__).with_name("frozen_rows.toml")
    listed = parse_toml(path.read_text("utf-8"), path.name).table("triggers").data
    return {name: table for table, names in listed.items() for name in names}


def missing(tables: set[str]) -> list[str]:
    """Triggers that these tables should have and do not, by name."""
    found = there()
    return sorted(name for name, table in expected().items() if table in tables and found.get(name) != table)


@register(Tags.database)
def frozen_tables(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Asked of a database whose migrations have all run: before that, tables wait for theirs."""
    if not databases or not _all_migrated():
        return []
    gone = missing(set(connection.introspection.table_names()))
    hint = "End the migration that changed the table with frozen_rows.put_back; until then rows can be altered."
    return [
        Critical(f"The trigger {name} of {expected()[name]} is gone.", hint=hint, id="clinic.C001") for name in gone
    ]


def _all_migrated() -> bool:
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False
