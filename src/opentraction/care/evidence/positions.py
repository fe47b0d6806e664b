"""What guidelines advise and what regulators did, as data: `positions.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from opentraction.care.evidence.known import Certainty, caveat_of, certainty_of
from opentraction.quantities.toml_file import Table, parse_toml, read_text

FILE: Final = Path(__file__).parent / "positions.toml"
STANCES: Final = {"guideline": ("against", "not recommended", "insufficient"), "regulator": ("cleared", "acted")}


@dataclass(frozen=True, slots=True)
class Position:
    """What one body says: `text` for staff, `plain` for patients."""

    id: str
    who: str
    year: int
    stance: str
    text: str
    plain: str
    certainty: Certainty
    own_caveat: str
    source: str

    @property
    def caveat(self) -> str:
        """The words to show beside it; empty for none."""
        return caveat_of(self.certainty, self.own_caveat)


def guidelines() -> tuple[Position, ...]:
    """What guidelines advise."""
    return _positions("guideline")


def regulators() -> tuple[Position, ...]:
    """What regulators allowed, questioned and stopped."""
    return _positions("regulator")


@cache
def _positions(kind: str) -> tuple[Position, ...]:
    return tuple(_position(one, kind) for one in parse_toml(read_text(FILE), FILE.name).tables(kind))


def _position(table: Table, kind: str) -> Position:
    return Position(
        id=table.text("id"),
        who=table.text("who"),
        year=table.count("year", 1950, 2100),
        stance=table.word("stance", STANCES[kind]),
        text=table.text("text", longest=400),
        plain=table.text("plain", longest=250),
        certainty=certainty_of(table),
        own_caveat=table.text("caveat", ""),
        source=table.text("source", longest=160),
    )
