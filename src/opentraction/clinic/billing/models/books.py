"""The books of a clinic: how its papers are numbered, and what stands on them about it."""

from __future__ import annotations

from typing import Any

from django.db import models

from opentraction.care import money
from opentraction.care.money.money import CURRENCIES
from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.models import Clinic
from opentraction.clinic.models.clinical import ClinicalManager, Frozen

PAPERS = [("us-letter", "US Letter"), ("a4", "A4")]


class Books(models.Model):
    """One row a clinic. Whoever gives out a number holds this row's lock, so that numbers come one after the other."""

    clinic = models.OneToOneField(Clinic, on_delete=models.PROTECT, primary_key=True, related_name="books")
    prefix = models.CharField(max_length=6)
    """Begins every number; stays once a paper was given out."""
    currency = models.CharField(max_length=3, choices=[(one, one) for one in CURRENCIES], default="USD")
    comma = models.BooleanField(default=False)
    """Whether amounts are typed 95,00 rather than 95.00."""
    paper = models.CharField(max_length=10, choices=PAPERS, default="us-letter")
    state = models.CharField(max_length=40, blank=True)
    npi = models.CharField(max_length=10, blank=True)
    tax_number = models.CharField(max_length=20, blank=True)
    clinician = models.CharField(max_length=80, blank=True)
    clinician_npi = models.CharField(max_length=10, blank=True)
    due_days = models.PositiveSmallIntegerField(default=14)
    tax_words = models.CharField(max_length=40, blank=True)
    tax_rate = models.CharField(max_length=10, blank=True)
    """As `8.25 %`; empty where nothing is taxed."""

    clinic_path = "clinic"
    patient_path = ""
    objects = ClinicalManager["Books"]()

    class Meta:
        verbose_name = "books"

    def __str__(self) -> str:
        return f"of {self.clinic}"

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("books are kept")

    def side(self) -> money.Clinic:
        """The clinic as it stands on a paper."""
        lines = [*self.clinic.address.splitlines(), self.clinic.phone, self.clinic.email, self.clinic.web]
        return money.Clinic(
            name=self.clinic.name,
            lines=tuple(line.strip() for line in lines if line.strip()),
            state=self.state,
            npi=self.npi,
            tax_number=self.tax_number,
            clinician=self.clinician,
            clinician_npi=self.clinician_npi,
        )

    def tax(self) -> money.Tax | None:
        """The tax on taxable lines; None where there is none. Raises BadInput for a rate that is no percentage."""
        if not self.tax_rate:
            return None
        return money.Tax(self.tax_words or "Tax", money.parse_percent(self.tax_rate, "tax rate"))


@asked_once
def books_of(clinic: Clinic) -> Books:
    """The clinic's books, to look at; not stored while nobody has written in them."""
    return Books.objects.filter(clinic=clinic).select_related("clinic").first() or fresh(clinic)


def fresh(clinic: Clinic) -> Books:
    """Books as a clinic begins with them."""
    return Books(clinic=clinic, prefix=f"C{clinic.pk}"[:6])
