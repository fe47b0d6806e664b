"""A made-up registry file with the real file's header, for tests and measurements. No one in it exists.

Shares (people and organisations, deactivated, second professions) are invented to be of a likely size. Practices crowd
as people do: a few ZIP codes hold many, most hold few (log-normal weights). One seed gives one file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TextIO

import numpy as np

from opentraction.care.specialists.header import HEADER
from opentraction.care.specialists.npi import with_check_digit
from opentraction.care.specialists.places import ZipCode, zip_codes
from opentraction.care.specialists.taxonomies import taxonomies
from opentraction.quantities.streams import Streams

FIRST: Final = ("Ada", "Bo", "Cleo", "Dov", "Edda", "Fynn", "Gia", "Hal", "Ines", "Jory", "Kaj", "Lio", "Mina", "Nils")
START: Final = (
    "Bra",
    "Cor",
    "Del",
    "Fen",
    "Gar",
    "Hol",
    "Jen",
    "Kel",
    "Lam",
    "Mor",
    "Nor",
    "Pel",
    "Quin",
    "Ros",
    "Tor",
)
MIDDLE: Final = ("ba", "co", "de", "fi", "go", "la", "mo", "ni", "ra", "se", "ta", "vi")
END: Final = ("dale", "ford", "gren", "lund", "man", "nik", "ran", "son", "sted", "well")
OTHER: Final = ("163W00000X", "183500000X", "207Q00000X", "1041C0700X", "122300000X", "363L00000X")
"""Nurse, pharmacist, family doctor, social worker, dentist, nurse practitioner (from memory, unverified)."""
WEIGHTS: Final = {"111N00000X": 20.0, "225100000X": 40.0, "207X00000X": 8.0, "261QP2000X": 8.0}
"""How often our professions are met beside 2 for every other one."""
CHUNK: Final = 10_000
_AT: Final = {name: place for place, name in enumerate(HEADER)}
_EMPTY: Final = ('""',) * len(HEADER)


def write_registry(out: TextIO, rows: int, seed: int, share: float = 1.0, first: int = 0) -> None:
    """Write the header and `rows` rows; `share` of them with a profession that the directory holds.

    `first` is the number of the first row: two files that overlap in it list the same people, changed.
    """
    out.write(",".join(f'"{name}"' for name in HEADER) + "\n")
    places = sorted(zip_codes(), key=lambda one: one.code)
    for start in range(0, rows, CHUNK):
        count = min(CHUNK, rows - start)
        out.writelines(_rows(places, seed, first + start, count, share))


def _rows(places: Sequence[ZipCode], seed: int, start: int, count: int, share: float) -> Iterator[str]:
    streams = Streams(seed)
    crowd = streams.stream("crowd").lognormal(0.0, 1.5, len(places))
    chance = streams.stream("rows", start)
    codes = list(taxonomies().codes)
    odds = np.array([WEIGHTS.get(code, 2.0) for code in codes])
    where = chance.choice(len(places), count, p=crowd / crowd.sum())
    ours = chance.choice(len(codes), (count, 2), p=odds / odds.sum())
    others = chance.integers(len(OTHER), size=count)
    drawn = chance.random((count, 4))
    names = chance.integers(0, [len(FIRST), len(START), len(MIDDLE), len(END)], (count, 4))
    for n in range(count):
        mine = drawn[n, 0] < share
        held = [codes[ours[n, 0]] if mine else OTHER[others[n]]]
        if mine and drawn[n, 1] < 0.2 and ours[n, 1] != ours[n, 0]:
            held.append(codes[ours[n, 1]])
        row = _person(start + n, places[where[n]], held, names[n].tolist(), organisation=drawn[n, 2] < 0.15)
        yield _line(_gone(row) if drawn[n, 3] < 0.02 else row)


def _person(n: int, place: ZipCode, held: list[str], name: list[int], organisation: bool) -> dict[str, str]:
    family = START[name[1]] + MIDDLE[name[2]] + END[name[3]]
    location = "Provider Business Practice Location Address "
    row = {
        "NPI": number(n),
        "Entity Type Code": "2" if organisation else "1",
        "Provider First Line Business Practice Location Address": f"{n % 900 + 1} INVENTED ST",
        location + "City Name": place.city.upper(),
        location + "State Name": place.state,
        location + "Postal Code": f"{place.code}{n % 10_000:04d}",
        location + "Country Code (If outside U.S.)": "US",
        location + "Telephone Number": f"555555{n % 10_000:04d}",
        "Provider Enumeration Date": f"{n % 12 + 1:02d}/{n % 28 + 1:02d}/{2006 + n % 18}",
        "Last Update Date": f"{n % 12 + 1:02d}/{n % 28 + 1:02d}/2024",
    }
    if organisation:
        row["Provider Organization Name (Legal Business Name)"] = f"{family} SPINE AND MOTION".upper()
    else:
        row["Provider Last Name (Legal Name)"] = family.upper()
        row["Provider First Name"] = FIRST[name[0]].upper()
    for place_of, code in enumerate(held, start=1):
        row[f"Healthcare Provider Taxonomy Code_{place_of}"] = code
        row[f"Provider License Number_{place_of}"] = f"X{n % 100_000:05d}"
        row[f"Provider License Number State Code_{place_of}"] = place.state
        row[f"Healthcare Provider Primary Taxonomy Switch_{place_of}"] = "Y" if place_of == 1 else "N"
    return row


def number(n: int) -> str:
    """The made-up NPI of row `n`."""
    return with_check_digit(f"{100_000_000 + n}")


def _gone(row: dict[str, str]) -> dict[str, str]:
    return {"NPI": row["NPI"], "NPI Deactivation Date": "05/01/2023"}


def _line(row: dict[str, str]) -> str:
    fields = list(_EMPTY)
    for name, text in row.items():
        fields[_AT[name]] = f'"{text}"'
    return ",".join(fields) + "\n"
