"""A later yes or no to one of the further things a patient may agree to."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from opentraction.clinic.consents.models.written_once import WrittenOnce
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager


class PurposeChange(WrittenOnce):
    """From `at` on, the patient agrees to `purpose` or does not; told to `by`."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="purpose_changes")
    purpose = models.CharField(max_length=40)
    agreed = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    clinic_path = "patient__clinic"
    objects = ClinicalManager["PurposeChange"]()

    class Meta:
        ordering = ["-id"]
        verbose_name = "change of purpose"

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.purpose}: {'yes' if self.agreed else 'no'}"
