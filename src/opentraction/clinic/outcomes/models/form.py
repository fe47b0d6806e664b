"""A questionnaire somebody filled in, and one that is still being filled in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from opentraction.care import outcomes
from opentraction.care.outcomes import Form, Instrument
from opentraction.care.outcomes.form import WAYS
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager, Frozen
from opentraction.clinic.outcomes.models.kept import CorrectableRow, read_back


class OutcomeForm(CorrectableRow):
    """One form as it was given. `value` is its score, for lists; what counts is the document."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="outcome_forms")
    instrument = models.CharField(max_length=40)
    occasion = models.CharField(max_length=20, blank=True)
    """For which moment of the schedule it was asked; empty for one in between."""
    taken = models.DateField()
    way = models.CharField(max_length=10, choices=[(way, way) for way in WAYS])
    value = models.FloatField(null=True)
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)

    clinic_path = "patient__clinic"
    objects = ClinicalManager["OutcomeForm"]()

    class Meta(CorrectableRow.Meta):
        abstract = False
        ordering = ["taken", "id"]
        verbose_name = "form"
        indexes = [models.Index(fields=["patient", "instrument"])]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.instrument} of {self.taken}"

    @property
    def form(self) -> Form:
        """What was answered. Raises BadInput where the row was altered."""
        return Form.from_document(read_back(self.canonical, self.sha256, "form"))

    @property
    def about(self) -> Instrument:
        """The instrument it is of."""
        return outcomes.instrument(self.instrument)


class OutcomeDraft(models.Model):
    """Answers on their way, saved as they are given. Handed in or thrown away, it has ended."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="outcome_drafts")
    what = models.CharField(max_length=40)
    """The instrument, or `examination`."""
    answers = models.JSONField(default=dict)
    """What was answered, as it was written; what is not there is not answered."""
    own = models.JSONField(default=dict)
    begun = models.DateTimeField()
    changed = models.DateTimeField(auto_now=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended = models.DateTimeField(null=True)

    clinic_path = "patient__clinic"
    objects = ClinicalManager["OutcomeDraft"]()

    class Meta:
        ordering = ["id"]
        verbose_name = "form begun"
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "what"], condition=models.Q(ended=None), name="one_open_draft_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.what}"

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("a form that was begun is kept")
