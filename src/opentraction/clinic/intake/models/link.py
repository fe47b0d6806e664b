"""A way for the patient to answer their own part on their own phone. The word in the address is kept as a hash only."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from opentraction.clinic.intake.models.intake import Intake
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.clinic.tokens import TRIES


class IntakeLink(models.Model):
    """Open until it is used, closed by hand, out of date, or tried with a wrong birth date too often."""

    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    opened = models.DateTimeField(null=True, blank=True)
    closed = models.DateTimeField(null=True, blank=True)

    clinic_path = "intake__patient__clinic"
    patient_path = "intake__patient"
    objects = ClinicalManager["IntakeLink"]()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.intake)

    def is_open(self, now: datetime) -> bool:
        """Whether it leads anywhere."""
        return self.closed is None and self.tries < TRIES and now < self.expires and self.intake.completed is None
