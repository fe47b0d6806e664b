"""The 74 points of the three articles and where the articles disagree, as data: `points.toml`, `conflicts.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, cast

from opentraction.care.articles.pointers import KINDS_OF_POINTER, Pointer
from opentraction.quantities.toml_file import Table, parse_toml, read_text

FOLDER: Final = Path(__file__).parent
ARTICLES: Final = (
    "Your Ultimate Guide to Relieving Back Pain",
    "Is It Effective",
    "What is Spinal Decompression Therapy",
)
KINDS: Final = ("system", "rule", "number", "claim")
Verdict = Literal["built", "corrected", "answered"]
VERDICTS: Final = ("built", "corrected", "answered")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing the articles say: `says` paraphrases them, `answer` is ours, `where` proves it."""

    id: str
    articles: tuple[int, ...]
    kind: str
    topic: str
    says: str
    verdict: Verdict
    answer: str
    where: tuple[Pointer, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where the articles contradict each other, themselves or the published work, and how it is settled here."""

    id: str
    points: tuple[str, ...]
    between: str
    settled: str


@cache
def points() -> tuple[Point, ...]:
    """I01 to I74, in order. Raises BadInput when the file is not as it must be."""
    file = parse_toml(read_text(FOLDER / "points.toml"), "points.toml")
    return tuple(_point(one) for one in file.tables("point"))


@cache
def conflicts() -> tuple[Conflict, ...]:
    """Every conflict, in order. Raises BadInput."""
    file = parse_toml(read_text(FOLDER / "conflicts.toml"), "conflicts.toml")
    return tuple(
        Conflict(
            one.text("id"), _texts(one, "points"), one.text("between", longest=250), one.text("settled", longest=250)
        )
        for one in file.tables("conflict")
    )


def _point(table: Table) -> Point:
    return Point(
        id=table.text("id"),
        articles=_articles(table),
        kind=table.word("kind", KINDS),
        topic=table.text("topic", longest=40),
        says=table.text("article_says", longest=200),
        verdict=cast(Verdict, table.word("verdict", VERDICTS)),
        answer=table.text("answer", longest=250),
        where=tuple(_pointer(one) for one in table.tables("where")),
    )


def _pointer(table: Table) -> Pointer:
    table.only(*KINDS_OF_POINTER, "planned")
    kinds = [kind for kind in KINDS_OF_POINTER if kind in table]
    if len(kinds) != 1:
        raise table.refuse("kind", ", ".join(kinds) or "nothing", "one of " + ", ".join(KINDS_OF_POINTER))
    return Pointer(kinds[0], table.text(kinds[0]), table.flag("planned"))


def _articles(table: Table) -> tuple[int, ...]:
    value = table.need("articles", "[0, 2]")
    if not isinstance(value, list) or not value or any(one not in {0, 1, 2} for one in value):
        raise table.refuse("articles", value, "a list of 0, 1 and 2")
    return tuple(value)


def _texts(table: Table, key: str) -> tuple[str, ...]:
    value = table.need(key, "[]")
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise table.refuse(key, value, "a list of texts")
    return tuple(value)
