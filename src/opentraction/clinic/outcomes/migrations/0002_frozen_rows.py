"""Triggers under the models: what was told, found or signed stays as it was, also for whoever writes SQL by hand."""

from __future__ import annotations

from typing import Any

from django.db import migrations

WRITTEN_ONCE = (
    "outcomes_outcomeform", "outcomes_examinationrow", "outcomes_stoplifted", "outcomes_adverseeventrow",
    "outcomes_followup", "outcomes_reportmade", "outcomes_sessionreport", "outcomes_courseend", "outcomes_remindersent",
)
KEPT = (*WRITTEN_ONCE, "outcomes_outcomedraft")
RULES = [
    *((f"{table}_no_update", table, "UPDATE", "") for table in WRITTEN_ONCE),
    *((f"{table}_no_delete", table, "DELETE", "") for table in KEPT),
    ("outcomes_outcomedraft_no_update", "outcomes_outcomedraft", "UPDATE", "OLD.ended IS NOT NULL"),
]
SAYS = "this row is kept as it was written"


def add(apps: Any, editor: Any) -> None:
    for name, table, act, when in RULES:
        editor.execute(_trigger(editor.connection.vendor, name, table, act, when))


def _trigger(vendor: str, name: str, table: str, act: str, when: str) -> str:
    """On PostgreSQL it calls the function that migration 0002 of the clinic made."""
    condition = f"WHEN ({when})" if when else ""
    if vendor == "postgresql":
        return f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION clinic_refuse()"
    return f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {condition} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"


def remove(apps: Any, editor: Any) -> None:
    for name, table, _, _ in RULES:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {name}{on}")


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0001_initial"), ("clinic", "0008_every_patient_has_a_clinic")]
    operations = [migrations.RunPython(add, remove)]
