"""What was examined before today's pull, beyond screening's questions of the day."""

from __future__ import annotations

from django.db import models

from opentraction.clinic.courses.models.course import CourseRow
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.clinic.outcomes.models.kept import KeptRow


class TodayCheck(KeptRow):
    """What was not asked is null, never 0 and never no. The newest of a day counts."""

    course = models.ForeignKey(CourseRow, on_delete=models.PROTECT, related_name="checks")
    day = models.DateField()
    spine = models.PositiveSmallIntegerField(null=True)
    limb = models.PositiveSmallIntegerField(null=True)
    strength_drop = models.PositiveSmallIntegerField(null=True)
    weakest_muscle = models.PositiveSmallIntegerField(null=True)
    new_distal = models.BooleanField(null=True)
    systolic = models.PositiveSmallIntegerField(null=True)
    diastolic = models.PositiveSmallIntegerField(null=True)

    clinic_path = "course__patient__clinic"
    patient_path = "course__patient"
    objects = ClinicalManager["TodayCheck"]()

    class Meta:
        verbose_name = "check before a pull"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.course.patient.pseudonym} on {self.day}"
