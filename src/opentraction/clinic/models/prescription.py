"""A prescription: a draft while it is written, frozen for good once signed. A change is a new version.

The plans it means for the patient, one for each session of its course, are `SignedPlan` rows.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse

from opentraction.clinic.in_turn import hold
from opentraction.clinic.models.clinical import ClinicalManager, Frozen
from opentraction.clinic.models.patient import Patient


class Prescription(models.Model):
    """The document as the clinician wrote it (TOML) and who signed it."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="prescriptions")
    version = models.PositiveIntegerField(editable=False)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="amendments")
    title = models.CharField(max_length=120)
    document = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)

    clinic_path = "patient__clinic"
    objects = ClinicalManager["Prescription"]()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "version"], name="one_version_each"),
            models.CheckConstraint(
                name="signed_is_whole",
                condition=models.Q(signed_at=None, signed_by=None)
                | models.Q(signed_at__isnull=False, signed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} version {self.version}"

    @property
    def signed(self) -> bool:
        return self.signed_at is not None

    def save(self, *args: Any, **options: Any) -> None:
        """Refuse any change once the stored row is signed; number the version, in turn, on the first save."""
        if self.pk and Prescription.objects.filter(pk=self.pk, signed_at__isnull=False).exists():
            raise Frozen("a signed prescription never changes; write an amendment")
        with transaction.atomic():
            if self.version is None:
                hold(self.patient)
                last = Prescription.objects.filter(patient=self.patient).aggregate(last=models.Max("version"))["last"]
                self.version = (last or 0) + 1
            super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("prescriptions are kept")

    def get_absolute_url(self) -> str:
        return reverse("prescription", args=[self.pk])
