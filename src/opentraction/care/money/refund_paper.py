"""The statement of a package that ended early: what was had, what is kept, what comes back and when."""

from __future__ import annotations

from datetime import date

from opentraction.care.money import blocks
from opentraction.care.money.package import Package, Refund, refund_rule
from opentraction.care.money.parties import Clinic, Person


def refund_pdf(refund: Refund, package: Package, clinic: Clinic, person: Person, day: date, paper: str = "a4") -> bytes:
    """One page as PDF/A-2b."""
    due = f"To your account by {blocks.day_words(refund.pay_by)}"
    if refund.due:
        big = blocks.big("Still to pay", refund.due.show())
    else:
        big = blocks.big("You get back", refund.refund.show(), due if refund.refund else "Nothing is left to settle")
    singly = package.list_price * refund.taken
    rows = [
        ["Package", f"{package.sessions} sessions for {package.price.show()}"],
        ["Sessions you had", str(refund.taken)],
        ["Our price for them, from the package", refund.kept.show()],
        ["The same sessions bought singly", singly.show()],
    ]
    settled = ["You get back", refund.refund.show()] if not refund.due else ["Still to pay", refund.due.show()]
    parts = [
        big,
        blocks.table("How it was reckoned", ("What", "Figure"), rows),
        blocks.sums([["You paid", refund.paid.show()], ["We keep", (-refund.kept).show()], settled]),
        blocks.words("The rule", refund_rule().text),
        blocks.words("", "A part of a cent is always rounded for you.", small=True),
        blocks.sign(("For the clinic", clinic.clinician), ("Date", "")),
    ]
    data = blocks.page("Refund", clinic, day, parts, paper=paper, to=blocks.address(person), reference=person.reference)
    return blocks.print_page(data)
