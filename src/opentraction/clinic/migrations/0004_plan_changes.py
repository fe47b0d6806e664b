"""Changes of prescription under way: kept as they were made, by the model and under it."""

from __future__ import annotations

import importlib
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_frozen = importlib.import_module("opentraction.clinic.migrations.0002_frozen_rows")
RULES = [("clinic_planchange_no_update", "UPDATE"), ("clinic_planchange_no_delete", "DELETE")]


def add(apps: Any, editor: Any) -> None:
    for name, act in RULES:
        editor.execute(_frozen._trigger(editor.connection.vendor, name, "clinic_planchange", act, ""))


def remove(apps: Any, editor: Any) -> None:
    for name, _ in RULES:
        on = " ON clinic_planchange" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {name}{on}")


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("clinic", "0003_sign_in_counts"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("canonical", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("at_s", models.FloatField()),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("session", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="clinic.treatmentsession")),
                ("signed", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="clinic.signedplan")),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.RunPython(add, remove),
    ]
