"""The data files of this room, read through one door."""

from __future__ import annotations

from pathlib import Path

from opentraction.quantities.toml_file import Table, parse_toml, read_text

HERE = Path(__file__).parent
CERTAINTIES = ("read", "memory", "design")
CAVEAT = "from memory, unverified"


def load(name: str) -> Table:
    """The top table of a data file beside this one. Raises BadInput."""
    return parse_toml(read_text(HERE / name), name)


def texts(table: Table, key: str) -> tuple[str, ...]:
    """A list of short texts; empty when it is not there. Raises BadInput."""
    value = table.data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise table.refuse(key, value, "a list of texts")
    return tuple(value)


def unique(table: Table, names: list[str]) -> None:
    """Refuse an id that is there twice. Raises BadInput."""
    for name in names:
        if names.count(name) > 1:
            raise table.refuse("id", name, "each id once")
