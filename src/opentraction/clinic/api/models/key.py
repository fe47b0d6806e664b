"""A personal key for a program. The key itself is shown once and kept as a hash only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models

from opentraction.clinic.models import Clinic
from opentraction.clinic.models.clinical import ClinicalManager, Frozen


class ApiKey(models.Model):
    """What a program may do in one clinic in its owner's name: `acts`, of those the owner still has, until then."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_keys")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    token_sha256 = models.CharField(max_length=64, unique=True)
    acts = models.JSONField()
    made = models.DateTimeField()
    expires = models.DateTimeField()
    last_used = models.DateTimeField(null=True, blank=True)
    closed = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    clinic_path = "clinic"
    objects = ClinicalManager["ApiKey"]()

    class Meta:
        verbose_name = "key"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} of {self.user.get_username()}"

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("keys are kept; close one")

    def opens(self, now: datetime) -> bool:
        """Neither closed nor out of date."""
        return self.closed is None and now < self.expires
