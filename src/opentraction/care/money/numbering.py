"""Numbers of papers: one row for each clinic and kind, without a gap and without a number given twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from opentraction.care.money.record import Record
from opentraction.quantities import BadInput, State

KINDS: Final = {"invoice": "I", "credit note": "C", "receipt": "R"}
_PREFIX = re.compile(r"^[A-Z0-9]{1,6}$", re.ASCII)
_SHOWN = re.compile(r"^([A-Z0-9]{1,6})-([ICR])-([0-9]{6,9})$", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Numbered(Record):
    """The `number`-th paper of a kind in the row of one clinic."""

    clinic: str
    kind: str
    number: int

    def __post_init__(self) -> None:
        if not _PREFIX.match(self.clinic):
            raise BadInput("number.clinic", self.clinic, "one to six capital letters and digits")
        if self.kind not in KINDS:
            raise BadInput("number.kind", self.kind, "one of " + ", ".join(KINDS))
        if not 1 <= self.number <= 999_999_999:
            raise BadInput("number", self.number, "a whole number from 1")

    def show(self) -> str:
        """`NW-I-000042`."""
        return f"{self.clinic}-{KINDS[self.kind]}-{self.number:06d}"


def parse_number(text: str) -> Numbered:
    """`NW-I-000042` read back. Raises BadInput."""
    match = _SHOWN.match(text)
    if match is None:
        raise BadInput("number", text, 'the number of a paper, such as "NW-I-000042"')
    kind = next(kind for kind, letter in KINDS.items() if letter == match[2])
    return Numbered(match[1], kind, int(match[3]))


def following(given: Iterable[Numbered], clinic: str, kind: str) -> Numbered:
    """The next number of a row, after those `given`; numbers of other rows are passed over."""
    last = max((one.number for one in given if (one.clinic, one.kind) == (clinic, kind)), default=0)
    return Numbered(clinic, kind, last + 1)


def check_row(given: Iterable[Numbered]) -> None:
    """Raises BadInput where a row begins late, has a gap, or gives a number twice."""
    rows: dict[tuple[str, str], list[Numbered]] = {}
    for one in given:
        rows.setdefault((one.clinic, one.kind), []).append(one)
    for row in rows.values():
        for expected, one in enumerate(sorted(row), start=1):
            if one.number < expected:
                raise BadInput(one.show(), State("given twice"), "each number once")
            if one.number > expected:
                missing = Numbered(one.clinic, one.kind, expected)
                raise BadInput(missing.show(), State("missing"), "a row without a gap")
