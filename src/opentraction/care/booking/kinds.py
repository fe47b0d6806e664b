"""Kinds of appointments as data: how long, what each needs, what is kept free after it, and the diary's small rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml

RESOURCES: Final = ("table", "room", "staff")
_ABOUT = ("source", "certainty", "reviewed_by")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of appointment. `needs` are kinds of resources, one of each; `clean` [min] by kind of resource.

    `session` says that a pull belongs to it: one a day, and hours between two.
    """

    id: str
    title: str
    minutes: int
    needs: tuple[str, ...]
    clean: Mapping[str, int] = field(default_factory=dict)
    session: bool = False

    @property
    def lasts(self) -> timedelta:
        """How long the patient is there."""
        return timedelta(minutes=self.minutes)

    def kept(self, resource: str) -> timedelta:
        """How long a resource of this kind is taken, cleaning included."""
        return timedelta(minutes=self.minutes + self.clean.get(resource, 0))


@dataclass(frozen=True, slots=True)
class Rules:
    """The diary's small rules: grid and lateness [min], notice [h], how far a visit of a series may move [days]."""

    grid: int
    notice: int
    late: int
    too_late: int
    series_days: int
    source: str
    certainty: str
    reviewed_by: str


@cache
def kinds() -> Mapping[str, Kind]:
    """The kinds that ship, by id."""
    return MappingProxyType({one.id: one for one in map(_kind, _top().tables("kind"))})


def kind(key: str) -> Kind:
    """One kind. Raises BadInput for a key that is none."""
    if key not in kinds():
        raise BadInput("kind", key, "one of " + ", ".join(kinds()))
    return kinds()[key]


@cache
def rules() -> Rules:
    """The small rules."""
    top = _top()
    late = top.table("late")
    return Rules(
        grid=top.table("grid").count("minutes", 5, 60),
        notice=top.table("notice").count("hours", 0, 168),
        late=late.count("minutes", 1, 60),
        too_late=late.count("most", 1, 60),
        series_days=top.table("series").count("days", 0, 28),
        source=top.text("source", longest=300),
        certainty=top.word("certainty", ("read", "memory", "design")),
        reviewed_by=top.text("reviewed_by"),
    )


@cache
def _top() -> Table:
    top = parse_toml(files(__package__).joinpath("booking.toml").read_text("utf-8"), "booking.toml")
    top.only(*_ABOUT, "grid", "notice", "late", "series", "kind")
    return top


def _kind(table: Table) -> Kind:
    table.only("id", "title", "minutes", "needs", "clean", "session")
    clean = table.table("clean")
    clean.only(*RESOURCES)
    needs = table.texts("needs", longest=10)
    for one in needs:
        if one not in RESOURCES:
            raise table.refuse("needs", one, "kinds of resources: " + ", ".join(RESOURCES))
    kept = {key: clean.count(key, 0, 120) for key in clean.data}
    flag = table.flag("session")
    return Kind(table.text("id"), table.text("title"), table.count("minutes", 5, 480), needs, kept, flag)
