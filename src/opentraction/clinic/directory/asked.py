"""What a browser sends, read into values. All raise BadInput with the field's name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from opentraction.care.specialists import MILE, read_where
from opentraction.clinic.directory.actions.profiles import Evidence
from opentraction.clinic.directory.models import Offer
from opentraction.clinic.directory.search import PAGES, Query
from opentraction.quantities import BadInput

RADII: Final = ("5", "10", "25", "50", "100")
"""Miles."""
LONGEST: Final = 80


def query_of(sent: Mapping[str, str]) -> Query:
    """The search a form asks for."""
    near, name = line(sent, "near"), line(sent, "name")
    language, insurance = line(sent, "language"), line(sent, "insurance")
    offers = [(Offer.LANGUAGE, language)] * bool(language) + [(Offer.INSURANCE, insurance.casefold())] * bool(insurance)
    offers += [(kind, "") for kind in (Offer.FEE, Offer.REFUND) if sent.get(kind) == "yes"]
    return Query(
        where=read_where(near) if near else None,
        radius=float(choice(sent, "radius", RADII, "25")) * MILE,
        group=line(sent, "specialty"),
        name=name,
        offers=tuple(offers),
        by_rating=choice(sent, "order", ("distance", "reviews"), "distance") == "reviews",
        page=whole(sent, "page", 1, PAGES) or 1,
    )


def line(sent: Mapping[str, str], name: str, longest: int = LONGEST) -> str:
    """Text on one line; empty when nothing was sent."""
    text = sent.get(name, "").strip()
    if len(text) > longest or not text.isprintable():
        raise BadInput(name, text, f"one line of at most {longest} characters")
    return text


def choice(sent: Mapping[str, str], name: str, words: tuple[str, ...], otherwise: str) -> str:
    """One of a few words."""
    word = sent.get(name, "") or otherwise
    if word not in words:
        raise BadInput(name, word, "one of " + ", ".join(words))
    return word


def whole(sent: Mapping[str, str], name: str, low: int, high: int) -> int | None:
    """A whole number; None when nothing was sent."""
    text = sent.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and low <= int(text) <= high):
        raise BadInput(name, text, f"a whole number from {low} to {high}, or nothing")
    return int(text)


def day(sent: Mapping[str, str], name: str) -> date | None:
    """A date as YYYY-MM-DD; None when nothing was sent."""
    text = sent.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(name, text, "a date such as 2026-05-23, or nothing") from None


def several(sent: Mapping[str, str], name: str) -> list[str]:
    """A list with commas."""
    return [part.strip() for part in line(sent, name, 400).split(",") if part.strip()]


def evidence_of(sent: Mapping[str, str]) -> Evidence:
    """What a form says of competence and cost."""
    refund = choice(sent, "refund", ("unknown", "yes", "no"), "unknown")
    return Evidence(
        device_training=line(sent, "device_training", 120),
        device_training_on=day(sent, "device_training_on"),
        board=line(sent, "board", 120),
        years=whole(sent, "years", 0, 80),
        sessions_a_year=whole(sent, "sessions_a_year", 0, 100_000),
        outcomes_n=whole(sent, "outcomes_n", 0, 1_000_000),
        outcomes_better=whole(sent, "outcomes_better", 0, 1_000_000),
        adverse_n=whole(sent, "adverse_n", 0, 1_000_000),
        fee=line(sent, "fee", 80),
        refund={"yes": True, "no": False}.get(refund),
    )
