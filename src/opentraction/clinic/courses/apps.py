"""The Django application of the courses."""

from __future__ import annotations

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Registered in INSTALLED_APPS as `opentraction.clinic.courses`."""

    name = "opentraction.clinic.courses"
    label = "courses"
    verbose_name = "Courses of sessions"
