"""What was done about an emergency, kept as it was written; and emergencies are found without reading every verdict."""

from __future__ import annotations

import importlib
from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import PROTECT, Q

_frozen = importlib.import_module("opentraction.clinic.intake.migrations.0002_frozen_rows")
RULES = [("intake_seento_no_update", "UPDATE"), ("intake_seento_no_delete", "DELETE")]


def add(apps: Any, editor: Any) -> None:
    for name, act in RULES:
        editor.execute(_frozen._trigger(editor.connection.vendor, name, "intake_seento", act, ""))


def remove(apps: Any, editor: Any) -> None:
    for name, _ in RULES:
        on = " ON intake_seento" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {name}{on}")


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0012_acts_on_a_patient"),
        ("intake", "0004_own_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            "SeenTo",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, related_name="+")),
                ("patient", models.ForeignKey("clinic.patient", PROTECT, related_name="emergencies_seen_to")),
            ],
            options={
                "verbose_name": "emergency seen to",
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["patient", "at"], name="seen_to_of_a_patient")],
            },
        ),
        migrations.AddIndex(
            "screening",
            models.Index(fields=["patient", "decided"], condition=Q(action="EMERGENCY"), name="emergencies_of_all"),
        ),
        migrations.RunPython(add, remove),
    ]
