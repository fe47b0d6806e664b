"""The Django application of the home programme."""

from __future__ import annotations

from django.apps import AppConfig


class HomeProgrammeConfig(AppConfig):
    """Registered in INSTALLED_APPS as `opentraction.clinic.home`."""

    name = "opentraction.clinic.home"
    label = "home_programme"
    verbose_name = "Home programme"
