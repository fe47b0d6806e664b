"""An examination as it was written, what it showed that the one before did not, and the writing that lifts a stop."""

from __future__ import annotations

from typing import Any

from django.db import models

from opentraction.care.outcomes import Examination
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.clinic.outcomes.models.kept import CorrectableRow, KeptRow, read_back


class ExaminationRow(CorrectableRow):
    """`against` is the examination it was compared with, `findings` what was new then, `stops` whether that stopped."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="examinations")
    taken = models.DateField()
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)
    against = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    findings = models.JSONField(default=list)
    stops = models.BooleanField(default=False)

    clinic_path = "patient__clinic"
    objects = ClinicalManager["ExaminationRow"]()

    class Meta(CorrectableRow.Meta):
        abstract = False
        ordering = ["taken", "id"]
        verbose_name = "examination"

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} of {self.taken}"

    @property
    def examination(self) -> Examination:
        """What was found. Raises BadInput where the row was altered."""
        return Examination.from_document(read_back(self.canonical, self.sha256, "examination"))

    @property
    def grave(self) -> list[dict[str, Any]]:
        """Its findings that stop."""
        return [one for one in self.findings if one["weight"] == "refer"]


class StopLifted(KeptRow):
    """A clinician's writing that treatment may go on after all: who was asked, and what they said."""

    examination = models.OneToOneField(ExaminationRow, on_delete=models.PROTECT, related_name="lifted")
    why = models.CharField(max_length=1000)

    clinic_path = "examination__patient__clinic"
    patient_path = "examination__patient"
    objects = ClinicalManager["StopLifted"]()

    class Meta:
        verbose_name = "stop lifted"

    def __str__(self) -> str:
        return str(self.examination)
