"""The plan a signed prescription means for one session of its course: frozen newtons and their hash."""

from __future__ import annotations

from typing import Any

from django.db import models

from opentraction.clinic.models.clinical import ClinicalManager, Frozen
from opentraction.clinic.models.prescription import Prescription


class SignedPlan(models.Model):
    """What the table is sent. `session` counts from 1.

    A prescription without a course has one plan, for every session.
    """

    prescription = models.ForeignKey(Prescription, on_delete=models.PROTECT, related_name="plans")
    session = models.PositiveSmallIntegerField()
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)

    clinic_path = "prescription__patient__clinic"
    objects = ClinicalManager["SignedPlan"]()

    class Meta:
        ordering = ["session"]
        constraints = [models.UniqueConstraint(fields=["prescription", "session"], name="one_plan_a_session")]

    def __str__(self) -> str:
        return f"{self.prescription} session {self.session}"

    def save(self, *args: Any, **options: Any) -> None:
        """Written once, at signing."""
        if self.pk is not None:
            raise Frozen("a signed plan never changes")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("signed plans are kept")
