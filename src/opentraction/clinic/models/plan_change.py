"""A prescription changed while it was pulled: which signed plan took over, from which second, and what that came to."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from opentraction.clinic.models.clinical import ClinicalManager, Frozen
from opentraction.clinic.models.signed_plan import SignedPlan
from opentraction.clinic.models.treatment import TreatmentSession


class PlanChange(models.Model):
    """One change of one session. `signed` is the plan that took over at treatment time `at_s` [s].

    `canonical` is the whole session as it is pulled now: the plan before up to then, the new one from there.
    """

    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="changes")
    signed = models.ForeignKey(SignedPlan, on_delete=models.PROTECT, related_name="changes")
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)
    at_s = models.FloatField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    clinic_path = "session__patient__clinic"
    objects = ClinicalManager["PlanChange"]()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.session} to {self.signed}"

    def save(self, *args: Any, **options: Any) -> None:
        """Written once; never of another patient's prescription."""
        if self.pk is not None:
            raise Frozen("a change of prescription is kept as it was made")
        if self.signed.prescription.patient_id != self.session.patient_id:
            raise Frozen("the prescription belongs to another patient")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("changes of prescription are kept")
