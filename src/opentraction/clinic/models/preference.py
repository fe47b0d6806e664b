"""What a user chose for the screen."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Preference(models.Model):
    """Display choices only; nothing here changes a treatment."""

    FORCE_UNITS = [("N", "newtons"), ("lb", "pounds"), ("kgf", "kilograms-force")]

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference")
    force_unit = models.CharField(max_length=3, choices=FORCE_UNITS, default="N")

    def __str__(self) -> str:
        return self.force_unit
