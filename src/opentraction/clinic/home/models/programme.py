"""A home programme as it was ordered."""

from __future__ import annotations

import json

from django.conf import settings
from django.db import models

from opentraction.care.home import HomeProgramme
from opentraction.clinic.home.models.kept import KeptRow
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.quantities import BadInput, State
from opentraction.quantities.canonical import sha256 as sha256_of


class ProgrammeRow(KeptRow):
    """From `at` on the patient does the programme that began on `began`, with the devices in `ordered`.

    The newest row counts. `document` is what the order showed then, of `facts`, in week `week`. `ended`: nothing more
    at home, `because`.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="home_programmes")
    began = models.DateField()
    week = models.PositiveSmallIntegerField()
    ordered = models.JSONField(default=list, blank=True)
    facts = models.JSONField(default=dict)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    ended = models.BooleanField(default=False)
    because = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    clinic_path = "patient__clinic"
    objects = ClinicalManager["ProgrammeRow"]()

    class Meta:
        ordering = ["-id"]
        verbose_name = "home programme"

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} week {self.week}"

    @property
    def programme(self) -> HomeProgramme:
        """The programme as it was ordered. Raises BadInput where the row was altered."""
        if sha256_of(self.document) != self.sha256:
            raise BadInput("home programme", State("altered"), "a programme as it was written")
        return HomeProgramme.from_document(json.loads(self.document))
