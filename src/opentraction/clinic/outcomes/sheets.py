"""Lists as CSV for a spreadsheet: one line a row, no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

_RUNS = ("=", "+", "-", "@", "\t", "\r")


def csv_file(name: str, columns: Sequence[str], lines: Iterable[Iterable[object]]) -> HttpResponse:
    """The whole file as an answer to be saved."""
    text = io.StringIO()
    writer = csv.writer(text)
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
    return f"'{text}" if isinstance(value, str) and text.startswith(_RUNS) else text
