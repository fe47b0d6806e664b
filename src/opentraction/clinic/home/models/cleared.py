"""A clinician let on after a stop."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from opentraction.clinic.home.models.kept import KeptRow
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager


class Cleared(KeptRow):
    """From `at` on `exercise` (`all`: everything) begins anew, because `reason`."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="home_cleared")
    exercise = models.CharField(max_length=40)
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    clinic_path = "patient__clinic"
    objects = ClinicalManager["Cleared"]()

    class Meta:
        ordering = ["-id"]
        verbose_name = "stop let go"

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.exercise}"
