"""The articles' questions, answered: `questions.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from opentraction.care.evidence.known import Certainty, caveat_of, certainty_of
from opentraction.quantities.toml_file import Table, parse_toml, read_text

FILE: Final = Path(__file__).parent / "questions.toml"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something an answer leans on that is no study."""

    text: str
    certainty: Certainty
    source: str

    @property
    def caveat(self) -> str:
        """The words to show beside it; empty for none."""
        return caveat_of(self.certainty)


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its answer; the `articles` that ask it, the `points` (I01 to I74) it answers, `cites` by id."""

    id: str
    articles: tuple[int, ...]
    points: tuple[str, ...]
    ask: str
    short: str
    more: tuple[str, ...]
    cites: tuple[str, ...]
    facts: tuple[Fact, ...]


@cache
def questions() -> tuple[Question, ...]:
    """Every question, in the order of the file. Raises BadInput."""
    return tuple(_question(one) for one in parse_toml(read_text(FILE), FILE.name).tables("question"))


def _question(table: Table) -> Question:
    return Question(
        id=table.text("id"),
        articles=tuple(int(one) for one in _list(table, "articles", int)),
        points=tuple(_list(table, "points", str)),
        ask=table.text("ask"),
        short=table.text("short", longest=250),
        more=tuple(_list(table, "more", str)),
        cites=tuple(_list(table, "cites", str)),
        facts=tuple(_fact(one) for one in table.tables("facts")),
    )


def _fact(table: Table) -> Fact:
    return Fact(table.text("text", longest=250), certainty_of(table), table.text("source"))


def _list(table: Table, key: str, kind: type) -> list[Any]:
    value = table.need(key, "[]")
    if not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
        raise table.refuse(key, value, f"a list of {'numbers' if kind is int else 'texts'}")
    return value
