"""A comfort score given after a session has ended. The recording stays as it was sealed; this stands beside it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from opentraction.clinic.models.clinical import ClinicalManager, Frozen
from opentraction.clinic.models.treatment import TreatmentSession
from opentraction.clinic.scores import SCORES


class ComfortScore(models.Model):
    """How comfortable the patient found it, 0 worst to 10 best, as told to `by` afterwards.

    The last one counts in the course, also where a score was recorded; that one stays in the recording and its report.
    """

    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="later_scores")
    score = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    clinic_path = "session__patient__clinic"
    objects = ClinicalManager["ComfortScore"]()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="comfort_0_to_10", condition=models.Q(score__lte=SCORES[-1]))]

    def __str__(self) -> str:
        return f"{self.session}: {self.score} of 10"

    def save(self, *args: Any, **options: Any) -> None:
        """Written once; another opinion is another row."""
        if self.pk is not None:
            raise Frozen("a comfort score never changes; give another")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("comfort scores are kept")
