"""An invitation to the portal: a word in an address, a birth date, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models

from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager, Frozen
from opentraction.clinic.tokens import TRIES


class Invitation(models.Model):
    """Open until it is used, closed, out of date, or tried with a wrong birth date too often."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="invitations")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used = models.DateTimeField(null=True, blank=True)
    closed = models.DateTimeField(null=True, blank=True)

    clinic_path = "patient__clinic"
    objects = ClinicalManager["Invitation"]()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.patient.pseudonym

    @property
    def made_by_name(self) -> str:
        """As patients know them."""
        return self.made_by.get_full_name() or self.made_by.get_username()

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("invitations are kept")

    def is_open(self, now: datetime) -> bool:
        """Whether it leads anywhere."""
        return self.used is None and self.closed is None and self.tries < TRIES and now < self.expires
