"""The Django application of the clinic."""

from __future__ import annotations

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """Registered in INSTALLED_APPS as `opentraction.clinic`."""

    name = "opentraction.clinic"
    label = "clinic"
    verbose_name = "Clinic"
