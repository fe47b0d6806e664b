"""Two small books: what can be checked of a specialist and where, and all that a clinic may answer to a review."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml, read_text

HERE = Path(__file__).parent
CERTAINTIES = ("read", "memory", "design")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to check: what it says, and where to look. `link` may be empty."""

    id: str
    name: str
    says: str
    where: str
    link: str
    certainty: str


@cache
def checks() -> dict[str, Check]:
    """What is shipped, by id."""
    path = HERE / "checks.toml"
    return {one.id: one for one in map(_check, parse_toml(read_text(path), path.name).tables("check"))}


def _check(table: Table) -> Check:
    table.only("id", "name", "says", "where", "link", "certainty")
    link = table.text("link")
    if link and not link.startswith("https://"):
        raise table.refuse("link", link, "an address that begins with https://, or nothing")
    return Check(
        id=table.text("id"),
        name=table.text("name"),
        says=table.text("says"),
        where=table.text("where"),
        link=link,
        certainty=table.word("certainty", CERTAINTIES),
    )


@cache
def replies() -> dict[str, str]:
    """The fixed replies to a review, by id."""
    path = HERE / "replies.toml"
    return {one.text("id"): one.text("text") for one in parse_toml(read_text(path), path.name).tables("reply")}


def reply(name: str) -> str:
    """One fixed reply. Raises BadInput: nobody writes another one."""
    if name not in replies():
        raise BadInput("reply", name, "one of " + ", ".join(replies()))
    return replies()[name]
