"""How often herniations shrink without surgery, as data: `natural_history.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from opentraction.care.evidence.known import Certainty, certainty_of
from opentraction.quantities.toml_file import Table, parse_toml, read_text

FILE: Final = Path(__file__).parent / "natural_history.toml"
ID: Final = "natural-history"


@dataclass(frozen=True, slots=True)
class Regression:
    """Herniations that shrank [percent of people], with the 95 % interval where one was given."""

    label: str
    plain: str
    percent: float
    low: float | None
    high: float | None
    certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True)
class NaturalHistory:
    """`pooled` over all, `by_type` from most to least, when to weigh surgery, and three sentences for patients."""

    pooled: Regression
    people: int
    studies: int
    by_type: tuple[Regression, ...]
    decide_months: tuple[float, float]
    decide: str
    decide_source: str
    plain: tuple[str, ...]


@cache
def natural_history() -> NaturalHistory:
    """The file, checked. Raises BadInput."""
    file = parse_toml(read_text(FILE), FILE.name)
    pooled, decide, plain = file.table("pooled"), file.table("decide"), file.table("plain")
    months = decide.need("months", "[4.0, 10.5]")
    return NaturalHistory(
        pooled=_regression(pooled),
        people=pooled.count("n", 1, 1_000_000),
        studies=pooled.count("studies", 1, 10_000),
        by_type=tuple(_regression(one) for one in file.tables("type")),
        decide_months=(float(months[0]), float(months[1])),
        decide=decide.text("text"),
        decide_source=decide.text("source"),
        plain=tuple(plain.text(key, longest=250) for key in plain.data),
    )


def _regression(table: Table) -> Regression:
    percent = table.number("percent", 0, 100)
    return Regression(
        label=table.text("label"),
        plain=table.text("plain", ""),
        percent=percent,
        low=table.number("low", 0, percent) if "low" in table else None,
        high=table.number("high", percent, 100) if "high" in table else None,
        certainty=certainty_of(table),
        source=table.text("source", longest=160),
    )
