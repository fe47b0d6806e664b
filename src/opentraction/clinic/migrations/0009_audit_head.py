"""The record of acts says of which clinic and patient a row is and on which page, and how long it is.

New columns stay empty in rows that are there: those never change, and their digest does not cover them. Columns are
added without making the table anew, so that its triggers stay.
"""

import importlib

import django.db.models.deletion
from django.db import migrations, models

_frozen = importlib.import_module("opentraction.clinic.migrations.0002_frozen_rows")
PROTECT = django.db.models.deletion.PROTECT
ONE_ON = (
    "NOT ((NEW.length = OLD.length + 1) OR (NEW.length = OLD.length AND NEW.sha256 = OLD.sha256"
    " AND (NEW.filed OR NOT OLD.filed)))"
)
RULES = [
    ("clinic_audithead_one_on", "UPDATE", ONE_ON),
    ("clinic_audithead_no_delete", "DELETE", ""),
]


def begin(apps, editor):
    AuditRow, AuditHead = apps.get_model("clinic", "AuditRow"), apps.get_model("clinic", "AuditHead")
    last = AuditRow.objects.order_by("-id").first()
    if last is not None:
        AuditHead.objects.create(id=1, length=AuditRow.objects.count(), sha256=last.sha256)


def add(apps, editor):
    for name, act, when in RULES:
        editor.execute(_frozen._trigger(editor.connection.vendor, name, "clinic_audithead", act, when))


def remove(apps, editor):
    for name, _, _ in RULES:
        on = " ON clinic_audithead" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {name}{on}")


class Migration(migrations.Migration):
    dependencies = [("clinic", "0008_every_patient_has_a_clinic")]
    operations = [
        migrations.AddField("auditrow", "form", models.PositiveSmallIntegerField(default=None, null=True)),
        migrations.AddField(
            "auditrow",
            "clinic",
            models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="clinic.clinic"),
        ),
        migrations.AddField(
            "auditrow",
            "patient",
            models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="clinic.patient"),
        ),
        migrations.AddField("auditrow", "page", models.CharField(max_length=200, null=True)),
        migrations.SeparateDatabaseAndState(
            # An index more, written out: altering the column would make the table anew and lose its triggers.
            state_operations=[migrations.AlterField("auditrow", "at", models.DateTimeField(db_index=True))],
            database_operations=[
                migrations.RunSQL(
                    "CREATE INDEX clinic_auditrow_at ON clinic_auditrow (at)", "DROP INDEX clinic_auditrow_at"
                )
            ],
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("length", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("filed", models.BooleanField(default=False)),
            ],
            options={"constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_head")]},
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.RunPython(add, remove),
    ]
