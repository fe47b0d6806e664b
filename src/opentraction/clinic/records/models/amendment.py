"""A request to correct the record, and what was decided: the row it is about stays as it was written."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.db import models

from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.clinic.records.models.written_once import WrittenOnce

ASKED_BY: Final = {"patient": "the patient", "representative": "a representative", "staff": "staff"}


class Amendment(WrittenOnce):
    """What should stand there, and why. `kind` and `object_id` name the row; both empty: the record as a whole."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="amendments")
    kind = models.CharField(max_length=80, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    about = models.CharField(max_length=120)
    """The row in words, as it was called then."""
    what = models.TextField()
    why = models.TextField()
    asked_by = models.CharField(max_length=16, choices=list(ASKED_BY.items()))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    """Who wrote the request down."""

    clinic_path = "patient__clinic"
    objects = ClinicalManager["Amendment"]()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["kind", "object_id"], name="amendments_of_a_row")]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.about}"[:120]

    @property
    def decided(self) -> AmendmentDecision | None:
        """The decision; None while it is open."""
        return getattr(self, "decision", None)

    def said(self) -> dict[str, Any]:
        """The request as its audit row has it: which, not what; the words stay in the record."""
        return {"amendment": self.pk, "kind": self.kind, "object": self.object_id, "asked_by": self.asked_by}


class AmendmentDecision(WrittenOnce):
    """Accepted or refused, with the reason; once."""

    amendment = models.OneToOneField(Amendment, on_delete=models.PROTECT, related_name="decision")
    accepted = models.BooleanField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    clinic_path = "amendment__patient__clinic"
    patient_path = "amendment__patient"
    objects = ClinicalManager["AmendmentDecision"]()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.amendment} {'accepted' if self.accepted else 'refused'}"
