"""Where a fact comes from and how sure it is, in the words people see beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from opentraction.quantities.toml_file import Table

CERTAINTIES: Final = {
    "read": "",
    "memory": "from memory, unverified",
    "design": "our proposal, not yet reviewed",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Who said it, and how sure it is: `read` in a page, from `memory`, or `design`, a proposal of ours."""

    text: str
    certainty: str
    reviewed_by: str = ""

    @property
    def caveat(self) -> str:
        """The words that must stand beside the fact; empty where somebody read it, or reviewed our proposal."""
        return "" if self.certainty == "design" and self.reviewed_by else CERTAINTIES[self.certainty]

    def show(self) -> str:
        """Source and caveat on one line."""
        return f"{self.text} ({self.caveat})" if self.caveat else self.text


def read_source(table: Table) -> Source:
    """The keys source, certainty and reviewed_by of a table. Raises BadInput."""
    text = table.text("source", longest=400)
    if not text:
        raise table.refuse("source", text, "who said so")
    return Source(text, table.word("certainty", CERTAINTIES), table.text("reviewed_by", ""))


def read_day(table: Table, key: str) -> date:
    """A day as text, `"2026-11-22"`, of the years 1900 to 2199. Raises BadInput."""
    written = table.text(key)
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise table.refuse(key, written, 'a day such as "2026-11-22"') from None
    if not 1900 <= day.year < 2200:
        raise table.refuse(key, written, "a day of the years 1900 to 2199")
    return day


def read_texts(table: Table, key: str, longest: int = 400) -> tuple[str, ...]:
    """A list of texts; empty when it is not there. Raises BadInput."""
    value = table.data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one and len(one) <= longest for one in value):
        raise table.refuse(key, value, f"a list of texts of at most {longest} characters")
    return tuple(value)
