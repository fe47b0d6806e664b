"""Comfort scores given after a session: kept as they were given, by the model and under it."""

from __future__ import annotations

import importlib
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_frozen = importlib.import_module("opentraction.clinic.migrations.0002_frozen_rows")
RULES = [("clinic_comfortscore_no_update", "UPDATE"), ("clinic_comfortscore_no_delete", "DELETE")]


def add(apps: Any, editor: Any) -> None:
    for name, act in RULES:
        editor.execute(_frozen._trigger(editor.connection.vendor, name, "clinic_comfortscore", act, ""))


def remove(apps: Any, editor: Any) -> None:
    for name, _ in RULES:
        on = " ON clinic_comfortscore" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {name}{on}")


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("clinic", "0004_plan_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="ComfortScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.PositiveSmallIntegerField()),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("session", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="later_scores", to="clinic.treatmentsession")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.CheckConstraint(name="comfort_0_to_10", condition=models.Q(("score__lte", 10)))],
            },
        ),
        migrations.RunPython(add, remove),
    ]
