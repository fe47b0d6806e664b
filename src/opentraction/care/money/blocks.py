"""The blocks a paper about money is laid out from, and the page around them; paper.typ draws them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from opentraction import DISCLAIMER
from opentraction.care.money.bill import Line, Totals
from opentraction.care.money.parties import Clinic, Person
from opentraction.paper import pdf

TEMPLATE: Final = Path(__file__).parent / "paper.typ"
PAPERS: Final = ("a4", "us-letter")
DASH: Final = "–"
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

Block = dict[str, Any]
Rows = Sequence[Sequence[str]]


def day_words(day: date | None) -> str:
    """`22 November 2026`; a dash for none."""
    return DASH if day is None else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def page(title: str, clinic: Clinic, day: date, blocks: Sequence[Block], **more: Any) -> dict[str, Any]:
    """The data of a paper, as the letterhead takes them; `more` are further keys of the letterhead."""
    return {
        "title": title,
        "running": f"{title}, {day_words(day)}",
        "disclaimer": DISCLAIMER,
        "clinic": clinic.head(),
        "date": day_words(day),
        "day": [day.year, day.month, day.day],
        "blocks": list(blocks),
        **more,
    }


def print_page(data: dict[str, Any]) -> bytes:
    """The paper as PDF/A-2b."""
    return pdf(TEMPLATE, data)


def address(person: Person) -> list[str]:
    """Name and address, a line each."""
    return [person.name, *person.lines]


def pairs(*columns: tuple[str, Rows]) -> Block:
    """Columns of names and values side by side; pairs without a value show a dash."""
    shown = [(head, [(name, value or DASH) for name, value in rows]) for head, rows in columns]
    return {"kind": "pairs", "columns": shown}


def table(head: str, names: Sequence[str], rows: Rows, right: int = 1, wide: int = 0) -> Block:
    """A table whose last `right` columns are numbers and whose column `wide` takes the room left."""
    return {"kind": "lines", "head": head, "names": names, "rows": rows, "right": right, "wide": wide}


def sums(rows: Rows) -> Block:
    """Sums at the right edge, the last one heavy."""
    return {"kind": "sums", "rows": rows}


def big(name: str, value: str, words: str = "") -> Block:
    """One number that rules the page."""
    return {"kind": "big", "name": name, "value": value, "words": words}


def words(head: str, *texts: str, small: bool = False) -> Block:
    """Paragraphs."""
    return {"kind": "small" if small else "words", "head": head, "texts": texts}


def sign(*who: tuple[str, str]) -> Block:
    """Lines to sign on."""
    return {"kind": "sign", "who": who}


def line_rows(lines: Sequence[Line]) -> list[list[str]]:
    """Words, code, number, price of one, taken off, amount."""
    return [
        [
            line.words,
            " ".join((line.code or DASH, *line.modifiers)),
            str(line.quantity),
            line.unit.show(),
            line.discount.show() if line.discount else DASH,
            line.net.show(),
        ]
        for line in lines
    ]


LINE_NAMES: Final = ("What", "Code", "Number", "Each", "Taken off", "Amount")


def total_rows(all_of: Totals, tax_words: str, name: str) -> list[list[str]]:
    """Sum, what is taken off, tax, total; without the rows that say nothing."""
    rows = [["Sum", all_of.gross.show()]] if all_of.discount or all_of.tax else []
    rows += [["Taken off", (-all_of.discount).show()]] if all_of.discount else []
    rows += [[f"{tax_words} on {all_of.taxable.show()}", all_of.tax.show()]] if all_of.tax else []
    return [*rows, [name, all_of.total.show()]]
