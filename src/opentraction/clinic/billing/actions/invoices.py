"""Issuing invoices and taking back what was wrong on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care import money
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.billing.actions.books import next_number, open_books
from opentraction.clinic.billing.given import Given, sessions_given
from opentraction.clinic.billing.models import BilledSession, Books, CreditNoteRow, InvoiceRow, NumberedPaper, person_of
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput, State


@dataclass(frozen=True, slots=True)
class Draft:
    """What an invoice shall hold: a line for each of `sessions` first, in their order, then whatever else."""

    lines: tuple[money.Line, ...]
    sessions: tuple[Any, ...]
    """Primary keys of the sessions on the first lines."""
    due: date
    discounts: tuple[money.Discount, ...] = ()


def bill_of(patient: Patient, draft: Draft, number: money.Numbered, books: Books, today: date) -> money.Invoice:
    """The invoice a draft would become, to show before it is issued. Raises BadInput."""
    person = person_of(patient, clinical=True)
    return money.invoice(
        number, books.side(), person, today, draft.due, draft.lines, draft.discounts, _tax(books, draft)
    )


def _tax(books: Books, draft: Draft) -> money.Tax | None:
    """A paper without a taxable line says nothing of tax."""
    return books.tax() if any(line.taxable for line in draft.lines) else None


@transaction.atomic
def issue_invoice(patient: Patient, draft: Draft, *, by: User, now: datetime) -> InvoiceRow:
    """Give out the next number. Raises BadInput for a session that is on an invoice, in a package or does not count."""
    roles.require(by, roles.BILL, of=patient)
    books = open_books(patient.clinic)
    billed = billable(patient, draft.sessions)
    today = day_at(books.clinic, now)
    bill = bill_of(patient, draft, next_number(books, "invoice"), books, today)
    row = InvoiceRow(patient=patient, due=bill.due)
    number_paper(row, books, bill.number, bill, bill.total, today)
    sign(row, by, now)
    for line, one in enumerate(billed):
        BilledSession(invoice=row, session=one.session, line=line, turn=one.turn, at=now, by=by).save()
    record("issue invoice", row, by=by, total=bill.total.written(), sessions=[one.number for one in billed])
    return row


def billable(patient: Patient, chosen: Sequence[Any]) -> list[Given]:
    """The chosen sessions, each of which can be billed now. Raises BadInput for one that cannot, or stands twice."""
    given = {one.session.pk: one for one in sessions_given(patient)}
    found = []
    for pk in chosen:
        one = given.get(pk)
        if one is None or not one.to_bill or one in found:
            name = f"number {one.number}" if one else State("not one that was given")
            raise BadInput("session", name, "a session that was given, counts, and stands on no invoice or package")
        found.append(one)
    return found


def number_paper(
    row: NumberedPaper, books: Books, number: money.Numbered, paper: Any, amount: money.Money, on: date
) -> None:
    """What every numbered paper repeats of what it holds."""
    row.clinic, row.number, row.shown, row.on = books.clinic, number.number, number.show(), on
    row.cents, row.currency = amount.cents, amount.currency
    row.keep(paper)


def sign(row: NumberedPaper, by: User, now: datetime) -> None:
    """Written by whom and when, and stored."""
    row.by, row.at = by, now
    row.save()


@transaction.atomic
def credit_invoice(
    row: InvoiceRow, parts: Sequence[money.Credited], reason: str, *, by: User, now: datetime
) -> CreditNoteRow:
    """Take back parts of an invoice, everything where none is named. Raises BadInput for more than is left."""
    roles.require(by, roles.BILL, of=row)
    if hasattr(row, "package"):
        raise BadInput("invoice", row.shown, "an invoice of no package; a package is ended on its own page")
    return write_note(open_books(row.clinic), row, parts, reason, by=by, now=now)


def write_note(
    books: Books, row: InvoiceRow, parts: Sequence[money.Credited], reason: str, *, by: User, now: datetime
) -> CreditNoteRow:
    """The note itself, under the books' lock."""
    bill, today = row.bill, day_at(books.clinic, now)
    earlier = [one.note for one in row.notes.order_by("number")]
    number = next_number(books, "credit note")
    if parts:
        note = money.credit(bill, earlier, number, today, reason, parts)
    else:
        note = money.credit_all(bill, earlier, number, today, reason)
    kept = CreditNoteRow(patient=row.patient, invoice=row)
    number_paper(kept, books, number, note, note.total, today)
    sign(kept, by, now)
    record("credit invoice", kept, by=by, invoice=row.shown, total=note.total.written())
    return kept
