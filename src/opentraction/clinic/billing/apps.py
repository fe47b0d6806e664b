"""The Django application of money."""

from __future__ import annotations

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Registered in INSTALLED_APPS as `opentraction.clinic.billing`."""

    name = "opentraction.clinic.billing"
    label = "billing"
    verbose_name = "Money"
