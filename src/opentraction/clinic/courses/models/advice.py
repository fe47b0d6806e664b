"""Advice as it was shown, and what a clinician decided on it."""

from __future__ import annotations

from django.db import models

from opentraction.clinic.courses.models.course import CourseRow
from opentraction.clinic.models import Prescription
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.clinic.outcomes.models.kept import KeptRow, read_back
from opentraction.prescription.progress import Advice

ACCEPTED, CHANGED = "accepted", "changed"


class AdviceRow(KeptRow):
    """`accepted` takes force and length as advised, `changed` takes less of one and says why."""

    course = models.ForeignKey(CourseRow, on_delete=models.PROTECT, related_name="advice")
    session = models.PositiveSmallIntegerField()
    day = models.DateField()
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)
    decision = models.CharField(max_length=8, choices=[(ACCEPTED, ACCEPTED), (CHANGED, CHANGED)])
    why = models.CharField(max_length=500, blank=True)
    force_n = models.FloatField()
    length_s = models.FloatField()
    prescription = models.OneToOneField(Prescription, on_delete=models.PROTECT, related_name="advice")

    clinic_path = "course__patient__clinic"
    patient_path = "course__patient"
    objects = ClinicalManager["AdviceRow"]()

    class Meta:
        verbose_name = "advice"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="changed_says_why",
                condition=models.Q(decision=ACCEPTED, why="") | models.Q(decision=CHANGED) & ~models.Q(why=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.course.patient.pseudonym} session {self.session}"

    @property
    def advice(self) -> Advice:
        """As it was shown. Raises BadInput where the row was altered."""
        return Advice.from_document(read_back(self.canonical, self.sha256, "advice"))
