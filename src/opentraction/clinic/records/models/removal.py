"""The removal of a record whose time has passed: asked for by one, confirmed by another, and what is left to say so."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models

from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.clinic.records.models.written_once import WrittenOnce


class RemovalRequest(WrittenOnce):
    """One person asks: by which rule, from which last act on, until when it was kept, and what became of a copy."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="removal_requests")
    rule = models.CharField(max_length=40)
    years = models.PositiveSmallIntegerField()
    last_act = models.DateField()
    until = models.DateField()
    copy = models.CharField(max_length=400)
    """The hash of the copy that was taken out, or why none was."""
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    clinic_path = "patient__clinic"
    objects = ClinicalManager["RemovalRequest"]()

    class Meta:
        ordering = ["id"]
        verbose_name = "request to remove"

    def __str__(self) -> str:
        return f"{self.patient.pseudonym}, kept until {self.until}"

    def canonical(self) -> str:
        """What the second person signs."""
        said = {
            "doc": "removal",
            "request": self.pk,
            "patient": self.patient.pseudonym,
            "rule": self.rule,
            "years": self.years,
            "last_act": self.last_act.isoformat(),
            "until": self.until.isoformat(),
            "copy": self.copy,
            "at": self.at.isoformat(),
            "by": self.by.get_username(),
        }
        return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Removal(WrittenOnce):
    """What is left: how many rows of which kind, which recordings, the hash of the record as it was, who and when."""

    request = models.OneToOneField(RemovalRequest, on_delete=models.PROTECT, related_name="removal")
    counts = models.JSONField()
    recordings = models.JSONField(default=list)
    """The sessions whose recordings went with it; whatever of them is found later goes too."""
    sha256 = models.CharField(max_length=64)
    """Of `record.json` as it would have been taken out a moment before: a copy can be known by it, nothing be read."""
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    clinic_path = "request__patient__clinic"
    patient_path = "request__patient"
    objects = ClinicalManager["Removal"]()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.request.patient.pseudonym} removed"

    @property
    def rows(self) -> int:
        """All rows that went."""
        counts: dict[str, Any] = self.counts
        return sum(counts.values())
