"""Which alarms somebody has seen to, by what they were told. What was seen to before stands red again, to be safe."""

from __future__ import annotations

import importlib
from typing import Any

from django.db import migrations, models
from django.db.models import PROTECT

_frozen = importlib.import_module("opentraction.clinic.intake.migrations.0002_frozen_rows")
RULES = [("intake_seenalarm_no_update", "UPDATE"), ("intake_seenalarm_no_delete", "DELETE")]


def add(apps: Any, editor: Any) -> None:
    for name, act in RULES:
        editor.execute(_frozen._trigger(editor.connection.vendor, name, "intake_seenalarm", act, ""))


def remove(apps: Any, editor: Any) -> None:
    for name, _ in RULES:
        on = " ON intake_seenalarm" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {name}{on}")


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_seen_to")]
    operations = [
        migrations.CreateModel(
            "SeenAlarm",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("number", models.BigIntegerField()),
                ("time", models.PositiveSmallIntegerField(default=0)),
                ("seen_to", models.ForeignKey("intake.seento", PROTECT, related_name="alarms")),
            ],
            options={
                "verbose_name": "alarm seen to",
                "verbose_name_plural": "alarms seen to",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["number", "kind"], name="seen_alarms")],
            },
        ),
        migrations.RunPython(add, remove),
    ]
