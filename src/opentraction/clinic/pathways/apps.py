"""The Django application of the roads side by side."""

from __future__ import annotations

from django.apps import AppConfig


class PathwaysConfig(AppConfig):
    """Registered in INSTALLED_APPS as `opentraction.clinic.pathways`."""

    name = "opentraction.clinic.pathways"
    label = "pathways"
    verbose_name = "Roads side by side"
