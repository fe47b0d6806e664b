"""What is different between two versions of the words, section by section, word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from opentraction.care.consent.text import ConsentText

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that stayed, are gone, or are new."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One section (or further purpose) that is not as it was."""

    id: str
    title: str
    pieces: tuple[Piece, ...]


def changes(old: ConsentText, new: ConsentText, region: str) -> tuple[Change, ...]:
    """What differs for somebody whose `region` is treated; in the order of the new version, what is gone at the end."""
    before, after = _parts(old, region), _parts(new, region)
    return tuple(
        Change(key, (after.get(key) or before[key])[0], pieces)
        for key in [*after, *(key for key in before if key not in after)]
        if (pieces := _pieces(before.get(key), after.get(key)))
    )


def _parts(text: ConsentText, region: str) -> dict[str, tuple[str, str]]:
    """Title and words by section, and by purpose."""
    sections = {one.id: (one.title, "\n".join(one.text)) for one in text.for_region(region)}
    return sections | {f"purpose {one.id}": (one.title, one.text) for one in text.purposes}


def _pieces(before: tuple[str, str] | None, after: tuple[str, str] | None) -> tuple[Piece, ...]:
    """Nothing where both say the same. A new title counts as a change of words."""
    if before == after:
        return ()
    said = [_words(one) if one else [] for one in (before, after)]
    return tuple(_told(*said))


def _words(part: tuple[str, str]) -> list[str]:
    """Words with the space after them, so that joining them gives the text again."""
    return re.findall(r"\S+\s*", "\n".join(part))


def _told(before: list[str], after: list[str]) -> Iterator[Piece]:
    for what, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(before[a:b]))
            continue
        if b > a:
            yield Piece("gone", "".join(before[a:b]))
        if d > c:
            yield Piece("new", "".join(after[c:d]))
