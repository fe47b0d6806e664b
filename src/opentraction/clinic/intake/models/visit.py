"""The check on the day of a session, as it was answered."""

from __future__ import annotations

import json

from django.conf import settings
from django.db import models

from opentraction import screening
from opentraction.clinic.intake.models.frozen import FrozenRow
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.quantities import BadInput, State
from opentraction.quantities.canonical import sha256 as sha256_of


class VisitCheckRow(FrozenRow):
    """Six answers and what they say."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="visit_checks")
    region = models.CharField(max_length=10)
    action = models.CharField(max_length=12)
    pain = models.PositiveSmallIntegerField(null=True)
    """0 to 10 before the session; null where the patient could not say."""
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)

    clinic_path = "patient__clinic"
    objects = ClinicalManager["VisitCheckRow"]()

    class Meta:
        ordering = ["-id"]
        verbose_name = "visit check"

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.region} {self.action}"

    @property
    def check_made(self) -> screening.VisitCheck:
        """The check as it was made. Raises BadInput where the row was altered."""
        if sha256_of(self.canonical) != self.sha256:
            raise BadInput("visit check", State("altered"), "a check as it was written")
        return screening.VisitCheck.from_document(json.loads(self.canonical))
