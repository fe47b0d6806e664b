"""A patient of the clinic. Names and birth date live here and nowhere else; every other room knows the pseudonym."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from django.db import models, transaction
from django.urls import reverse

from opentraction import patient as person
from opentraction.clinic.in_turn import hold_installation
from opentraction.clinic.models.clinic import Clinic
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.patient.patient import REGIONS, SEXES

_NUMBER: Final = re.compile(r"\+?[0-9(][0-9 ()./-]*")
"""The part of a phone number as written that is dialled; `ext. 12` or `mornings` behind it is not."""


class Patient(models.Model):
    """Identity, body and complaint of one person. SI inside: kilograms, metres, newtons."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients")
    number = models.PositiveIntegerField(unique=True, editable=False)
    """Unique in the installation, so that a pseudonym means one person in every clinic."""
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    birth_date = models.DateField()
    sex = models.CharField(max_length=8, choices=[(sex, sex) for sex in SEXES])
    phone = models.CharField(max_length=40, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    mass_kg = models.FloatField()
    stature_m = models.FloatField()
    disc_grade = models.PositiveSmallIntegerField(null=True, blank=True)
    region = models.CharField(max_length=10, choices=[(region, region) for region in REGIONS])
    levels = models.CharField(max_length=80, blank=True)
    complaint = models.CharField(max_length=120, blank=True)
    ceiling_n = models.FloatField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    clinic_path = "clinic"
    patient_path = "pk"
    gone = models.Q(given_name="", family_name="")
    """Rows whose record was removed by the schedule: nobody opens them any more (docs/decisions/0008)."""
    objects = ClinicalManager["Patient"]()

    class Meta:
        ordering = ["family_name", "given_name", "number"]

    def __str__(self) -> str:
        return self.pseudonym

    def save(self, *args: Any, **options: Any) -> None:
        """Give the next free number on the first save, in turn; the database keeps it unique."""
        with transaction.atomic():
            if self.number is None:
                hold_installation()
                last = Patient.objects.aggregate(models.Max("number"))["number__max"]
                self.number = (last or 0) + 1
            super().save(*args, **options)

    @property
    def pseudonym(self) -> str:
        """What recordings and the table call this person, e.g. `P-017`."""
        return f"P-{self.number:03d}"

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def dialled(self) -> str:
        """The phone number as a `tel:` link takes it; empty where too few digits stand together."""
        found = _NUMBER.search(self.phone)
        digits = re.sub(r"[^+0-9]", "", found[0].replace("(0)", "")) if found else ""
        return digits if len(digits) >= 5 else ""

    @property
    def last_session(self) -> Any:
        """The latest session begun, or None; uses what the page has already fetched."""
        return max(self.sessions.all(), key=lambda one: one.created, default=None)

    def age_on(self, day: date) -> int:
        """Whole years lived by `day`."""
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (0 if had_birthday else 1)

    def as_person(self, day: date) -> person.Patient:
        """The same person as every other room knows them: no name, no birth date. Raises BadInput."""
        return person.Patient(
            pseudonym=self.pseudonym,
            body=person.Body(self.mass_kg, self.stature_m, float(self.age_on(day)), self.sex, self.disc_grade),
            complaint=person.Complaint(self.region, tuple(self.levels.split()), self.complaint),
            ceiling=self.ceiling_n,
        )

    def get_absolute_url(self) -> str:
        return reverse("patient", args=[self.pk])
