"""The Django application of consent."""

from __future__ import annotations

from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    """Registered in INSTALLED_APPS as `opentraction.clinic.consents`."""

    name = "opentraction.clinic.consents"
    label = "consents"
    verbose_name = "Consent"
