"""Selling sessions together, and settling a package that ends early."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care import money
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.billing.accounts import account_of
from opentraction.clinic.billing.actions.books import open_books
from opentraction.clinic.billing.actions.invoices import Draft, issue_invoice, write_note
from opentraction.clinic.billing.actions.payments import Paid, write_payment
from opentraction.clinic.billing.given import open_package, sessions_given
from opentraction.clinic.billing.models import Books, CreditNoteRow, InvoiceRow, PackageEnd, PackageRow, PriceListRow
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput


@transaction.atomic
def sell_package(
    patient: Patient, prices: PriceListRow, sessions: int, price: money.Money, due_days: int, *, by: User, now: datetime
) -> PackageRow:
    """Sell sessions together, on an invoice of their own. Raises BadInput while another package has sessions left."""
    roles.require(by, roles.BILL, of=patient)
    books = open_books(patient.clinic)
    item = prices.prices.session
    package = money.Package(sessions, price, item.price)
    running = open_package(patient)
    if running is not None:
        left = running[0].package.sessions - running[1]
        raise BadInput("package", running[0].invoice.shown, f"no package with sessions left; this one has {left}")
    if item.taxable and books.tax_rate:
        raise BadInput("package", item.words, "sessions that are not taxed; sell taxed ones one by one")
    today = day_at(books.clinic, now)
    words = f"Package of {sessions} sessions: {item.words}"[:120]
    line = money.Line(words, 1, price, money.zero(price.currency), item.kind, item.code)
    row = PackageRow(patient=patient, counts_from=today, at=now, by=by)
    row.invoice = issue_invoice(patient, Draft((line,), (), _due(today, due_days)), by=by, now=now)
    row.keep(package)
    row.save()
    record("sell package", row, by=by, sessions=sessions, price=price.written())
    return row


def _due(today: date, days: int) -> date:
    return today + timedelta(days=days)


def settled(row: PackageRow, today: date) -> money.Refund:
    """What would be settled if the package ended now: sessions taken by the domain's rule, what was paid for it."""
    taken = sum(one.package == row for one in sessions_given(row.patient))
    paid = account_of(row.patient).paid_for(row.invoice.bill)
    return money.settle(row.package, taken, paid, today)


@transaction.atomic
def end_package(row: PackageRow, reason: str, method: str, *, by: User, now: datetime) -> PackageEnd:
    """End a package early: a credit note for what is not kept, and the refund paid out. Raises BadInput if it ended."""
    roles.require(by, roles.BILL, of=row)
    books = open_books(row.patient.clinic)
    if PackageEnd.objects.filter(package=row).exists():
        raise BadInput("package", row.invoice.shown, "a package that has not ended")
    today = day_at(books.clinic, now)
    refund = settled(row, today)
    if refund.taken >= row.package.sessions:
        raise BadInput("package", row.invoice.shown, "a package with sessions left; every one of this was taken")
    end = PackageEnd(package=row, ended_on=today, reason=reason, at=now, by=by)
    end.keep(refund)
    end.note = _note(books, row, refund, reason, by, now)
    if refund.refund:
        words = f"Refund of a package, {row.invoice.shown}"
        paid = Paid(-refund.refund, method, _from_where(row, refund), reference=words)
        end.payment = write_payment(books, row.patient, paid, by=by, now=now)
    end.save()
    record("end package", end, by=by, taken=refund.taken, refund=refund.refund.written())
    return end


def _from_where(row: PackageRow, refund: money.Refund) -> InvoiceRow | None:
    """The package's invoice where the payments for it cover the refund; else it comes from the account."""
    over = -account_of(row.patient).open(row.invoice.bill)  # its credit note is written
    return row.invoice if refund.refund <= over else None


def _note(
    books: Books, row: PackageRow, refund: money.Refund, reason: str, by: User, now: datetime
) -> CreditNoteRow | None:
    """The part of the price that is not kept; none where all of it is."""
    back = row.package.price - refund.kept
    if not back:
        return None
    parts = [money.Credited(0, back)]
    return write_note(books, row.invoice, parts, f"Package ended: {reason}", by=by, now=now)
