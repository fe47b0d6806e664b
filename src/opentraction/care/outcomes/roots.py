"""Nerve roots: their skin areas, key muscles and reflexes, from `dermatomes.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from opentraction.quantities.toml_file import parse_toml, read_text

SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Dermatome:
    """The skin of one root; `saddle`: numbness there may be a sign of cauda equina."""

    id: str
    words: str
    saddle: bool


@dataclass(frozen=True, slots=True)
class Tested:
    """A key muscle or a reflex, and the root it tests; `do` is what the patient is asked to do."""

    id: str
    root: str
    name: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class Roots:
    """All of them, from the head down."""

    dermatomes: dict[str, Dermatome]
    muscles: dict[str, Tested]
    reflexes: dict[str, Tested]
    source: str
    certainty: str


@cache
def roots() -> Roots:
    """What ships."""
    path = Path(__file__).with_name("dermatomes.toml")
    top = parse_toml(read_text(path), path.name)
    top.only("source", "certainty", "reviewed_by", "dermatome", "muscle", "reflex")
    skin = [Dermatome(one.text("id"), one.text("words"), one.flag("saddle")) for one in top.tables("dermatome")]
    tested = {
        kind: [Tested(o.text("id"), o.text("root"), o.text("name"), o.text("do", "")) for o in top.tables(kind)]
        for kind in ("muscle", "reflex")
    }
    return Roots(
        {one.id: one for one in skin},
        {one.id: one for one in tested["muscle"]},
        {one.id: one for one in tested["reflex"]},
        top.text("source", longest=200),
        top.text("certainty"),
    )
