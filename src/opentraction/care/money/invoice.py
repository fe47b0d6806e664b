"""Invoices and credit notes: numbered in a row, never edited; a mistake is taken back by a note of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from opentraction.care.money.bill import Discount, Line, Tax, Totals, discounted, totals
from opentraction.care.money.money import Money, total, zero
from opentraction.care.money.numbering import Numbered
from opentraction.care.money.parties import Clinic, Person
from opentraction.care.money.record import Record
from opentraction.quantities import BadInput, State


@dataclass(frozen=True, slots=True)
class Invoice(Record):
    """What was done, what it costs, and who owes it to whom."""

    number: Numbered
    clinic: Clinic
    person: Person
    issued: date
    due: date
    lines: tuple[Line, ...]
    tax: Tax | None
    currency: str
    note: str = ""

    def __post_init__(self) -> None:
        if not self.lines:
            raise BadInput("invoice.lines", State("empty"), "at least one line")
        if any(line.elsewhere for line in self.lines):
            raise BadInput("invoice.lines", "a line billed by somebody else", "what this clinic did itself")
        for line in self.lines:
            if line.unit.currency != self.currency:
                raise BadInput("invoice.currency", line.unit.currency, f"{self.currency} on every line")
        if self.due < self.issued:
            raise BadInput("invoice.due", self.due.isoformat(), f"{self.issued.isoformat()} or later")

    @property
    def totals(self) -> Totals:
        """What the lines add up to."""
        return totals(self.lines, self.tax, self.currency)

    @property
    def total(self) -> Money:
        """What is owed for it."""
        return self.totals.total


@dataclass(frozen=True, slots=True)
class Credited(Record):
    """An amount before tax taken back on one line of the invoice, counted from 0."""

    line: int
    net: Money


@dataclass(frozen=True, slots=True)
class CreditNote(Record):
    """Takes back a part of an invoice, with the tax that was on it, and says why."""

    number: Numbered
    invoice: Numbered
    issued: date
    reason: str
    parts: tuple[Credited, ...]
    tax: Money

    @property
    def total(self) -> Money:
        """What the person no longer owes, with tax."""
        return total((part.net for part in self.parts), self.tax.currency) + self.tax


def invoice(
    number: Numbered,
    clinic: Clinic,
    person: Person,
    issued: date,
    due: date,
    lines: Sequence[Line],
    discounts: Sequence[Discount] = (),
    tax: Tax | None = None,
) -> Invoice:
    """An invoice with the discounts spread over its lines. Raises BadInput."""
    currency = lines[0].unit.currency if lines else "USD"
    return Invoice(number, clinic, person, issued, due, discounted(lines, discounts), tax, currency)


def credit(
    bill: Invoice,
    earlier: Sequence[CreditNote],
    number: Numbered,
    issued: date,
    reason: str,
    parts: Sequence[Credited],
) -> CreditNote:
    """A credit note on `bill` beside the `earlier` ones. Raises BadInput for more than is left, or for no reason.

    Its tax is the tax before less the tax after, so that all notes together give back exactly what was asked.
    """
    if len(reason.strip()) < 5:
        raise BadInput("reason", reason, "a reason of at least 5 characters")
    if not parts or issued < bill.issued:
        raise BadInput("credit note", issued.isoformat(), f"a part to take back, on {bill.issued} or later")
    before = left(bill, earlier)
    after = _less(before, parts)
    tax = _tax(bill, before) - _tax(bill, after)
    return CreditNote(number, bill.number, issued, reason.strip(), tuple(parts), tax)


def credit_all(bill: Invoice, earlier: Sequence[CreditNote], number: Numbered, issued: date, reason: str) -> CreditNote:
    """A credit note on everything that is left of an invoice. Raises BadInput where nothing is."""
    parts = [Credited(i, net) for i, net in enumerate(left(bill, earlier)) if net]
    return credit(bill, earlier, number, issued, reason, parts)


def left(bill: Invoice, notes: Sequence[CreditNote]) -> tuple[Money, ...]:
    """What still stands on each line, before tax."""
    nets = tuple(line.net for line in bill.lines)
    for note in notes:
        if note.invoice != bill.number:
            raise BadInput("credit note", note.number.show(), f"a note on {bill.number.show()}")
        nets = _less(nets, note.parts)
    return nets


def _less(nets: tuple[Money, ...], parts: Sequence[Credited]) -> tuple[Money, ...]:
    after = list(nets)
    for part in parts:
        if not 0 <= part.line < len(after):
            raise BadInput("credit note.line", part.line, f"a line from 0 to {len(after) - 1}")
        if not zero(part.net.currency) < part.net <= after[part.line]:
            raise BadInput("credit note.net", part.net.show(), f"above zero, at most {after[part.line].show()}")
        after[part.line] -= part.net
    return tuple(after)


def _tax(bill: Invoice, nets: tuple[Money, ...]) -> Money:
    if bill.tax is None:
        return zero(bill.currency)
    taxed = (net for net, line in zip(nets, bill.lines, strict=True) if line.taxable)
    return bill.tax.of(total(taxed, bill.currency))


def done_on(line: Line, day: date) -> Line:
    """The line with the day it was done on, as a superbill needs it."""
    return replace(line, on=day)
