"""A directory file of one's own, for people whom the public registry does not list, or countries without one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from opentraction.care.specialists.listing import (
    ORGANISATION,
    PERSON,
    BadRow,
    Held,
    Listing,
    Outcome,
    clean,
    folded,
)
from opentraction.care.specialists.npi import is_npi
from opentraction.care.specialists.places import Point, read_point
from opentraction.care.specialists.registry import NAME as NPPES
from opentraction.care.specialists.taxonomies import Taxonomies
from opentraction.quantities import BadInput

NEEDED: Final = ("name", "registry", "number", "specialties")
OPTIONAL: Final = (
    "kind",
    "credential",
    "street",
    "city",
    "state",
    "postal_code",
    "country",
    "phone",
    "latitude",
    "longitude",
    "languages",
)
"""`specialties` and `languages` are lists with semicolons: ids of groups, and two-letter codes such as `es`."""


class PlainReader:
    """Turns one split line of such a file into what the directory keeps."""

    def __init__(self, header: Sequence[str], known: Taxonomies) -> None:
        self.known = known
        self._names = [name.strip() for name in header]

    def read(self, row: Sequence[str]) -> Outcome:
        """A listing. Raises BadRow."""
        text = dict.fromkeys(OPTIONAL, "") | {
            name: clean(value, name) for name, value in zip(self._names, row, strict=True)
        }
        for name in NEEDED:
            if not text[name]:
                raise BadRow(f"{name} is missing")
        if text["registry"] == NPPES and not is_npi(text["number"]):
            raise BadRow(f"{text['number'][:20]!r} is no NPI: its check digit or its length is wrong")
        return self._listing(text)

    def _listing(self, text: dict[str, str]) -> Listing:
        groups = _several(text["specialties"])
        for group in groups:
            if group not in self.known.groups:
                raise BadRow(f"specialty {group[:40]!r} is none of {', '.join(self.known.groups)}")
        return Listing(
            registry=text["registry"],
            number=text["number"],
            kind=_kind(text["kind"]),
            name=text["name"],
            sort_name=folded(text["name"]),
            credential=text["credential"],
            street=text["street"],
            city=text["city"],
            state=text["state"],
            postal_code=text["postal_code"],
            country=text["country"].upper() or "US",
            phone=text["phone"],
            listed=None,
            updated=None,
            held=tuple(Held("", group, n == 0) for n, group in enumerate(groups)),
            point=_point(text["latitude"], text["longitude"]),
            languages=tuple(map(_language, _several(text["languages"].lower()))),
        )


def _several(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


def _language(code: str) -> str:
    if not (2 <= len(code) <= 3 and code.isascii() and code.isalpha()):
        raise BadRow(f"language {code[:20]!r} is no code such as en or es")
    return code


def _kind(text: str) -> str:
    if text not in {"", PERSON, ORGANISATION}:
        raise BadRow(f"kind {text[:20]!r} is neither {PERSON} nor {ORGANISATION}")
    return text or PERSON


def _point(latitude: str, longitude: str) -> Point | None:
    if not latitude and not longitude:
        return None
    try:
        return read_point(latitude, longitude, "latitude and longitude")
    except BadInput as refusal:
        raise BadRow(str(refusal).rstrip(".")) from None
