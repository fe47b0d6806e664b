"""What the clinic charges, version by version."""

from __future__ import annotations

from datetime import date

from django.db import models

from opentraction.care import money
from opentraction.clinic.billing.models.kept import KeptRecord
from opentraction.clinic.models import Clinic
from opentraction.clinic.models.clinical import ClinicalManager


class PriceListRow(KeptRecord):
    """One version of the price list, in force from `valid_from` until another one is. Never edited."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="price_lists")
    number = models.PositiveIntegerField()
    valid_from = models.DateField()

    clinic_path = "clinic"
    patient_path = ""
    objects = ClinicalManager["PriceListRow"]()

    class Meta:
        verbose_name = "price list"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["clinic", "number"], name="one_price_list_a_number")]

    def __str__(self) -> str:
        return f"{self.number} from {self.valid_from}"

    @property
    def prices(self) -> money.PriceList:
        """The list. Raises BadInput where the row was altered."""
        return self.read_as(money.PriceList)


def prices_on(clinic: Clinic, day: date) -> PriceListRow | None:
    """The list in force on a day: of those begun the one begun last, of two begun on one day the newer one."""
    rows = PriceListRow.objects.filter(clinic=clinic, valid_from__lte=day)
    return rows.order_by("-valid_from", "-number").first()
