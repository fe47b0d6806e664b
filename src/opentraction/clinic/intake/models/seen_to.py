"""Somebody has acted on an emergency: what was done, and about which alarms."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from opentraction.clinic.intake.models.frozen import FrozenRow
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager


class SeenTo(FrozenRow):
    """What was done about the alarms that stood on the page: `alarms`, by what they were told.

    The patient leaves the red line above the lists; nothing else is settled by it.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="emergencies_seen_to")
    words = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    clinic_path = "patient__clinic"
    objects = ClinicalManager["SeenTo"]()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = "emergency seen to"
        indexes = [models.Index(fields=["patient", "at"], name="seen_to_of_a_patient")]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.at:%Y-%m-%d}"


class SeenAlarm(FrozenRow):
    """What was seen to: the row that told of it, by its kind and number; `time` counts its closings before."""

    seen_to = models.ForeignKey(SeenTo, on_delete=models.PROTECT, related_name="alarms")
    kind = models.CharField(max_length=12)
    number = models.BigIntegerField()
    time = models.PositiveSmallIntegerField(default=0)

    clinic_path = "seen_to__patient__clinic"
    patient_path = "seen_to__patient"
    objects = ClinicalManager["SeenAlarm"]()

    class Meta:
        ordering = ["id"]
        verbose_name = "alarm seen to"
        verbose_name_plural = "alarms seen to"
        indexes = [models.Index(fields=["number", "kind"], name="seen_alarms")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
