"""Codes of public vocabularies with their displays, from codes.toml; a test pins each one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml
from opentraction.screening.cut_offs import CERTAINTIES

_HERE = Path(__file__).parent

SYSTEMS = {
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "sct": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
}


@dataclass(frozen=True, slots=True)
class Code:
    """One code; a trailing "-" is a category of which a longer code is chosen. `certainty` is of code and display."""

    system: str
    code: str
    display: str
    certainty: str

    @property
    def key(self) -> str:
        return f"{self.system}:{self.code}"

    def document(self) -> dict[str, str]:
        return {"system": self.system, "code": self.code, "display": self.display, "certainty": self.certainty}


@cache
def all_codes() -> Mapping[str, Code]:
    """Every code the rules name, by `system:code`."""
    top = parse_toml((_HERE / "codes.toml").read_text("utf-8"), "codes.toml")
    codes = [_code(system, top.table(system), code) for system in SYSTEMS for code in top.table(system).data]
    return {code.key: code for code in codes}


def _code(system: str, table: Table, code: str) -> Code:
    entry = table.table(code)
    entry.only("display", "certainty")
    return Code(system, code, entry.text("display"), entry.word("certainty", CERTAINTIES))


def codes_of(keys: Any, where: str, source: str) -> tuple[Code, ...]:
    """The codes named in a rule. Raises BadInput for one that is not in the list."""
    for key in keys:
        if key not in all_codes():
            raise BadInput(where, key, "a code of codes.toml, such as icd10cm:G83.4", source)
    return tuple(all_codes()[key] for key in keys)
