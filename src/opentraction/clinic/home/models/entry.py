"""One session at home, as the patient's phone told it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from opentraction.care.home import LogEntry, exercises
from opentraction.clinic.home.models.kept import KeptRow
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager


class HomeEntry(KeptRow):
    """What was logged. `uid` is the phone's own: one that arrives twice is the same entry.

    `at` is when it ended as the phone says, never later than `received`; `document` is to the letter what came.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="home_entries")
    uid = models.CharField(max_length=64)
    exercise = models.CharField(max_length=40)
    at = models.DateTimeField()
    received = models.DateTimeField()
    document = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    clinic_path = "patient__clinic"
    objects = ClinicalManager["HomeEntry"]()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = "home session"
        verbose_name_plural = "home sessions"
        constraints = [models.UniqueConstraint(fields=["patient", "uid"], name="one_home_entry_once")]
        indexes = [models.Index(fields=["patient", "at"])]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.exercise}"

    def entry(self, at: datetime | None = None) -> LogEntry:
        """What it says, at another moment where one is given. Raises BadInput where the row was altered."""
        return LogEntry.from_document(self.document | {"at": (at or self.at).isoformat()}, exercises())
