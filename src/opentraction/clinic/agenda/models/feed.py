"""A private calendar address of one of the staff. The word in it is kept as a hash only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from opentraction.clinic.models import Clinic
from opentraction.clinic.models.clinical import ClinicalManager, Frozen


class Feed(models.Model):
    """One open feed of one user in one clinic; a new one closes the old."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="feeds")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField()
    closed = models.DateTimeField(null=True, blank=True)

    clinic_path = "clinic"
    objects = ClinicalManager["Feed"]()

    class Meta:
        verbose_name = "feed"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "clinic"], condition=models.Q(closed=None), name="one_open_feed")
        ]

    def __str__(self) -> str:
        return f"{self.user.get_username()}, {self.clinic}"

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("feeds are kept; close one")
