"""A sum paid in parts: dates and amounts that add up to it exactly."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from opentraction.care.money.money import Money
from opentraction.care.money.record import Record
from opentraction.quantities import BadInput

EVERY: Final = ("week", "two weeks", "month")
MOST: Final = 24


@dataclass(frozen=True, slots=True)
class Instalment(Record):
    """One part, due on a day."""

    due: date
    amount: Money


def instalments(amount: Money, count: int, first: date, every: str = "month") -> tuple[Instalment, ...]:
    """`count` nearly equal parts from `first` on; the odd cents are in the first ones. Raises BadInput."""
    if not 1 <= count <= MOST:
        raise BadInput("instalments.count", count, f"a whole number from 1 to {MOST}")
    if every not in EVERY:
        raise BadInput("instalments.every", every, "one of " + ", ".join(EVERY))
    parts = amount.split([1] * count)
    return tuple(Instalment(_due(first, i, every), part) for i, part in enumerate(parts))


def _due(first: date, number: int, every: str) -> date:
    if every == "month":
        return months_later(first, number)
    return first + timedelta(weeks=number * (2 if every == "two weeks" else 1))


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
