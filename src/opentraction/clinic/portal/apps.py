"""The Django application of the portal."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registered in INSTALLED_APPS as `opentraction.clinic.portal`."""

    name = "opentraction.clinic.portal"
    label = "portal"
    verbose_name = "Portal"
