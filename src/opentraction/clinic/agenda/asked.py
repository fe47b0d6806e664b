"""What a browser sends, read into values. All raise BadInput with the field's name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from opentraction.care import booking
from opentraction.quantities import BadInput

LONGEST: Final = 120
FARTHEST: Final = date(2100, 1, 1)


def line(sent: Mapping[str, str], name: str, longest: int = LONGEST) -> str:
    """Text on one line; empty when nothing was sent."""
    text = sent.get(name, "").strip()
    if len(text) > longest or not text.isprintable():
        raise BadInput(name, text, f"one line of at most {longest} characters")
    return text


def day(sent: Mapping[str, str], name: str, otherwise: date) -> date:
    """A date as YYYY-MM-DD, of this age."""
    text = sent.get(name, "").strip()
    if not text:
        return otherwise
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if not date(2000, 1, 1) <= found < FARTHEST:
        raise BadInput(name, text, "a date such as 2026-05-23")
    return found


def start(sent: Mapping[str, str], name: str = "start") -> datetime:
    """A moment as a button says it: with its zone, to the minute."""
    text = sent.get(name, "").strip()
    try:
        found = datetime.fromisoformat(text)
        whole = found.tzinfo is not None and found.second == found.microsecond == 0
        if whole and 2000 <= found.year < FARTHEST.year:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadInput(name, text, "a time that the page offers")


def kind(sent: Mapping[str, str], otherwise: str = "session") -> booking.Kind:
    """A kind of appointment."""
    return booking.kind(sent.get("kind", "").strip() or otherwise)


def whole(sent: Mapping[str, str], name: str) -> int | None:
    """A whole number, such as the key of a row; None when nothing was sent."""
    text = sent.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadInput(name, text, "a whole number, or nothing")
    return int(text)


def minute(sent: Mapping[str, str], name: str, otherwise: int) -> int:
    """A time of the day as minutes."""
    text = sent.get(name, "").strip()
    return booking.minute_written(text, name) if text else otherwise


def weekdays(sent: list[str]) -> frozenset[int]:
    """Ticked weekdays, 0 for Monday."""
    for one in sent:
        if one not in {"0", "1", "2", "3", "4", "5", "6"}:
            raise BadInput("weekdays", one, "weekdays from 0 (Monday) to 6")
    return frozenset(map(int, sent))
