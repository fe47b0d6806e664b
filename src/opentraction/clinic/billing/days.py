"""Days that papers carry, as they are written in a form."""

from __future__ import annotations

from datetime import date

from opentraction.quantities import BadInput

FIRST_YEAR, LAST_YEAR = 2000, 2199


def read_day(text: str, where: str, low: date | None = None, high: date | None = None) -> date:
    """`2026-03-04`. Raises BadInput."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput(where, text, "a day such as 2026-03-04") from None
    low, high = low or date(FIRST_YEAR, 1, 1), high or date(LAST_YEAR, 12, 31)
    if not low <= day <= high:
        raise BadInput(where, text, f"a day from {low.isoformat()} to {high.isoformat()}")
    return day
