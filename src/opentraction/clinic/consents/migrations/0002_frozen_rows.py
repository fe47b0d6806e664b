"""Triggers under the models: what was signed, withdrawn or changed stays, also for whoever writes SQL by hand."""

from __future__ import annotations

import importlib
from typing import Any

from django.db import migrations

_frozen = importlib.import_module("opentraction.clinic.migrations.0002_frozen_rows")
WRITTEN_ONCE = ("consents_signedconsent", "consents_withdrawal", "consents_purposechange")
SIGNED = (
    "patient_id", "region", "language", "version", "place", "answers", "wrong", "purposes", "given_by",
    "representative", "name", "drawing", "signed", "sha256",
)
CHANGED = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in SIGNED)
RULES = [
    *((f"{table}_no_update", table, "UPDATE", "") for table in WRITTEN_ONCE),
    *((f"{table}_no_delete", table, "DELETE", "") for table in (*WRITTEN_ONCE, "consents_signing")),
    (
        "consents_signing_no_update",
        "consents_signing",
        "UPDATE",
        f"OLD.signed IS NOT NULL AND (NEW.signed IS NULL OR {CHANGED})",
    ),
]


def add(apps: Any, editor: Any) -> None:
    for name, table, act, when in RULES:
        editor.execute(_frozen._trigger(editor.connection.vendor, name, table, act, when))


def remove(apps: Any, editor: Any) -> None:
    for name, table, _, _ in RULES:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {name}{on}")


class Migration(migrations.Migration):
    dependencies = [("consents", "0001_initial"), ("clinic", "0008_every_patient_has_a_clinic")]
    operations = [migrations.RunPython(add, remove)]
