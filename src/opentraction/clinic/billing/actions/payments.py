"""Money that comes in, and money that goes back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care.money import Money, Payment
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.billing.accounts import account_of
from opentraction.clinic.billing.actions.books import next_number, open_books
from opentraction.clinic.billing.actions.invoices import number_paper, sign
from opentraction.clinic.billing.models import Books, InvoiceRow, PaymentRow
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput

LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid, how, and for which invoice; `on` is today unless it is said."""

    amount: Money
    method: str
    invoice: InvoiceRow | None = None
    on: date | None = None
    reference: str = ""


@transaction.atomic
def take_payment(patient: Patient, paid: Paid, *, by: User, now: datetime) -> PaymentRow:
    """Note a payment. Raises BadInput for more than is open on the invoice it is for; on account it may be more."""
    roles.require(by, roles.BILL, of=patient)
    books = open_books(patient.clinic)
    _is_money_here(paid.amount, books)
    if paid.invoice is not None:
        _fits(patient, paid.invoice, paid.amount)
    return write_payment(books, patient, paid, by=by, now=now)


def _is_money_here(amount: Money, books: Books) -> None:
    if amount.currency != books.currency:
        raise BadInput("payment.amount", amount.show(), f"an amount in {books.currency}, the currency of the books")
    if amount.cents <= 0:
        raise BadInput("payment.amount", amount.show(), "an amount above zero")


def _fits(patient: Patient, invoice: InvoiceRow, amount: Money) -> None:
    if invoice.patient_id != patient.pk:
        raise BadInput("invoice", invoice.shown, "an invoice of this patient")
    still = account_of(patient).open(invoice.bill)
    if amount > still:
        rule = f"at most {still.show()}, what is open on {invoice.shown}; or take it on account"
        raise BadInput("payment.amount", amount.show(), rule)


@transaction.atomic
def pay_back(patient: Patient, paid: Paid, *, by: User, now: datetime) -> PaymentRow:
    """Pay out what the clinic owes the patient. Raises BadInput for more than that."""
    roles.require(by, roles.BILL, of=patient)
    books = open_books(patient.clinic)
    _is_money_here(paid.amount, books)
    owed = -account_of(patient).balance
    if paid.amount > owed:
        rule = f"at most {owed.show()}, what we owe" if owed.cents > 0 else "nothing; we owe this patient nothing"
        raise BadInput("payment.amount", paid.amount.show(), rule)
    return write_payment(books, patient, replace(paid, amount=-paid.amount), by=by, now=now)


def write_payment(books: Books, patient: Patient, paid: Paid, *, by: User, now: datetime) -> PaymentRow:
    """The receipt itself, under the books' lock. Raises BadInput for a day to come."""
    today = day_at(books.clinic, now)
    day, invoice = paid.on or today, paid.invoice
    if day > today:
        raise BadInput("payment.on", day.isoformat(), f"{today.isoformat()} or earlier")
    number = next_number(books, "receipt")
    bill = invoice.bill.number if invoice else None
    payment = Payment(number, day, paid.amount, paid.method, bill, paid.reference)
    row = PaymentRow(patient=patient, invoice=invoice, method=paid.method)
    number_paper(row, books, number, payment, paid.amount, day)
    sign(row, by, now)
    act = "take payment" if paid.amount.cents > 0 else "pay back"
    on = invoice.shown if invoice else ""
    record(act, row, by=by, amount=paid.amount.written(), method=paid.method, invoice=on)
    return row
