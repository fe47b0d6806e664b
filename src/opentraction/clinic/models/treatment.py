"""One treatment of one patient under one signed prescription, and how it ended."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from opentraction.clinic.models.clinical import ClinicalManager, Frozen
from opentraction.clinic.models.patient import Patient
from opentraction.clinic.models.signed_plan import SignedPlan


class TreatmentSession(models.Model):
    """The row the table's recording belongs to; the recording itself is a folder of files."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sessions")
    plan = models.ForeignKey(SignedPlan, on_delete=models.PROTECT, related_name="sessions")
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=20, blank=True)
    cause = models.CharField(max_length=120, blank=True)
    comfort = models.PositiveSmallIntegerField(null=True, blank=True)
    summary = models.JSONField(null=True, blank=True)
    folder = models.CharField(max_length=400, blank=True)

    clinic_path = "patient__clinic"
    objects = ClinicalManager["TreatmentSession"]()

    class Meta:
        verbose_name = "session"
        ordering = ["created"]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.pk}"

    def save(self, *args: Any, **options: Any) -> None:
        """Refuse a treatment of one patient under another's prescription."""
        if self.plan.prescription.patient_id != self.patient_id:
            raise Frozen("the prescription belongs to another patient")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("sessions are kept")

    @property
    def number(self) -> int:
        """Place of this session in the patient's course; the first is 1."""
        return self.patient.sessions.filter(created__lt=self.created).count() + 1

    @property
    def pulled(self) -> bool:
        """Whether any treatment time was recorded; what is not known is not counted."""
        treated_s = (self.summary or {}).get("treatment_s")
        return isinstance(treated_s, (int, float)) and treated_s > 0

    def get_absolute_url(self) -> str:
        return reverse("session" if self.ending else "treatment", args=[self.pk])
