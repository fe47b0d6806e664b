"""What staff asked beyond the intake, because a gate of an exercise looks at it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from opentraction.clinic.home.models.kept import KeptRow
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager


class HomeFacts(KeptRow):
    """All answers as they stood then, by fact of `care/home/facts.toml`; the newest row counts. Unknown is left out."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="home_facts")
    facts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    clinic_path = "patient__clinic"
    objects = ClinicalManager["HomeFacts"]()

    class Meta:
        ordering = ["-id"]
        verbose_name = "facts for home"

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} facts"
