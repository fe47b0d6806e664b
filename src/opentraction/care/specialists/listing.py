"""What the directory keeps of one row, whatever file it came from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from opentraction.care.specialists.places import Point

PERSON: Final = "person"
ORGANISATION: Final = "organisation"
LONGEST: Final = 200
"""Characters of any one text. The registry allows 100, in its second version more for names."""


class BadRow(Exception):
    """Why a row is left out: the end of a sentence that begins with its line number."""


@dataclass(frozen=True, slots=True)
class Held:
    """A profession held: registry code, our group, the licence as the holder stated it."""

    code: str
    group: str
    primary: bool
    licence: str = ""
    licence_state: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One listed person or organisation. Only what a patient needs to find them: no sex, no tax number, no official."""

    registry: str
    number: str
    kind: str
    name: str
    sort_name: str
    credential: str
    street: str
    city: str
    state: str
    postal_code: str
    country: str
    phone: str
    listed: date | None
    updated: date | None
    held: tuple[Held, ...]
    point: Point | None = None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deactivation:
    """A number that is in use no more, since `day`."""

    registry: str
    number: str
    day: date


Outcome = Listing | Deactivation | None
"""What a row gave; None is a good row of a profession that the directory does not hold."""

_APART = re.compile(r"[^a-z0-9]+")


def folded(name: str) -> str:
    """A name as it is sorted and searched: lower case, no accents, words apart by one space."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _APART.sub(" ", plain).strip() or name.casefold().strip()


def spoken(name: str) -> str:
    """A name all in capitals, as the registry writes them, in capitals and small letters."""
    return name.title().replace("'S ", "'s ") if name.isupper() else name


def clean(text: str, what: str) -> str:
    """One field without blanks around it. Raises BadRow for what no page could show."""
    short = text.strip()
    if not short.isprintable() or "\ufffd" in short:
        raise BadRow(f"{what} holds a character that cannot be shown")
    if len(short) > LONGEST:
        raise BadRow(f"{what} is longer than {LONGEST} characters")
    return short


@lru_cache(maxsize=20_000)
def american_date(text: str) -> date | None:
    """MM/DD/YYYY; None when empty. Raises BadRow."""
    if not text:
        return None
    try:
        month, day, year = text.split("/")
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadRow(f"{text[:20]!r} is no date written MM/DD/YYYY") from None
