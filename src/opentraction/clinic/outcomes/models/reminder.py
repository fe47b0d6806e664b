"""A patient was reminded of what is due. It holds no score and no answer."""

from __future__ import annotations

from django.db import models

from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.clinic.outcomes.models.kept import KeptRow

WAYS = {"phone": "by phone", "message": "by message", "letter": "by letter", "visit": "at a visit"}


class ReminderSent(KeptRow):
    """For which moment of the schedule, how, and whether the patient was reached (null: not known)."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="reminders_sent")
    occasion = models.CharField(max_length=20)
    due = models.DateField()
    sent = models.DateField()
    way = models.CharField(max_length=10, choices=list(WAYS.items()))
    reached = models.BooleanField(null=True)

    clinic_path = "patient__clinic"
    objects = ClinicalManager["ReminderSent"]()

    class Meta:
        ordering = ["sent", "id"]
        verbose_name = "reminder"

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.occasion}"
