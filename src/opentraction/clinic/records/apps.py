"""The Django application of the record as a whole."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Registered in INSTALLED_APPS as `opentraction.clinic.records`."""

    name = "opentraction.clinic.records"
    label = "records"
    verbose_name = "Record"
