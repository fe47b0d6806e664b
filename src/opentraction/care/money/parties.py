"""The two sides of a bill: the clinic that asks, and the person it is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from opentraction.care.money.record import Record
from opentraction.care.money.sources import read_day, read_texts
from opentraction.care.specialists.npi import is_npi
from opentraction.quantities import BadInput, State
from opentraction.quantities.toml_file import Table


@dataclass(frozen=True, slots=True)
class Clinic(Record):
    """Who charges: name, lines of the address, and the numbers a payer or an estimate asks for (may be empty)."""

    name: str
    lines: tuple[str, ...] = ()
    state: str = ""
    npi: str = ""
    tax_number: str = ""
    clinician: str = ""
    clinician_npi: str = ""

    def head(self) -> dict[str, object]:
        """As the letterhead takes it."""
        return {"name": self.name, "lines": list(self.lines)}


@dataclass(frozen=True, slots=True)
class Person(Record):
    """Who is charged: a name, a day of birth, an address; `diagnoses` are ICD-10-CM codes."""

    name: str
    born: date | None = None
    lines: tuple[str, ...] = ()
    reference: str = ""
    diagnoses: tuple[str, ...] = ()


def clinic_of(table: Table) -> Clinic | None:
    """The clinic in a table of a file; None for an empty table. Raises BadInput."""
    if not table:
        return None
    table.only("name", "lines", "state", "npi", "tax_number", "clinician", "clinician_npi")
    clinic = Clinic(
        name=table.text("name", longest=80),
        lines=read_texts(table, "lines", 80),
        state=table.text("state", "", longest=40),
        npi=table.text("npi", ""),
        tax_number=table.text("tax_number", "", longest=20),
        clinician=table.text("clinician", "", longest=80),
        clinician_npi=table.text("clinician_npi", ""),
    )
    for key in ("npi", "clinician_npi"):
        number = getattr(clinic, key)
        if number and not is_npi(number):
            raise table.refuse(key, number, "a number of the provider registry: ten digits, the last a check digit")
    return clinic


def person_of(table: Table) -> Person | None:
    """The person in a table of a file; None for an empty table. Raises BadInput."""
    if not table:
        return None
    table.only("name", "born", "lines", "reference", "diagnoses")
    return Person(
        name=table.text("name", longest=80),
        born=read_day(table, "born") if "born" in table else None,
        lines=read_texts(table, "lines", 80),
        reference=table.text("reference", "", longest=40),
        diagnoses=read_texts(table, "diagnoses", 10),
    )


def need(value: object, where: str, why: str) -> None:
    """Raises BadInput where a paper needs something that was left out."""
    if not value:
        raise BadInput(where, State("missing"), why)
