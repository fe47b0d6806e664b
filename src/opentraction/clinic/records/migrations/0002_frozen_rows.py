"""Triggers under the models: what was asked, decided and held stays, also for whoever writes SQL by hand."""

from __future__ import annotations

import importlib
from typing import Any

from django.db import migrations

_frozen = importlib.import_module("opentraction.clinic.migrations.0002_frozen_rows")
TABLES = ("records_amendment", "records_amendmentdecision", "records_legalhold")
RULES = [(f"{table}_no_{act.lower()}", table, act) for table in TABLES for act in ("UPDATE", "DELETE")]


def add(apps: Any, editor: Any) -> None:
    for name, table, act in RULES:
        editor.execute(_frozen._trigger(editor.connection.vendor, name, table, act, ""))


def remove(apps: Any, editor: Any) -> None:
    for name, table, _ in RULES:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {name}{on}")


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("clinic", "0008_every_patient_has_a_clinic")]
    operations = [migrations.RunPython(add, remove)]
