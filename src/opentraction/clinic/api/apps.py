"""The Django application of the API."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registered in INSTALLED_APPS as `opentraction.clinic.api`."""

    name = "opentraction.clinic.api"
    label = "api"
    verbose_name = "API"
