"""The comparison as a handout: one landscape page to take home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from opentraction import DISCLAIMER
from opentraction.care.money.blocks import day_words
from opentraction.care.pathways.compare import Card, side_by_side
from opentraction.care.pathways.pathway import ROWS
from opentraction.care.pathways.urgency import Urgency
from opentraction.paper import pdf
from opentraction.quantities import BadInput

TEMPLATE: Final = Path(__file__).parent / "handout.typ"
MOST: Final = 5  # columns a person can still read


def handout_pdf(
    cards: Sequence[Card], urgency: Urgency, clinic: str, day: date, *, reference: str = "", paper: str = "a4"
) -> bytes:
    """One page, landscape, PDF/A-2b, of one to five cards. Raises BadInput for more."""
    if not 1 <= len(cards) <= MOST:
        raise BadInput("cards", len(cards), f"from 1 to {MOST} to lay side by side")
    return pdf(TEMPLATE, handout_data(cards, urgency, clinic, day, reference, paper))


def handout_data(
    cards: Sequence[Card], urgency: Urgency, clinic: str, day: date, reference: str = "", paper: str = "a4"
) -> dict[str, Any]:
    """What stands on it, as the template takes it."""
    table = side_by_side(cards)
    rows = [row for row in table.rows if row[0] != ROWS["article"]]  # what the articles say is on the page, not here
    told = " ".join((urgency.words, *(f"{one.because}." for one in urgency.reasons))) if urgency.urgent else ""
    return {
        "title": "Roads side by side",
        "disclaimer": DISCLAIMER,
        "clinic": {"name": clinic, "lines": [*filter(None, (reference,)), day_words(day)]},
        "day": [day.year, day.month, day.day],
        "paper": paper,
        "flipped": True,
        "urgent": told,
        "names": table.names,
        "standings": table.standings,
        "rows": rows,
        "note": table.note,
    }
