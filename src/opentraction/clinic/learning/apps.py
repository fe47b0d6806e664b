"""The Django application of the public pages. It has no tables."""

from __future__ import annotations

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Registered in INSTALLED_APPS as `opentraction.clinic.learning`."""

    name = "opentraction.clinic.learning"
    label = "learning"
    verbose_name = "Learning"
