"""Packages of sessions, and how one ended early."""

from __future__ import annotations

from django.db import models

from opentraction.care import money
from opentraction.clinic.billing.models.kept import KeptRecord
from opentraction.clinic.billing.models.papers import CreditNoteRow, InvoiceRow, PaymentRow
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager


class PackageRow(KeptRecord):
    """A package as sold; the sessions from `counts_from` on are taken out of it, as far as it reaches."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="packages")
    invoice = models.OneToOneField(InvoiceRow, on_delete=models.PROTECT, related_name="package")
    counts_from = models.DateField()

    clinic_path = "patient__clinic"
    objects = ClinicalManager["PackageRow"]()

    class Meta:
        verbose_name = "package"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"on {self.invoice}"

    @property
    def package(self) -> money.Package:
        """The package. Raises BadInput where the row was altered."""
        return self.read_as(money.Package)


class PackageEnd(KeptRecord):
    """A package that ended before its last session: what was kept and what went back."""

    package = models.OneToOneField(PackageRow, on_delete=models.PROTECT, related_name="end")
    ended_on = models.DateField()
    reason = models.CharField(max_length=200)
    note = models.OneToOneField(CreditNoteRow, on_delete=models.PROTECT, null=True, related_name="+")
    payment = models.OneToOneField(PaymentRow, on_delete=models.PROTECT, null=True, related_name="+")

    clinic_path = "package__patient__clinic"
    patient_path = "package__patient"
    objects = ClinicalManager["PackageEnd"]()

    class Meta:
        verbose_name = "end of a package"

    def __str__(self) -> str:
        return f"{self.package}, {self.ended_on}"

    @property
    def refund(self) -> money.Refund:
        """What was settled. Raises BadInput where the row was altered."""
        return self.read_as(money.Refund)
