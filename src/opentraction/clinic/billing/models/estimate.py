"""Estimates of a course, kept as they were reckoned, and when they were given to the patient."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse

from opentraction.care import money
from opentraction.clinic.billing.models.kept import KeptRecord, Written, unaltered
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager

HOW = [("paper", "on paper"), ("e-mail", "by e-mail"), ("portal", "in the portal"), ("read out", "read out, then sent")]


class EstimateRow(KeptRecord):
    """One estimate; `good_faith` is the good-faith estimate made of it, empty where the form's numbers were missing."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="estimates")
    made_on = models.DateField()
    booked_on = models.DateField(null=True, blank=True)
    """When the visit was booked; None where somebody only asked."""
    good_faith = models.TextField(blank=True)
    good_faith_sha256 = models.CharField(max_length=64, blank=True)

    clinic_path = "patient__clinic"
    objects = ClinicalManager["EstimateRow"]()

    class Meta:
        verbose_name = "estimate"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.made_on}"

    def get_absolute_url(self) -> str:
        return reverse("billing:estimate-kept", args=[self.patient_id, self.pk])

    @property
    def course(self) -> money.CourseEstimate:
        """The estimate. Raises BadInput where the row was altered."""
        return self.read_as(money.CourseEstimate)

    @property
    def form(self) -> money.GoodFaith | None:
        """The good-faith estimate; None where none could be made. Raises BadInput where the row was altered."""
        if not self.good_faith:
            return None
        document: Any = unaltered(self.good_faith, self.good_faith_sha256)
        return money.GoodFaith.from_document(document)


class EstimateGiven(Written):
    """The day the patient got it, and how."""

    estimate = models.OneToOneField(EstimateRow, on_delete=models.PROTECT, related_name="given")
    on = models.DateField()
    how = models.CharField(max_length=10, choices=HOW)

    clinic_path = "estimate__patient__clinic"
    patient_path = "estimate__patient"
    objects = ClinicalManager["EstimateGiven"]()

    class Meta:
        verbose_name = "estimate given"

    def __str__(self) -> str:
        return f"{self.estimate} on {self.on}"
