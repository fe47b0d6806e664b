"""Triggers under the models: what was given out stays as it was, also for whoever writes SQL by hand."""

from __future__ import annotations

from typing import Any

from django.db import migrations

GIVEN_OUT = (
    "billing_pricelistrow",
    "billing_estimaterow",
    "billing_estimategiven",
    "billing_invoicerow",
    "billing_billedsession",
    "billing_creditnoterow",
    "billing_paymentrow",
    "billing_packagerow",
    "billing_packageend",
    "billing_covercheck",
    "billing_billto",
)
RULES = [
    *((f"{table}_no_update", table, "UPDATE") for table in GIVEN_OUT),
    *((f"{table}_no_delete", table, "DELETE") for table in (*GIVEN_OUT, "billing_books")),
]
SAYS = "this row is kept as it was written"


def add(apps: Any, editor: Any) -> None:
    for name, table, act in RULES:
        editor.execute(_trigger(editor.connection.vendor, name, table, act))


def _trigger(vendor: str, name: str, table: str, act: str) -> str:
    """On PostgreSQL it calls the function that migration 0002 of the clinic made."""
    if vendor == "postgresql":
        return f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION clinic_refuse()"
    return f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"


def remove(apps: Any, editor: Any) -> None:
    for name, table, _ in RULES:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {name}{on}")


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial"), ("clinic", "0008_every_patient_has_a_clinic")]
    operations = [migrations.RunPython(add, remove)]
