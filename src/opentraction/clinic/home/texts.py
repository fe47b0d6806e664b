"""The words of the home programme in a language."""

from __future__ import annotations

from opentraction.care.home import home_texts
from opentraction.care.home.words import Texts


def texts_of(language: str) -> Texts:
    """The table of a language that is offered; English, which stands in the data, for every other."""
    return home_texts(language[:2])
