"""Numbered papers: invoices, the notes that take back parts of them, and receipts for payments.

Numbers run in a row for each clinic and kind. The database refuses one given twice; a lock on the books (`Books`),
taken before any number is given out, leaves no gap.
"""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from opentraction.care import money
from opentraction.clinic.billing.models.kept import KeptRecord, Written
from opentraction.clinic.models import Clinic, Patient, TreatmentSession
from opentraction.clinic.models.clinical import ClinicalManager


class NumberedPaper(KeptRecord):
    """`shown` is the whole number, such as `NW-I-000042`; `cents` of `currency` repeat the sum for lists."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    shown = models.CharField(max_length=20)
    on = models.DateField()
    cents = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    clinic_path = "clinic"
    patient_path = "patient"

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.shown

    @property
    def amount(self) -> money.Money:
        """The sum, as lists show it."""
        return money.Money(self.cents, self.currency)


class InvoiceRow(NumberedPaper):
    """What was asked for. A mistake is taken back by a note of its own."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="invoices")
    due = models.DateField()

    objects = ClinicalManager["InvoiceRow"]()

    class Meta:
        verbose_name = "invoice"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["clinic", "number"], name="one_invoice_a_number")]

    def get_absolute_url(self) -> str:
        return reverse("billing:invoice", args=[self.patient_id, self.pk])

    @property
    def bill(self) -> money.Invoice:
        """The invoice. Raises BadInput where the row was altered."""
        return self.read_as(money.Invoice)


class BilledSession(Written):
    """A session stands on a line of an invoice, counted from 0.

    `turn` is 1 the first time; another one comes only after a credit note took the line before back in full.
    """

    invoice = models.ForeignKey(InvoiceRow, on_delete=models.PROTECT, related_name="sessions")
    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="billed")
    line = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField()

    clinic_path = "invoice__clinic"
    patient_path = "invoice__patient"
    objects = ClinicalManager["BilledSession"]()

    class Meta:
        verbose_name = "billed session"
        constraints = [models.UniqueConstraint(fields=["session", "turn"], name="a_session_is_billed_once")]

    def __str__(self) -> str:
        return f"{self.session} on {self.invoice}"


class CreditNoteRow(NumberedPaper):
    """What was taken back of an invoice, and why."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="credit_notes")
    invoice = models.ForeignKey(InvoiceRow, on_delete=models.PROTECT, related_name="notes")

    objects = ClinicalManager["CreditNoteRow"]()

    class Meta:
        verbose_name = "credit note"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["clinic", "number"], name="one_credit_note_a_number")]

    @property
    def note(self) -> money.CreditNote:
        """The note. Raises BadInput where the row was altered."""
        return self.read_as(money.CreditNote)


class PaymentRow(NumberedPaper):
    """Money that came in, or went back where `cents` is below zero."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="payments")
    invoice = models.ForeignKey(InvoiceRow, on_delete=models.PROTECT, related_name="payments", null=True, blank=True)
    method = models.CharField(max_length=30)

    objects = ClinicalManager["PaymentRow"]()

    class Meta:
        verbose_name = "payment"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["clinic", "number"], name="one_receipt_a_number")]

    @property
    def payment(self) -> money.Payment:
        """The payment. Raises BadInput where the row was altered."""
        return self.read_as(money.Payment)
