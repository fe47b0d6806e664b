"""A whole directory file: its kind by its header, then row by row; bad rows are counted, the first ones kept."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from opentraction.care.specialists import plain, registry
from opentraction.care.specialists.lines import LONGEST, Line, Source, lines_of
from opentraction.care.specialists.listing import BadRow, Deactivation, Outcome, american_date
from opentraction.care.specialists.npi import is_npi
from opentraction.care.specialists.taxonomies import Taxonomies, taxonomies
from opentraction.quantities import BadInput, State

KEPT: Final = 100
"""Bad rows whose reason is kept; all are counted."""
DEACTIVATION: Final = ("NPI", "NPPES Deactivation Date")


class Reader(Protocol):
    """Turns one split line into what the directory keeps."""

    def read(self, row: Sequence[str]) -> Outcome:
        """What the row gave. Raises BadRow."""


class DeactivationReader:
    """The registry's list of numbers in use no more, saved as CSV: NPI and date."""

    def __init__(self, header: Sequence[str]) -> None:
        self._at = [header.index(name) for name in DEACTIVATION]

    def read(self, row: Sequence[str]) -> Outcome:
        """A deactivation. Raises BadRow."""
        number, text = (row[place].strip() for place in self._at)
        day = american_date(text)
        if not is_npi(number) or day is None:
            raise BadRow("an NPI and a date are needed")
        return Deactivation(registry.NAME, number, day)


@dataclass(slots=True)
class Report:
    """How far a reading has come: lines, bytes, and what they gave."""

    line: int = 0
    offset: int = 0
    rows: int = 0
    listed: int = 0
    deactivated: int = 0
    others: int = 0
    bad: int = 0
    reasons: list[str] = field(default_factory=list)

    def refuse(self, line: Line, why: str) -> None:
        """Count a bad row; keep the first sentences."""
        self.bad += 1
        if len(self.reasons) < KEPT:
            self.reasons.append(f"Line {line.number}: {why}.")


def open_reading(source: Source, report: Report) -> Iterator[Outcome]:
    """The rows after the place where the report stands; it moves along. Raises BadInput for the header."""
    header, after = _header(source)
    reader = reader_for(header, source.name)
    if not report.offset:
        report.line, report.offset = 1, after
    return _rows(source, report, reader, len(header))


def _header(source: Source) -> tuple[list[str], int]:
    first = next(lines_of(source.stream), None)
    if first is None or first.raw is None:
        raise BadInput("file", State("empty or not a table"), "a CSV with a header line", source.name)
    if first.number != 1:
        raise BadInput("line 1", State("blank"), "the names of the columns", source.name)
    try:
        return _split(first.raw), first.end
    except BadRow as problem:
        raise BadInput("line 1", State(str(problem)), "the names of the columns", source.name) from None


def reader_for(header: Sequence[str], name: str, known: Taxonomies | None = None) -> Reader:
    """The reader for a file with this header. Raises BadInput, naming what is missing."""
    names, known = set(header), known or taxonomies()
    if len(names) < len(header):
        twice = next(column for column in header if header.count(column) > 1)
        raise BadInput("header", twice, "each column once", name)
    if names.issuperset(DEACTIVATION):
        return DeactivationReader(header)
    if "NPI" in names:
        _all_there(registry.NEEDED, names, name)
        return registry.RegistryReader(header, known)
    _all_there(plain.NEEDED, names, name)
    for column in header:
        if column not in {*plain.NEEDED, *plain.OPTIONAL}:
            raise BadInput("header", column, ", ".join((*plain.NEEDED, *plain.OPTIONAL)), name)
    return plain.PlainReader(header, known)


def _all_there(needed: Sequence[str], names: set[str], file: str) -> None:
    missing = [name for name in needed if name not in names]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise BadInput("header", State(f"without {missing[0]!r}{more}"), "the registry's header, or our own", file)


def _rows(source: Source, report: Report, reader: Reader, columns: int) -> Iterator[Outcome]:
    source.stream.seek(0)
    for line in lines_of(source.stream, report.line, report.offset):
        report.line, report.offset = line.number, line.end
        report.rows += 1
        try:
            outcome = reader.read(_row(line, columns))
        except BadRow as problem:
            report.refuse(line, str(problem))
            continue
        _count(report, outcome)
        yield outcome


def _count(report: Report, outcome: Outcome) -> None:
    if outcome is None:
        report.others += 1
    elif isinstance(outcome, Deactivation):
        report.deactivated += 1
    else:
        report.listed += 1


def _row(line: Line, columns: int) -> list[str]:
    if line.raw is None:
        raise BadRow(f"longer than {LONGEST} bytes")
    row = _split(line.raw)
    if len(row) != columns:
        raise BadRow(f"{len(row)} columns instead of {columns}")
    return row


def _split(raw: bytes) -> list[str]:
    try:
        return next(csv.reader((raw.decode("utf-8", "replace"),), strict=True))
    except csv.Error as problem:
        raise BadRow(f"not CSV ({problem}); a row stands on one line") from None
