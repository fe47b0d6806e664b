"""The Django application of outcomes and adverse events."""

from __future__ import annotations

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    """Registered in INSTALLED_APPS as `opentraction.clinic.outcomes`."""

    name = "opentraction.clinic.outcomes"
    label = "outcomes"
    verbose_name = "Outcomes and adverse events"
