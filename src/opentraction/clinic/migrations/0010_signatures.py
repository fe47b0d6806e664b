"""Signatures with their meaning: kept as they were given, by the model and under it."""

import importlib

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_frozen = importlib.import_module("opentraction.clinic.migrations.0002_frozen_rows")
RULES = [("clinic_signature_no_update", "UPDATE"), ("clinic_signature_no_delete", "DELETE")]
PROTECT = django.db.models.deletion.PROTECT
MEANINGS = ("prescribed", "screened", "overrode", "consented", "witnessed", "reviewed", "amended")
CONFIRMED = ("password", "recently", "command line")


def add(apps, editor):
    for name, act in RULES:
        editor.execute(_frozen._trigger(editor.connection.vendor, name, "clinic_signature", act, ""))


def remove(apps, editor):
    for name, _ in RULES:
        on = " ON clinic_signature" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {name}{on}")


class Migration(migrations.Migration):
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("clinic", "0009_audit_head")]
    operations = [
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("meaning", models.CharField(choices=[(word, word) for word in MEANINGS], max_length=12)),
                ("kind", models.CharField(max_length=80)),
                ("object_id", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=120)),
                ("sha256", models.CharField(max_length=64)),
                ("confirmed", models.CharField(choices=[(word, word) for word in CONFIRMED], max_length=12)),
                (
                    "clinic",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="clinic.clinic"),
                ),
                (
                    "patient",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="signatures", to="clinic.patient"),
                ),
                (
                    "user",
                    models.ForeignKey(on_delete=PROTECT, related_name="signatures", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["kind", "object_id"], name="signatures_of_a_row")],
            },
        ),
        migrations.RunPython(add, remove),
    ]
