"""Who signed what, and what the signature means: bound to the very words by their hash, and kept as it was given."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from opentraction.clinic.models.clinic import Clinic
from opentraction.clinic.models.clinical import ClinicalManager, Frozen
from opentraction.clinic.models.patient import Patient
from opentraction.quantities.canonical import sha256 as sha256_of

MEANINGS = ("prescribed", "screened", "overrode", "consented", "witnessed", "reviewed", "amended")
CONFIRMED = ("password", "recently", "command line")
"""How the signer was known: by the password given with it or within two minutes before, or as who runs the machine."""


class Signature(models.Model):
    """Name, time and meaning beside a document (21 CFR Part 11 §11.50 names these three). The row signed is `kind` and
    `object_id`; `sha256` is of its canonical text, so that a signature cannot be moved to other words (§11.70).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures")
    name = models.CharField(max_length=150)
    """The signer's name as it was then."""
    at = models.DateTimeField()
    meaning = models.CharField(max_length=12, choices=[(word, word) for word in MEANINGS])
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=64)
    subject = models.CharField(max_length=120)
    """What was signed, in words."""
    sha256 = models.CharField(max_length=64)
    confirmed = models.CharField(max_length=12, choices=[(word, word) for word in CONFIRMED])
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, null=True, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="signatures")

    clinic_path = "clinic"
    patient_path = "patient"
    objects = ClinicalManager["Signature"]()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["kind", "object_id"], name="signatures_of_a_row")]

    def __str__(self) -> str:
        return f"{self.name}, {self.meaning}, {self.at:%Y-%m-%d %H:%M} UTC"

    def save(self, *args: Any, **options: Any) -> None:
        """Given once."""
        if self.pk is not None:
            raise Frozen("a signature stays as it was given")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("signatures are kept")

    def is_of(self, canonical: str) -> bool:
        """Whether these are the words that were signed."""
        return self.sha256 == sha256_of(canonical)
