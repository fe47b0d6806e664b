"""What insurers are called: found by any part of their name, without case or accents."""

from __future__ import annotations

from typing import Final

from opentraction.care.specialists import folded
from opentraction.clinic.directory.models import Offer

MOST: Final = 100
"""Names that one search takes; a part of a word that fits more is no search."""


def insurers_like(typed: str) -> list[str]:
    """Every insurer of the directory whose name holds each of the words typed, as it is kept; in order."""
    words = folded(typed).split()
    names = Offer.objects.filter(kind=Offer.INSURANCE).order_by("value").values_list("value", flat=True).distinct()
    return [name for name in names if all(word in folded(name) for word in words)][:MOST] if words else []


def meant(kind: str, value: str) -> list[str]:
    """The kept values that an offer asked for means: of insurers those that are called so, else the very value."""
    return insurers_like(value) if kind == Offer.INSURANCE else [value]
