"""Which answers the patient gave on their own phone. SQLite rebuilds the table for it, so its triggers are put back."""

from __future__ import annotations

from importlib import import_module

from django.db import migrations, models

before = import_module("opentraction.clinic.intake.migrations.0003_since_and_typed")


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_since_and_typed")]
    operations = [
        migrations.AddField("intake", "own", models.JSONField(default=list)),
        migrations.RunPython(before.put_back, migrations.RunPython.noop),
    ]
