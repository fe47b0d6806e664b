"""A legal hold: nothing of this patient may be removed, whatever the schedule says, until it is lifted."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.clinic.records.models.written_once import WrittenOnce


class LegalHold(WrittenOnce):
    """One turn of the flag, with its reason; the latest row of a patient counts."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="legal_holds")
    held = models.BooleanField()
    reason = models.CharField(max_length=400)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    clinic_path = "patient__clinic"
    objects = ClinicalManager["LegalHold"]()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {'held' if self.held else 'hold lifted'}"


def hold_on(patient: Patient) -> LegalHold | None:
    """The hold that stands on this patient's record; None where none does."""
    last = LegalHold.objects.filter(patient=patient).order_by("-id").first()
    return last if last is not None and last.held else None
