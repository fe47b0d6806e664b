"""Billing codes that may be printed: the code, and a few words of our own."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from opentraction.care.money.sources import Source, read_source
from opentraction.quantities.toml_file import Table, parse_toml, read_text

_FILE: Final = Path(__file__).parent / "codes.toml"
# What a payer must be told beside a code; meaning from memory, to be checked with a billing adviser.
MODIFIERS: Final = {
    "GA": "notice of likely refusal (ABN) signed and on file",
    "GX": "notice given of one's own accord",
    "GY": "excluded by law, or no Medicare benefit",
    "GZ": "refusal expected, no notice signed",
    "GP": "under a physiotherapy plan",
}


@dataclass(frozen=True, slots=True)
class Code:
    """A billing code: `system` is HCPCS or CPT; `words` are ours."""

    code: str
    system: str
    words: str
    note: str
    source: Source


@functools.cache
def codes() -> dict[str, Code]:
    """Every code that may stand on an invoice."""
    top = parse_toml(read_text(_FILE), _FILE.name)
    return {key: _code(key, top.table(key)) for key in top.data}


def _code(key: str, table: Table) -> Code:
    table.only("system", "words", "note", "source", "certainty", "reviewed_by")
    return Code(
        code=key,
        system=table.word("system", ("HCPCS", "CPT")),
        words=table.text("words", longest=60),
        note=table.text("note", "", longest=200),
        source=read_source(table),
    )
