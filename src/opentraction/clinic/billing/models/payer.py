"""Who else may pay, and what a paper needs to know of the patient; each change is a row of its own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models

from opentraction.care import money
from opentraction.care.money.cover import STALE_AFTER
from opentraction.care.money.instalments import months_later
from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.billing.models.kept import Written, unaltered
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager


class BillTo(Written):
    """Address and payer by the front desk, `diagnoses` (ICD-10-CM) by those who sign. The newest row counts."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="bill_to")
    address = models.TextField(blank=True, max_length=400)
    payer = models.CharField(max_length=40, blank=True)
    member = models.CharField(max_length=40, blank=True)
    diagnoses = models.JSONField(default=list, blank=True)

    clinic_path = "patient__clinic"
    objects = ClinicalManager["BillTo"]()

    class Meta:
        verbose_name = "bill to"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.patient.pseudonym


@asked_once
def bill_to(patient: Patient) -> BillTo:
    """What is known now; an empty row, not stored, where nothing is."""
    return BillTo.objects.filter(patient=patient).first() or BillTo(patient=patient)


def person_of(patient: Patient, clinical: bool) -> money.Person:
    """The patient as they stand on a paper; the diagnoses only where they are asked for."""
    known = bill_to(patient)
    return money.Person(
        name=patient.name,
        born=patient.birth_date,
        lines=tuple(line.strip() for line in known.address.splitlines() if line.strip()),
        reference=patient.pseudonym,
        diagnoses=tuple(known.diagnoses) if clinical else (),
    )


class CoverCheck(Written):
    """A payer's policy held against what was known of one patient on one day."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="cover_checks")
    payer = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=20)
    facts = models.JSONField(default=dict)
    result = models.TextField()
    sha256 = models.CharField(max_length=64)
    read_on = models.DateField(null=True)
    """The older of the policy's own date and the day it was read."""

    clinic_path = "patient__clinic"
    objects = ClinicalManager["CoverCheck"]()

    class Meta:
        verbose_name = "check of cover"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.payer or 'no payer'}"

    @property
    def said(self) -> dict[str, Any]:
        """What was said, by the fields of `care.money.Cover`. Raises BadInput where the row was altered."""
        return dict(unaltered(self.result, self.sha256))

    def stale(self, today: date) -> bool:
        """Whether the policy or the check itself lies more than twelve months back."""
        oldest = min(filter(None, (self.read_on, _day(self.at))))
        return today > months_later(oldest, STALE_AFTER)


def _day(at: datetime) -> date:
    return at.date()
