"""Which professions the directory holds: registry codes as data, gathered under words a patient knows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml, read_text

FILE = Path(__file__).with_name("taxonomies.toml")
CERTAINTIES = ("read", "memory")


@dataclass(frozen=True, slots=True)
class Group:
    """A word a patient searches by, e.g. "Chiropractor", and one sentence about it."""

    id: str
    name: str
    plain: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """One code of the registry, in our own words; `certainty` says how the code is known."""

    code: str
    group: str
    words: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Taxonomies:
    """All groups, and all codes by code."""

    groups: dict[str, Group]
    codes: dict[str, Taxonomy]

    def group(self, name: str) -> Group:
        """The group of this id. Raises BadInput."""
        if name not in self.groups:
            raise BadInput("specialty", name, "one of " + ", ".join(self.groups))
        return self.groups[name]


@cache
def taxonomies() -> Taxonomies:
    """What is shipped. Raises BadInput for a file that contradicts itself."""
    return read_taxonomies(read_text(FILE), FILE.name)


def read_taxonomies(text: str, source: str) -> Taxonomies:
    """Groups and codes of a TOML text; each code once, each group known. Raises BadInput."""
    top = parse_toml(text, source)
    top.only("group", "code")
    groups = {one.id: one for one in map(_group, top.tables("group"))}
    codes: dict[str, Taxonomy] = {}
    for table in top.tables("code"):
        one = _code(table, groups)
        if one.code in codes:
            raise table.refuse("code", one.code, "each code once")
        codes[one.code] = one
    return Taxonomies(groups, codes)


def _group(table: Table) -> Group:
    table.only("id", "name", "plain")
    return Group(table.text("id"), table.text("name"), table.text("plain"))


def _code(table: Table, groups: dict[str, Group]) -> Taxonomy:
    table.only("code", "group", "words", "certainty")
    code = table.text("code", longest=10)
    if len(code) != 10 or not code.isalnum():
        raise table.refuse("code", code, "ten letters and digits")
    return Taxonomy(code, table.word("group", groups), table.text("words"), table.word("certainty", CERTAINTIES))
