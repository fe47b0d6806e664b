"""Triggers under the models: what is signed or noted stays as it was, also for whoever writes SQL by hand."""

from __future__ import annotations

from typing import Any

from django.db import migrations

KEPT = ("clinic_auditrow", "clinic_signedplan")
RULES = [
    *((f"{table}_no_update", table, "UPDATE", "") for table in KEPT),
    *((f"{table}_no_delete", table, "DELETE", "") for table in (*KEPT, "clinic_prescription", "clinic_treatmentsession")),
    ("clinic_prescription_no_update", "clinic_prescription", "UPDATE", "OLD.signed_at IS NOT NULL"),
]
SAYS = "this row is kept as it was written"


def add(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "CREATE FUNCTION clinic_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$"
        )
    for name, table, act, when in RULES:
        editor.execute(_trigger(editor.connection.vendor, name, table, act, when))


def _trigger(vendor: str, name: str, table: str, act: str, when: str) -> str:
    condition = f"WHEN ({when})" if when else ""
    if vendor == "postgresql":
        return f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION clinic_refuse()"
    return f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {condition} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"


def remove(apps: Any, editor: Any) -> None:
    for name, table, _, _ in RULES:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {name}{on}")
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION clinic_refuse()")


class Migration(migrations.Migration):
    dependencies = [("clinic", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
