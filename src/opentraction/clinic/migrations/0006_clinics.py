"""Clinics, who works in them as what, seats at browsers, patients' accounts, emergencies."""

import importlib

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

_frozen = importlib.import_module("opentraction.clinic.migrations.0002_frozen_rows")
RULES = [
    ("clinic_emergency_no_update", "clinic_emergency", "UPDATE", "OLD.seen_at IS NOT NULL"),
    ("clinic_emergency_no_delete", "clinic_emergency", "DELETE", ""),
    ("clinic_membership_no_delete", "clinic_membership", "DELETE", ""),
]


def add(apps, editor):
    for name, table, act, when in RULES:
        editor.execute(_frozen._trigger(editor.connection.vendor, name, table, act, when))


def remove(apps, editor):
    for name, table, _, _ in RULES:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {name}{on}")


KEY = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
USER = settings.AUTH_USER_MODEL
PROTECT, CASCADE = django.db.models.deletion.PROTECT, django.db.models.deletion.CASCADE
ROLES = ["front-desk", "therapist", "clinician", "administrator", "auditor", "patient"]


class Migration(migrations.Migration):
    dependencies = [migrations.swappable_dependency(USER), ("clinic", "0005_comfort_scores")]

    operations = [
        migrations.CreateModel(
            name="Clinic",
            fields=[
                KEY,
                ("name", models.CharField(max_length=120, unique=True)),
                ("address", models.TextField(blank=True, max_length=400)),
                ("time_zone", models.CharField(default="UTC", max_length=60)),
                ("language", models.CharField(choices=[("en", "English"), ("es", "Spanish")], default="en", max_length=5)),
                ("phone", models.CharField(blank=True, max_length=60)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("web", models.CharField(blank=True, max_length=120)),
                (
                    "registration",
                    models.CharField(blank=True, help_text="provider or tax number for letters", max_length=120),
                ),
                ("idle_min", models.PositiveSmallIntegerField(default=10)),
                ("second_factor_for", models.JSONField(blank=True, default=list)),
                ("created", models.DateTimeField(auto_now_add=True)),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddField(
            model_name="patient",
            name="clinic",
            field=models.ForeignKey(null=True, on_delete=PROTECT, related_name="patients", to="clinic.clinic"),
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                KEY,
                ("role", models.CharField(choices=[(role, role) for role in ROLES], max_length=20)),
                ("active", models.BooleanField(default=True)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to=USER)),
                ("clinic", models.ForeignKey(on_delete=PROTECT, related_name="memberships", to="clinic.clinic")),
                ("user", models.ForeignKey(on_delete=PROTECT, related_name="memberships", to=USER)),
            ],
            options={
                "ordering": ["clinic_id", "role"],
                "constraints": [models.UniqueConstraint(fields=("user", "clinic", "role"), name="one_role_once")],
            },
        ),
        migrations.CreateModel(
            name="PatientAccount",
            fields=[
                KEY,
                ("created", models.DateTimeField(auto_now_add=True)),
                ("patient", models.OneToOneField(on_delete=PROTECT, related_name="account", to="clinic.patient")),
                ("user", models.OneToOneField(on_delete=PROTECT, related_name="patient_account", to=USER)),
            ],
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                KEY,
                ("key", models.CharField(max_length=64, unique=True)),
                ("last_input", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("locked_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("clinic", models.ForeignKey(null=True, on_delete=CASCADE, related_name="+", to="clinic.clinic")),
                ("user", models.ForeignKey(on_delete=CASCADE, related_name="seats", to=USER)),
            ],
        ),
        migrations.CreateModel(
            name="Emergency",
            fields=[
                KEY,
                ("reason", models.CharField(max_length=400)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(db_index=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("of_clinic", models.ForeignKey(on_delete=PROTECT, related_name="+", to="clinic.clinic")),
                ("patient", models.ForeignKey(on_delete=PROTECT, related_name="emergencies", to="clinic.patient")),
                (
                    "seen_by_administrator",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to=USER),
                ),
                ("user", models.ForeignKey(on_delete=PROTECT, related_name="emergencies", to=USER)),
            ],
            options={"ordering": ["-at"]},
        ),
        migrations.RunPython(add, remove),
    ]
