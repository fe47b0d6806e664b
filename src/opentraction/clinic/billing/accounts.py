"""What is owed: one patient's account as `care.money` reckons it, and the sums of a whole clinic for its lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Sum

from opentraction.care.money import Account, Money, total
from opentraction.clinic.billing.models import CreditNoteRow, InvoiceRow, PaymentRow, books_of
from opentraction.clinic.billing.papers_of import credit_notes_of, invoices_of, payments_of
from opentraction.clinic.models import Clinic, Patient


def account_of(patient: Patient) -> Account:
    """Everything between this patient and the clinic. Raises BadInput where a paper was altered."""
    invoices = tuple(row.bill for row in invoices_of(patient))
    currency = invoices[0].currency if invoices else books_of(patient.clinic).currency
    return Account(
        currency=currency,
        invoices=invoices,
        notes=tuple(row.note for row in credit_notes_of(patient)),
        payments=tuple(row.payment for row in payments_of(patient)),
    )


def balance_of(patient: Patient) -> int:
    """What is owed [cents], from the sums the rows repeat."""
    return sum(sign * sum(row.cents for row in rows_of(patient)) for rows_of, sign in PAPERS)


A_PAGE: Final = 50
"""Open invoices shown at a time."""
PAPERS: tuple[tuple[Callable[[Patient], Sequence[Any]], int], ...] = (
    (invoices_of, 1), (credit_notes_of, -1), (payments_of, -1)
)  # fmt: skip
SIGNS: tuple[tuple[Any, int], ...] = ((InvoiceRow, 1), (CreditNoteRow, -1), (PaymentRow, -1))


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice with something open; `late` where the due day has gone by and the patient owes anything."""

    row: InvoiceRow
    open: Money
    late: bool


@dataclass(frozen=True, slots=True)
class Debts:
    """Every invoice of a clinic with something open, the longest due first: number of the row, cents, late."""

    open: tuple[tuple[int, int, bool], ...]
    currency: str

    @property
    def sum(self) -> Money:
        """All that is open."""
        return Money(sum(cents for _, cents, _ in self.open), self.currency)

    @property
    def late(self) -> Money:
        """What of it is late."""
        return Money(sum(cents for _, cents, late in self.open if late), self.currency)

    def page(self, number: str | int = 1) -> Page[Owed]:
        """One page of what may be a long list; the first where `number` is none, past the end the last."""
        page: Page[Any] = Paginator(self.open, A_PAGE).get_page(number)
        rows = InvoiceRow.objects.select_related("patient").in_bulk([pk for pk, *_ in page.object_list])
        page.object_list = [
            Owed(rows[pk], Money(cents, rows[pk].currency), late) for pk, cents, late in page.object_list
        ]
        return page


def owed_to(clinic: Clinic, today: date, currency: str) -> Debts:
    """What a clinic is owed, from the sums that the rows repeat."""
    notes, paid = _by(CreditNoteRow, clinic, "invoice"), _by(PaymentRow, clinic, "invoice")
    balances = balances_of(clinic)
    found = []
    rows = InvoiceRow.objects.filter(clinic=clinic).order_by("due", "number")
    for pk, patient, due, asked in rows.values_list("pk", "patient", "due", "cents"):
        cents = asked - notes.get(pk, 0) - paid.get(pk, 0)
        if cents > 0:
            found.append((pk, cents, due < today and balances.get(patient, 0) > 0))
    return Debts(tuple(found), currency)


def balances_of(clinic: Clinic) -> dict[int, int]:
    """What each patient owes [cents], by patient."""
    balances: dict[int, int] = {}
    for kind, sign in SIGNS:
        for patient, cents in _by(kind, clinic, "patient").items():
            balances[patient] = balances.get(patient, 0) + sign * cents
    return balances


def _by(kind: Any, clinic: Clinic, what: str) -> dict[int, int]:
    rows = kind.objects.filter(clinic=clinic).order_by().values_list(what).annotate(sum=Sum("cents"))
    return {key: int(cents) for key, cents in rows if key is not None}


def summed(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, for lists."""
    return total(amounts, currency)
