"""Invoice, credit note, receipt, statement and superbill on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from opentraction.care.money import blocks
from opentraction.care.money.account import Account, Payment
from opentraction.care.money.invoice import CreditNote, Invoice
from opentraction.care.money.money import Money, show_percent
from opentraction.care.money.parties import Clinic, Person
from opentraction.care.money.payers import default_words


def invoice_pdf(bill: Invoice, paid: Money | None = None, paper: str = "a4") -> bytes:
    """An invoice; `paid` is what was paid on it so far."""
    totals, tax = bill.totals, bill.tax
    words = "" if tax is None else f"{tax.words} {show_percent(tax.rate)}"
    parts = [
        _about(bill, [("Invoice", bill.number.show()), ("Due", blocks.day_words(bill.due))]),
        blocks.table("What was done", blocks.LINE_NAMES, blocks.line_rows(bill.lines), right=4),
        blocks.sums(blocks.total_rows(totals, words, "Total" if paid else "To pay")),
        *([] if paid is None or not paid else [_paid(bill, paid)]),
        *([blocks.words("Note", bill.note)] if bill.note else []),
        blocks.words("", CODES_ONLY, CORRECTED, small=True),
    ]
    return _print("Invoice", bill, bill.issued, parts, paper)


CODES_ONLY = (
    "Codes name the service for a payer; the words are ours. That a code stands here does not mean that it is paid."
)
CORRECTED = "This invoice is never changed. If something is wrong, you get a credit note that names it."


def credit_pdf(note: CreditNote, bill: Invoice, paper: str = "a4") -> bytes:
    """A credit note, with the lines of its invoice it takes back."""
    rows = [
        [bill.lines[part.line].words, bill.lines[part.line].code or blocks.DASH, part.net.show()] for part in note.parts
    ]
    tax = [["Tax on it", note.tax.show()]] if note.tax else []
    parts = [
        _about(bill, [("Credit note", note.number.show()), ("On invoice", note.invoice.show())]),
        blocks.words("Why", note.reason),
        blocks.table("Taken back", ("What", "Code", "Amount"), rows),
        blocks.sums([*tax, ["You no longer owe", note.total.show()]]),
    ]
    return _print("Credit note", bill, note.issued, parts, paper)


def superbill_pdf(bill: Invoice, paid: Money, paper: str = "us-letter") -> bytes:
    """What a person hands to an insurer: days, codes, diagnoses, numbers of the provider, what was paid."""
    rows = [
        [blocks.day_words(line.on), " ".join((line.code or blocks.DASH, *line.modifiers)), line.words, line.net.show()]
        for line in bill.lines
    ]
    clinic, person = bill.clinic, bill.person
    parts = [
        blocks.pairs(
            ("Patient", [("Name", person.name), ("Born", blocks.day_words(person.born)), ("Number", person.reference)]),
            (
                "Provider",
                [
                    ("Clinician", clinic.clinician),
                    ("NPI", clinic.clinician_npi or clinic.npi),
                    ("Tax number", clinic.tax_number),
                ],
            ),
        ),
        blocks.words("Diagnoses (ICD-10-CM)", ", ".join(person.diagnoses) or blocks.DASH),
        blocks.table("Services", ("Day", "Code", "What", "Charge"), rows, wide=2),
        blocks.sums([["Charged", bill.total.show()], ["Paid by the patient", paid.show()]]),
        blocks.words("", f"Invoice {bill.number.show()}. {default_words().words}", small=True),
        blocks.sign(("Clinician", clinic.clinician), ("Date", "")),
    ]
    return _print("Superbill", bill, bill.issued, parts, paper)


def statement_pdf(account: Account, bill: Invoice, begin: date, end: date, paper: str = "a4") -> bytes:
    """What moved between two days; `bill` names the two sides."""
    carried, entries = account.statement(begin, end)
    rows = [[blocks.day_words(row.on), row.paper, row.words, row.amount.show(), row.balance.show()] for row in entries]
    closing = entries[-1].balance if entries else carried
    name = "You owe" if closing.cents > 0 else "We owe you" if closing.cents < 0 else "Settled"
    parts = [
        blocks.big(name, Money(abs(closing.cents), closing.currency).show(), f"On {blocks.day_words(end)}"),
        blocks.words("", f"Owed before {blocks.day_words(begin)}: {carried.show()}."),
        blocks.table("Since then", ("Day", "Paper", "What", "Amount", "Owed after it"), rows, right=2, wide=2),
    ]
    return _print("Statement", bill, end, parts, paper)


def receipt_pdf(paid: Payment, clinic: Clinic, person: Person, paper: str = "a4") -> bytes:
    """A receipt for money that came in, or went back."""
    back = paid.amount.cents < 0
    rows = [
        ("Receipt", paid.number.show()),
        ("On", blocks.day_words(paid.on)),
        ("How", paid.method),
        ("For", paid.invoice.show() if paid.invoice else "on account"),
        ("Reference", paid.reference),
    ]
    parts = [
        blocks.big("Paid back" if back else "Received", Money(abs(paid.amount.cents), paid.amount.currency).show()),
        blocks.pairs(("This payment", rows), ("From" if not back else "To", [("Name", person.name)])),
        blocks.sign(("For the clinic", ""), ("Date", "")),
    ]
    to = blocks.address(person)
    data = blocks.page("Receipt", clinic, paid.on, parts, paper=paper, to=to, reference=person.reference)
    return blocks.print_page(data)


def _about(bill: Invoice, numbers: Sequence[tuple[str, str]]) -> blocks.Block:
    clinic = [("NPI", bill.clinic.npi), ("Tax number", bill.clinic.tax_number)]
    person = [("Name", bill.person.name), ("Number", bill.person.reference)]
    return blocks.pairs(("This paper", numbers), ("For", person), ("From", clinic))


def _paid(bill: Invoice, paid: Money) -> blocks.Block:
    return blocks.sums([["Paid so far", paid.show()], ["To pay", (bill.total - paid).show()]])


def _print(title: str, bill: Invoice, day: date, parts: Sequence[blocks.Block], paper: str) -> bytes:
    to = blocks.address(bill.person)
    return blocks.print_page(blocks.page(title, bill.clinic, day, parts, paper=paper, to=to))
