"""How many sessions in which week: the templates that ship, and a clinician's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from opentraction.prescription.progress.rules import CERTAINTIES, shipped
from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml

LONGEST_WEEKS = 26
_ABOUT = ("title", "source", "certainty", "reviewed_by")


@dataclass(frozen=True, slots=True)
class Template:
    """Sessions in each week of a course, from its first; a week without one is a 0."""

    key: str
    title: str
    weeks: tuple[int, ...]
    source: str
    certainty: str
    reviewed_by: str = ""

    def __post_init__(self) -> None:
        most = int(shipped()["C10"]["most"])
        whole = all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= 7 for n in self.weeks)
        if not whole or not 1 <= len(self.weeks) <= LONGEST_WEEKS:
            rule = f"1 to {LONGEST_WEEKS} weeks of 0 to 7 sessions, such as [3, 3, 2, 1]"
            raise BadInput("weeks", list(self.weeks), rule)
        if not 1 <= self.total <= most:
            raise BadInput("weeks", f"{self.total} sessions", f"1 to {most} sessions in all")

    @property
    def total(self) -> int:
        """Sessions of the whole course."""
        return sum(self.weeks)


@dataclass(frozen=True, slots=True)
class Reassess:
    """When scores are taken again: at these visits, at discharge, and these months after it."""

    visits: tuple[int, ...]
    months: tuple[int, ...]


@cache
def templates() -> dict[str, Template]:
    """The templates that ship, by letter."""
    return {key: _template(key) for key in _top().data if len(key) == 1}


@cache
def taper() -> Template:
    """The weeks after the goal is met."""
    return _template("taper")


@cache
def reassess() -> Reassess:
    """When scores are due."""
    table = _top().table("reassess")
    table.only("visits", "months", *_ABOUT)
    return Reassess(_whole(table, "visits"), _whole(table, "months"))


def own_template(weeks: tuple[int, ...], title: str = "The clinician's own") -> Template:
    """A clinician's own weeks. Raises BadInput for more sessions than a course may have."""
    return Template("own", title, tuple(weeks), "Written by the clinician", "design")


@cache
def _top() -> Table:
    return parse_toml(files(__package__).joinpath("templates.toml").read_text("utf-8"), "templates.toml")


def _template(key: str) -> Template:
    table = _top().table(key)
    table.only("weeks", *_ABOUT)
    return Template(
        key,
        table.text("title"),
        _whole(table, "weeks"),
        table.text("source", longest=300),
        table.word("certainty", CERTAINTIES),
        table.text("reviewed_by"),
    )


def _whole(table: Table, key: str) -> tuple[int, ...]:
    numbers = table.need(key, "[3, 2, 1]")
    if not isinstance(numbers, list) or not all(isinstance(n, int) and not isinstance(n, bool) for n in numbers):
        raise table.refuse(key, numbers, "a list of whole numbers")
    return tuple(numbers)
