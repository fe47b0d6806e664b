"""The good-faith estimate on one page, laid out after the public CMS form."""

from __future__ import annotations

from typing import Any

from opentraction.care.money import blocks
from opentraction.care.money.bill import Line
from opentraction.care.money.good_faith import GoodFaith, rules

COUNSEL = "Layout after the public CMS form (CMS-10791). Have counsel check it before use."


def good_faith_pdf(given: GoodFaith, paper: str = "us-letter") -> bytes:
    """One page, US Letter unless asked otherwise, as PDF/A-2b."""
    return blocks.print_page(good_faith_data(given, paper))


def good_faith_data(given: GoodFaith, paper: str = "us-letter") -> dict[str, Any]:
    """What stands on it, as the template takes it."""
    told = rules().told
    parts = [
        _who(given),
        blocks.big("Expected cost of what we do ourselves", given.total.show(), _scope(given)),
        blocks.table("Details", _NAMES, [_row(given, line) for line in given.lines], right=3),
        *_tax(given),
        *_early(given),
        *_separate(given),
        blocks.words("What this estimate is", *(told[key] for key in _SAID), small=True),
        blocks.words("If you are billed more", told["gfe.dispute"], told["gfe.where"], small=True),
        blocks.words(
            "", f"{COUNSEL} Source: {rules().source.show()}. Estimate {given.estimate_sha256[:16]}.", small=True
        ),
    ]
    return blocks.page("Good-faith estimate", given.clinic, given.made_on, parts, paper=paper)


_SAID = ("gfe.what", "gfe.may-differ", "gfe.repeated", "gfe.no-contract")
_NAMES = ("Service", "Diagnosis", "Code", "Number", "Each", "Expected")


def _who(given: GoodFaith) -> blocks.Block:
    clinic, person = given.clinic, given.person
    patient = [
        ("Name", person.name),
        ("Born", blocks.day_words(person.born)),
        ("Address", ", ".join(person.lines)),
        ("Number", person.reference),
    ]
    provider = [
        ("Clinic", clinic.name),
        ("Clinician", ", ".join(filter(None, (clinic.clinician, clinic.clinician_npi)))),
        ("State", clinic.state),
        ("NPI", clinic.npi),
        ("Tax number", clinic.tax_number),
    ]
    return blocks.pairs(("Patient", patient), ("Provider", provider))


def _scope(given: GoodFaith) -> str:
    first = "" if given.first_visit is None else f", the first on {blocks.day_words(given.first_visit)}"
    until = blocks.day_words(given.valid_until)
    return f"Spinal decompression, non-surgical: {given.sessions} sessions planned{first}. Holds until {until}."


def _row(given: GoodFaith, line: Line) -> list[str]:
    diagnosis = ", ".join(given.person.diagnoses) or blocks.DASH
    each = line.unit.show() + (f" less {line.discount.show()}" if line.discount else "")
    return [line.words, diagnosis, line.code or blocks.DASH, str(line.quantity), each, line.net.show()]


def _tax(given: GoodFaith) -> list[blocks.Block]:
    if not given.tax:
        return []
    return [blocks.sums([["Tax", given.tax.show()], ["Expected in all", given.total.show()]])]


def _early(given: GoodFaith) -> list[blocks.Block]:
    """The course may end at any review; the form does not ask for this, the person does."""
    if not given.early:
        return []
    listed = "; ".join(f"after {one.sessions} sessions {one.total.show()}" for one in given.early)
    return [blocks.words("If you stop early", f"You will have paid: {listed}. {given.refund}")]


def _separate(given: GoodFaith) -> list[blocks.Block]:
    """What others do and bill; the law wants it named."""
    if not given.separate:
        return []
    listed = "; ".join(f"{line.words}, about {line.net.show()}" for line in given.separate)
    said = f"{listed}. Booked and billed by others, only if needed; ask them, or us, for an estimate of their own."
    return [blocks.words("Perhaps needed, and not in the sum", said)]
