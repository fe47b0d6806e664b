"""A clinician's signature over a verdict that forbids: the whole of it, with the reason."""

from __future__ import annotations

import json

from django.conf import settings
from django.db import models

from opentraction.clinic.intake.models.frozen import FrozenRow
from opentraction.clinic.intake.models.screening import Screening
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.quantities import BadInput, State
from opentraction.quantities.canonical import sha256 as sha256_of
from opentraction.screening import Overridden


class VerdictOverride(FrozenRow):
    """At most one for a screening. One over an EMERGENCY cannot be written, and a forged one cannot be read."""

    screening = models.OneToOneField(Screening, on_delete=models.PROTECT, related_name="override")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)

    clinic_path = "screening__patient__clinic"
    objects = ClinicalManager["VerdictOverride"]()

    def __str__(self) -> str:
        return f"{self.screening} overridden"

    @property
    def overridden(self) -> Overridden:
        """What was signed. Raises BadInput where the row was altered or is of another verdict."""
        if sha256_of(self.canonical) != self.sha256:
            raise BadInput("override", State("altered"), "an override as it was signed")
        signed = Overridden.from_document(json.loads(self.canonical))
        if signed.verdict.sha256 != self.screening.verdict_sha256:
            raise BadInput("override", State("of another verdict"), "an override of this screening")
        return signed
