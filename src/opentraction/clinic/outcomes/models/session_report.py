"""What the patient said of one session: before it, right after it, and at the next visit."""

from __future__ import annotations

from django.db import models

from opentraction.clinic.models import TreatmentSession
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.clinic.outcomes.models.kept import CorrectableRow
from opentraction.prescription.progress.history import FELT

BEFORE, AFTER, NEXT = "before", "after", "next"
MOMENTS = {BEFORE: "Before the pull", AFTER: "Right after", NEXT: "At the next visit"}


class SessionReport(CorrectableRow):
    """The answers of one moment. What was not asked is null, never 0. Pain is now, 0 to 10: spine, and leg or arm."""

    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="reports")
    moment = models.CharField(max_length=6, choices=list(MOMENTS.items()))
    spine = models.PositiveSmallIntegerField(null=True)
    limb = models.PositiveSmallIntegerField(null=True)
    systolic = models.PositiveSmallIntegerField(null=True)
    felt = models.CharField(max_length=12, null=True, choices=[(word, word) for word in FELT])
    peripheralised = models.BooleanField(null=True)
    new_distal = models.BooleanField(null=True)
    dizzy = models.BooleanField(null=True)
    stop_reason = models.CharField(max_length=200, blank=True)
    soreness_hours = models.FloatField(null=True)

    clinic_path = "session__patient__clinic"
    objects = ClinicalManager["SessionReport"]()

    class Meta(CorrectableRow.Meta):
        abstract = False
        ordering = ["id"]
        verbose_name = "session report"
        constraints = [
            *CorrectableRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["session", "moment"], condition=models.Q(replaces=None), name="one_report_a_moment"
            ),
            models.CheckConstraint(
                name="pain_0_to_10",
                condition=(models.Q(spine=None) | models.Q(spine__lte=10))
                & (models.Q(limb=None) | models.Q(limb__lte=10)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.moment}"
