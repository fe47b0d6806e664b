"""An intake while it is being answered: a draft that is saved page by page and frozen once it was screened."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from opentraction import screening
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager, Frozen

LANGUAGES = list(screening.LANGUAGES.items())


class Intake(models.Model):
    """One person's answers about one region. `answers` holds them as `screening.plain_answer` writes them."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="intakes")
    region = models.CharField(max_length=10, choices=[(region, region) for region in screening.REGIONS])
    answers = models.JSONField(default=dict)
    position = models.CharField(max_length=60, blank=True)
    """The page where to go on."""
    because = models.CharField(max_length=200, blank=True)
    """What has changed since the screening that still counts; empty where nothing was said to have changed."""
    since = models.DateTimeField(null=True)
    """When the oldest of its answers was given: answers that were taken over keep their age."""
    typed = models.JSONField(default=dict)
    """Amounts as they were typed, by question, to be shown again in the unit they were typed in."""
    own = models.JSONField(default=list)
    """Questions whose answer stands as the patient gave it on their own phone; no other is shown there."""
    language = models.CharField(max_length=5, choices=LANGUAGES, default="en")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun = models.DateTimeField()
    changed = models.DateTimeField(auto_now=True)
    patient_done = models.DateTimeField(null=True, blank=True)
    """When the patient came to the end of their own part on their own phone."""
    completed = models.DateTimeField(null=True, blank=True)
    """When it was screened, or set aside for another; nothing changes after that."""

    clinic_path = "patient__clinic"
    objects = ClinicalManager["Intake"]()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "region"], condition=models.Q(completed=None), name="one_open_intake_a_region"
            )
        ]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.region}"

    def save(self, *args: Any, **options: Any) -> None:
        """Refuse any change once the stored row is completed."""
        if self.pk and Intake.objects.filter(pk=self.pk, completed__isnull=False).exists():
            raise Frozen("a completed intake never changes; begin another one")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("intakes are kept")

    @property
    def known(self) -> dict[str, screening.Answer]:
        """The answers as values, by question."""
        by_id = screening.intake_questions().by_id
        return {key: screening.from_plain(by_id[key], raw) for key, raw in self.answers.items() if key in by_id}

    def as_intake(self) -> screening.Intake:
        """What screening reads: no name, only the questions that are asked. Raises BadInput."""
        return screening.Intake.of(self.patient.pseudonym, self.region, self.known)
