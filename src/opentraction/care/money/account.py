"""What one person owes one clinic: invoices less credit notes, payments less refunds, and a statement of it all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from opentraction.care.money.invoice import CreditNote, Invoice
from opentraction.care.money.money import Money, total, zero
from opentraction.care.money.numbering import Numbered
from opentraction.care.money.record import Record
from opentraction.quantities import BadInput

METHODS: Final = ("cash", "card", "bank transfer", "cheque", "health savings account", "other")


@dataclass(frozen=True, slots=True)
class Payment(Record):
    """Money that came in, or went back where `amount` is below zero; `invoice` is what it was for, if it was said."""

    number: Numbered
    on: date
    amount: Money
    method: str
    invoice: Numbered | None = None
    reference: str = ""

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise BadInput("payment.method", self.method, "one of " + ", ".join(METHODS))
        if not self.amount:
            raise BadInput("payment.amount", self.amount.show(), "an amount other than zero; below zero is a refund")


@dataclass(frozen=True, slots=True)
class Entry(Record):
    """A row of a statement: `amount` adds to what is owed, below zero it takes away; `balance` is owed after it."""

    on: date
    paper: str
    words: str
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class Account:
    """Everything between one person and one clinic, in one currency."""

    currency: str
    invoices: tuple[Invoice, ...] = ()
    notes: tuple[CreditNote, ...] = ()
    payments: tuple[Payment, ...] = ()

    @property
    def balance(self) -> Money:
        """What is owed; below zero the clinic owes it."""
        return self._asked() - total((one.amount for one in self.payments), self.currency)

    def open(self, bill: Invoice) -> Money:
        """What is owed for one invoice: less its notes and the payments said to be for it."""
        notes = total((one.total for one in self.notes if one.invoice == bill.number), self.currency)
        paid = total((one.amount for one in self.payments if one.invoice == bill.number), self.currency)
        return bill.total - notes - paid

    def paid_for(self, bill: Invoice) -> Money:
        """What was paid for one invoice: what was said to be for it, and what is on account and nothing else needs."""
        still = self.open(bill)
        free = still - self.balance
        nothing = zero(self.currency)
        return bill.total - still + min(max(still, nothing), max(free, nothing))

    def overdue(self, today: date) -> tuple[Invoice, ...]:
        """The invoices with something owed and a due day gone by; none while the balance is settled."""
        if self.balance <= zero(self.currency):
            return ()
        return tuple(one for one in self.invoices if one.due < today and self.open(one) > zero(self.currency))

    def entries(self) -> tuple[Entry, ...]:
        """Every movement in order of day, each with the balance after it; the last is the account's."""
        balance, rows = zero(self.currency), []
        for on, _, paper, words, amount in sorted(self._moves(), key=lambda move: move[:3]):
            balance += amount
            rows.append(Entry(on, paper, words, amount, balance))
        return tuple(rows)

    def statement(self, begin: date, end: date) -> tuple[Money, tuple[Entry, ...]]:
        """What was owed before `begin`, and the movements from `begin` to `end`, both days in."""
        every = self.entries()
        before = [row for row in every if row.on < begin]
        carried = before[-1].balance if before else zero(self.currency)
        return carried, tuple(row for row in every if begin <= row.on <= end)

    def _asked(self) -> Money:
        asked = total((one.total for one in self.invoices), self.currency)
        return asked - total((one.total for one in self.notes), self.currency)

    def _moves(self) -> Iterable[tuple[date, int, str, str, Money]]:
        """Of one day: invoices first, then notes, then payments."""
        for bill in self.invoices:
            yield bill.issued, 0, bill.number.show(), "Invoice", bill.total
        for note in self.notes:
            yield note.issued, 1, note.number.show(), f"Credit on {note.invoice.show()}: {note.reason}", -note.total
        for paid in self.payments:
            words = "Payment" if paid.amount.cents > 0 else "Refund"
            yield paid.on, 2, paid.number.show(), f"{words}, {paid.method}", -paid.amount
