"""What is owed: one patient's account as `care.money` reckons it, and the sums of a whole clinic for its lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

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


def owed_to(clinic: Clinic, today: date) -> list[Owed]:
    """Every invoice of a clinic with something open, the longest due first."""
    notes, paid = _by(CreditNoteRow, clinic, "invoice"), _by(PaymentRow, clinic, "invoice")
    balances = balances_of(clinic)
    found = []
    for row in InvoiceRow.objects.filter(clinic=clinic).select_related("patient").order_by("due", "number"):
        cents = row.cents - notes.get(row.pk, 0) - paid.get(row.pk, 0)
        if cents > 0:
            late = row.due < today and balances.get(row.patient_id, 0) > 0
            found.append(Owed(row, Money(cents, row.currency), late))
    return found


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
