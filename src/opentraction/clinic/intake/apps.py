"""The Django application of the intake."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Registered in INSTALLED_APPS as `opentraction.clinic.intake`."""

    name = "opentraction.clinic.intake"
    label = "intake"
    verbose_name = "Intake and screening"
