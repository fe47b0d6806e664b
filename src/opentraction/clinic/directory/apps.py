"""The Django application of the directory."""

from __future__ import annotations

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Registered in INSTALLED_APPS as `opentraction.clinic.directory`."""

    name = "opentraction.clinic.directory"
    label = "directory"
    verbose_name = "Directory of specialists"
