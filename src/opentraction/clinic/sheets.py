"""Lists as CSV for a spreadsheet: one line a row, no cell that a spreadsheet would run.

Every cell stands in quotes: where a comma is the decimal mark, a spreadsheet cuts lines at semicolons, and what follows
one would be a cell of its own.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from django.http import HttpResponse

RUNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_file(name: str, columns: Sequence[str], lines: Iterable[Iterable[object]]) -> HttpResponse:
    """The whole file as an answer to be saved."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for line in lines:
        writer.writerow([plain(value) for value in line])
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8", headers=head)


def plain(value: object) -> str:
    """A cell; missing is empty, and words that begin like a formula begin with an apostrophe instead."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and _runs(text) else text


def _runs(text: str) -> bool:
    """Whether a spreadsheet would take it for a formula: full-width signs and blanks before them count too."""
    if text.startswith(RUNS):
        return True
    return unicodedata.normalize("NFKC", text.lstrip()[:1]).startswith(RUNS)
