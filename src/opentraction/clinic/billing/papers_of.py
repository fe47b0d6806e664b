"""A patient's papers in the order of their numbers: each kind asked for once a page, whoever adds them up."""

from __future__ import annotations

from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.billing.models import CreditNoteRow, InvoiceRow, PackageRow, PaymentRow
from opentraction.clinic.models import Patient


@asked_once
def invoices_of(patient: Patient) -> tuple[InvoiceRow, ...]:
    """Invoices."""
    return tuple(patient.invoices.order_by("number"))


@asked_once
def credit_notes_of(patient: Patient) -> tuple[CreditNoteRow, ...]:
    """What was taken back of them."""
    return tuple(patient.credit_notes.order_by("number"))


@asked_once
def payments_of(patient: Patient) -> tuple[PaymentRow, ...]:
    """Money that came in, and that went back."""
    return tuple(patient.payments.order_by("number"))


@asked_once
def packages_of(patient: Patient) -> tuple[PackageRow, ...]:
    """Sessions paid ahead, each with its invoice and with its end, where it has one."""
    return tuple(patient.packages.select_related("invoice", "end"))
