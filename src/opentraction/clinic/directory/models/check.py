"""What was checked of a specialist, where, by whom and when. Checks are added, never changed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from opentraction.care.specialists import checks
from opentraction.clinic.directory.models.specialist import Specialist
from opentraction.clinic.models.clinical import ClinicalManager, Frozen


class CredentialCheck(models.Model):
    """One look into one register."""

    FOUND = [(word, word) for word in ("in order", "not in order", "could not tell")]

    specialist = models.ForeignKey(Specialist, on_delete=models.PROTECT, related_name="checks")
    what = models.CharField(max_length=30)
    found = models.CharField(max_length=14, choices=FOUND)
    source = models.CharField(max_length=200)
    number = models.CharField(max_length=40, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    clinic_path = ""
    objects = ClinicalManager["CredentialCheck"]()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.what} {self.found}"

    @property
    def name(self) -> str:
        """What was checked, in words."""
        return checks()[self.what].name if self.what in checks() else self.what

    def save(self, *args: Any, **options: Any) -> None:
        """Once."""
        if self.pk is not None:
            raise Frozen("a check stays as it was made; make another one")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("checks are kept")
