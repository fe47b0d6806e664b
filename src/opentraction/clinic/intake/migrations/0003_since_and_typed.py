"""How old answers are, and how amounts were typed. SQLite rebuilds the table for it, so its triggers are put back."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.db import migrations, models

frozen = import_module("opentraction.clinic.intake.migrations.0002_frozen_rows")


def put_back(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        for name, table, act, when in frozen.RULES:
            if table == "intake_intake":
                editor.execute(frozen._trigger("sqlite", name, table, act, when))


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_frozen_rows")]
    operations = [
        migrations.AddField("intake", "since", models.DateTimeField(null=True)),
        migrations.AddField("intake", "typed", models.JSONField(default=dict)),
        migrations.RunPython(put_back, migrations.RunPython.noop),
    ]
