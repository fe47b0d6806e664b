"""How sure we are of a fact ourselves, and the words that must stand beside it."""

from __future__ import annotations

from typing import Final, Literal, cast

from opentraction.quantities.toml_file import Table

Certainty = Literal["read", "memory", "design"]
CERTAINTIES: Final = ("read", "memory", "design")
FROM_MEMORY: Final = "from memory, unverified"
OUR_PROPOSAL: Final = "our own proposal"


def certainty_of(table: Table) -> Certainty:
    """The key `certainty`, one of the three words. Raises BadInput."""
    return cast(Certainty, table.word("certainty", CERTAINTIES))


def caveat_of(certainty: Certainty, own: str = "") -> str:
    """What must be shown with the fact; empty when it was read and nothing else is to be said."""
    tag = {"read": "", "memory": FROM_MEMORY, "design": OUR_PROPOSAL}[certainty]
    return "; ".join(part for part in (tag, own) if part)
