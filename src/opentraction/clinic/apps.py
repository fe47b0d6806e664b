"""The Django application of the clinic."""

from __future__ import annotations

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """Registered in INSTALLED_APPS as `opentraction.clinic`."""

    name = "opentraction.clinic"
    label = "clinic"
    verbose_name = "Clinic"

    def ready(self) -> None:
        """Checks of the database are known from here on."""
        from opentraction.clinic import checks  # noqa: F401 (registers)
