"""Sentences that code fills in, and every text a patient reads, each under a key that stays.

A second language is a flat table of the same keys (`exercise.stretch-a.step.A1 = "..."`); what it lacks stays English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from opentraction.care.home.files import load

Texts = Mapping[str, str]
ENGLISH: Texts = {}


@cache
def sentences() -> dict[str, str]:
    """The sentences of words.toml by dotted key."""
    top = load("words.toml")
    return {f"{part}.{key}": text for part, table in top.data.items() for key, text in table.items()}


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence for a patient: a key of words.toml and what fills it, `why` being a key with its English."""

    key: str
    values: tuple[tuple[str, str], ...] = ()
    why: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The sentence in English."""
        return self.said(ENGLISH)

    def said(self, texts: Texts) -> str:
        """The sentence in the language of `texts`."""
        whys = " ".join(texts.get(key, english) for key, english in self.why)
        return texts.get(self.key, sentences()[self.key]).format(**dict(self.values), why=whys)

    def document(self) -> dict[str, object]:
        """Key, fillings and the English sentence."""
        return {"key": self.key, "values": dict(self.values), "why": [list(pair) for pair in self.why]}


def said_from(document: Mapping[str, object]) -> Said:
    """The sentence a `document()` tells."""
    values, why = document["values"], document["why"]
    assert isinstance(values, Mapping)
    assert isinstance(why, list)
    pairs = tuple((str(key), str(value)) for key, value in sorted(values.items()))
    return Said(str(document["key"]), pairs, tuple((str(key), str(text)) for key, text in why))
