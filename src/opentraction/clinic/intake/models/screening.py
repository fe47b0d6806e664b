"""What screening decided: the answers it read and the verdict it gave, both to the letter."""

from __future__ import annotations

import json

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from opentraction import screening
from opentraction.clinic.intake.models.frozen import FrozenRow
from opentraction.clinic.intake.models.intake import Intake
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.quantities import BadInput, State
from opentraction.quantities.canonical import sha256 as sha256_of


class Screening(FrozenRow):
    """One verdict. `by` is nobody where the patient's own answers said EMERGENCY before anybody had looked."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="screenings")
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="screenings")
    region = models.CharField(max_length=10)
    action = models.CharField(max_length=12)
    intake_canonical = models.TextField()
    intake_sha256 = models.CharField(max_length=64)
    verdict_canonical = models.TextField()
    verdict_sha256 = models.CharField(max_length=64)
    rules_version = models.CharField(max_length=64)
    decided = models.DateTimeField()
    valid_until = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    clinic_path = "patient__clinic"
    objects = ClinicalManager["Screening"]()

    class Meta:
        ordering = ["-id"]
        indexes = [
            # The lists ask for emergencies on every page, and there are few.
            models.Index(fields=["patient", "decided"], condition=Q(action="EMERGENCY"), name="emergencies_of_all")
        ]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.region} {self.action}"

    def get_absolute_url(self) -> str:
        return reverse("intake:verdict", args=[self.pk])

    @property
    def verdict(self) -> screening.Verdict:
        """The verdict as it was given. Raises BadInput where the row was altered."""
        if sha256_of(self.verdict_canonical) != self.verdict_sha256:
            raise BadInput("screening", State("altered"), "a verdict as it was written")
        return screening.Verdict.from_document(json.loads(self.verdict_canonical))

    @property
    def snapshot(self) -> screening.Intake:
        """The answers it was given on. Raises BadInput where the row was altered."""
        if sha256_of(self.intake_canonical) != self.intake_sha256:
            raise BadInput("screening", State("altered"), "answers as they were written")
        return screening.Intake.from_document(json.loads(self.intake_canonical))

    @property
    def counts(self) -> screening.Verdict | screening.Overridden:
        """The verdict, or the override that a clinician signed over it. Raises BadInput where one was altered."""
        over = getattr(self, "override", None)
        return self.verdict if over is None else over.overridden
