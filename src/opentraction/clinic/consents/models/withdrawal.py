"""A consent taken back."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from opentraction.clinic.consents.models.signed import SignedConsent
from opentraction.clinic.consents.models.written_once import WrittenOnce
from opentraction.clinic.models.clinical import ClinicalManager


class Withdrawal(WrittenOnce):
    """From `at` on, the consent counts no more. No reason is needed."""

    consent = models.OneToOneField(SignedConsent, on_delete=models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400, blank=True)

    clinic_path = "consent__patient__clinic"
    objects = ClinicalManager["Withdrawal"]()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.consent} withdrawn"
