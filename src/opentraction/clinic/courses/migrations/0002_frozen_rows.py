"""Triggers under the courses: everything is written once, also for whoever writes SQL by hand."""

from __future__ import annotations

import importlib
from typing import Any

from django.db import migrations

_frozen = importlib.import_module("opentraction.clinic.migrations.0002_frozen_rows")
TABLES = ("courserow", "courseamendment", "coursereview", "todaycheck", "advicerow")
RULES = [
    (f"courses_{table}_no_{act.lower()}", f"courses_{table}", act) for table in TABLES for act in ("UPDATE", "DELETE")
]


def add(apps: Any, editor: Any) -> None:
    for name, table, act in RULES:
        editor.execute(_frozen._trigger(editor.connection.vendor, name, table, act, ""))


def remove(apps: Any, editor: Any) -> None:
    for name, table, _ in RULES:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {name}{on}")


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
