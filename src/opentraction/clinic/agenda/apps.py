"""The Django application of the agenda."""

from __future__ import annotations

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    """Registered in INSTALLED_APPS as `opentraction.clinic.agenda`."""

    name = "opentraction.clinic.agenda"
    label = "agenda"
    verbose_name = "Agenda"
