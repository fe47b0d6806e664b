"""Rows of the public registry (NPPES): who is in it, where, and which professions they state.

Columns are found by name. What the registry lists is what its holders stated: being in it proves no licence.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Final

from opentraction.care.specialists.header import TAXONOMIES
from opentraction.care.specialists.listing import (
    ORGANISATION,
    PERSON,
    BadRow,
    Deactivation,
    Held,
    Listing,
    Outcome,
    american_date,
    clean,
    folded,
    spoken,
)
from opentraction.care.specialists.npi import is_npi
from opentraction.care.specialists.taxonomies import Taxonomies

NAME: Final = "NPPES"
_PLACE: Final = "Provider Business Practice Location Address "
COLUMNS: Final = {
    "npi": "NPI",
    "entity": "Entity Type Code",
    "organisation": "Provider Organization Name (Legal Business Name)",
    "family": "Provider Last Name (Legal Name)",
    "given": "Provider First Name",
    "credential": "Provider Credential Text",
    "street": "Provider First Line Business Practice Location Address",
    "city": _PLACE + "City Name",
    "state": _PLACE + "State Name",
    "postal_code": _PLACE + "Postal Code",
    "country": _PLACE + "Country Code (If outside U.S.)",
    "phone": _PLACE + "Telephone Number",
    "listed": "Provider Enumeration Date",
    "updated": "Last Update Date",
    "deactivated": "NPI Deactivation Date",
    "reactivated": "NPI Reactivation Date",
}
CODES: Final = tuple(f"Healthcare Provider Taxonomy Code_{n}" for n in range(1, TAXONOMIES + 1))
LICENCES: Final = tuple(f"Provider License Number_{n}" for n in range(1, TAXONOMIES + 1))
STATES: Final = tuple(f"Provider License Number State Code_{n}" for n in range(1, TAXONOMIES + 1))
PRIMARY: Final = tuple(f"Healthcare Provider Primary Taxonomy Switch_{n}" for n in range(1, TAXONOMIES + 1))
NEEDED: Final = (*COLUMNS.values(), *CODES, *LICENCES, *STATES, *PRIMARY)
MASKS: Final = frozenset("$*_")
"""With these the registry hides a number that looks like a social security or tax number (its Readme, 1.1)."""


class RegistryReader:
    """Turns one split line of the registry's file into what the directory keeps."""

    def __init__(self, header: Sequence[str], known: Taxonomies) -> None:
        at = {name: place for place, name in enumerate(header)}
        self.known = known
        self._fields = itemgetter(*(at[name] for name in COLUMNS.values()))
        self._codes = itemgetter(*(at[name] for name in CODES))
        self._more = [itemgetter(*(at[name] for name in names)) for names in (LICENCES, STATES, PRIMARY)]

    def read(self, row: Sequence[str]) -> Outcome:
        """A listing, a deactivation, or None for professions we do not hold. Raises BadRow."""
        field = dict(zip(COLUMNS, self._fields(row), strict=True))
        if not is_npi(field["npi"]):
            raise BadRow(f"{field['npi'][:20]!r} is no NPI: its check digit or its length is wrong")
        gone, back = american_date(field["deactivated"]), american_date(field["reactivated"])
        if gone and not (back and back >= gone):
            return Deactivation(NAME, field["npi"], gone)
        codes = self._codes(row)
        if self.known.codes.keys().isdisjoint(codes):
            return None
        return self._listing(field, self._held(row, codes))

    def _held(self, row: Sequence[str], codes: Sequence[str]) -> tuple[Held, ...]:
        licences, states, primary = (more(row) for more in self._more)
        return tuple(
            Held(
                code, self.known.codes[code].group, primary[n] == "Y", _licence(licences[n]), clean(states[n], "state")
            )
            for n, code in enumerate(codes)
            if code in self.known.codes and code not in codes[:n]
        )

    def _listing(self, field: dict[str, str], held: tuple[Held, ...]) -> Listing:
        text = {name: clean(value, name.replace("_", " ")) for name, value in field.items()}
        kind, name, sort_name = _name(text)
        return Listing(
            registry=NAME,
            number=text["npi"],
            kind=kind,
            name=name,
            sort_name=sort_name,
            credential=text["credential"],
            street=spoken(text["street"]),
            city=spoken(text["city"]),
            state=text["state"],
            postal_code=text["postal_code"],
            country=text["country"] or "US",
            phone=text["phone"],
            listed=american_date(text["listed"]),
            updated=american_date(text["updated"]),
            held=held,
        )


def _name(text: dict[str, str]) -> tuple[str, str, str]:
    """Kind, name as shown, name as sorted. Raises BadRow where the entity type or its name is missing."""
    if text["entity"] == "2":
        if not text["organisation"]:
            raise BadRow("an organisation without a name")
        return ORGANISATION, spoken(text["organisation"]), folded(text["organisation"])
    if text["entity"] != "1":
        raise BadRow(f"entity type code {text['entity'][:20]!r} is neither 1 (a person) nor 2 (an organisation)")
    if not text["family"]:
        raise BadRow("a person without a family name")
    shown = f"{spoken(text['given'])} {spoken(text['family'])}".strip()
    return PERSON, shown, folded(f"{text['family']} {text['given']}")


def _licence(number: str) -> str:
    short = clean(number, "licence number")
    return "" if short and MASKS.issuperset(short) else short
