"""The end of a course, said by somebody: from then on the months after it are counted."""

from __future__ import annotations

from django.db import models

from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.clinic.outcomes.models.kept import CorrectableRow

WHYS = {
    "planned": "All planned sessions were given",
    "better": "The patient is well enough",
    "no_gain": "It did not help",
    "stopped": "Stopped for safety",
    "patient": "The patient did not want to go on",
    "away": "The patient did not come any more",
    "other": "Another reason",
}


class CourseEnd(CorrectableRow):
    """On which day, and why. Sessions after it are a new course."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="course_ends")
    ended = models.DateField()
    why = models.CharField(max_length=10, choices=list(WHYS.items()))

    clinic_path = "patient__clinic"
    objects = ClinicalManager["CourseEnd"]()

    class Meta(CorrectableRow.Meta):
        abstract = False
        ordering = ["ended", "id"]
        verbose_name = "end of a course"

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} on {self.ended}"
