"""One road and what is known of it, as read from pathways.toml."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from opentraction.care.evidence import natural_history
from opentraction.care.money.money import Money, parse_money
from opentraction.care.money.sources import Source, read_source
from opentraction.care.pathways.condition import Condition, condition_of
from opentraction.care.pathways.languages import Say, english
from opentraction.quantities import State
from opentraction.quantities.toml_file import Table, parse_toml, read_text

FILE: Final = Path(__file__).parent / "pathways.toml"
KINDS: Final = ("no treatment", "not surgical", "procedure", "surgical", "emergency")
GRADES: Final = ("moderate", "low", "accepted practice")
# The rows of a comparison, in order, with the words at their head.
ROWS: Final = {
    "what": "What it is",
    "for_whom": "For whom",
    "when_not": "When not",
    "evidence": "How sure we are",
    "time": "Until it works",
    "recovery": "Recovery and work",
    "cost": "Cost",
    "risks": "Risks",
    "reversible": "Can it be undone",
    "article": "What the articles say",
    "source": "Where this is from",
}
PROSE: Final = ("what", "for_whom", "when_not", "time", "recovery", "risks", "reversible")


@dataclass(frozen=True, slots=True)
class Figure:
    """A sentence with numbers, for one row of the comparison, with its own source."""

    row: str
    text: str
    source: Source

    def show(self, say: Say = english) -> str:
        """The sentence, with its caveat where it needs one."""
        return f"{say(self.text)} ({say(self.source.caveat)})" if self.source.caveat else say(self.text)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a road costs; `low` and `high` are None where nobody gave a figure. `year` is of the prices, 0 unknown."""

    text: str
    low: Money | None
    high: Money | None
    year: int
    country: str
    source: Source

    def show(self, say: Say = english) -> str:
        """`Mean hospital cost: $11,405.00 (United States, 2013)`."""
        if self.low is None or self.high is None:
            return say(self.text)
        to = " to " if say is english else " – "
        much = self.low.show() if self.low == self.high else f"{self.low.show()}{to}{self.high.show()}"
        where = ", ".join(filter(None, (say(self.country), str(self.year or ""), say(self.source.caveat))))
        return f"{say(self.text)}: {much} ({where})"


@dataclass(frozen=True, slots=True)
class Said:
    """What an article says, by the number of its statement, and our answer."""

    id: str
    said: str
    answer: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a road may fit somebody, or may not, and when that holds."""

    because: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Pathway:
    """One road; the prose fields carry no numbers, `figures` and `costs` do, each with its source."""

    key: str
    name: str
    kind: str
    what: str
    for_whom: str
    when_not: str
    grade: str
    grade_why: str
    time: str
    recovery: str
    risks: str
    reversible: str
    source: Source
    figures: tuple[Figure, ...]
    costs: tuple[Cost, ...]
    said: tuple[Said, ...]
    fits: tuple[Reason, ...]
    against: tuple[Reason, ...]

    @property
    def surgical(self) -> bool:
        """Whether somebody operates."""
        return self.kind in {"surgical", "emergency"}

    def row(self, name: str, say: Say = english) -> tuple[str, ...]:
        """What stands in one row of a comparison (`ROWS`), a sentence or figure each."""
        if name == "cost":
            return tuple(cost.show(say) for cost in self.costs)
        if name == "article":
            return tuple(f"{say(one.said)} {say(one.answer)}" for one in self.said)
        if name == "source":
            return (self.source.show(), *dict.fromkeys(one.source.text for one in self.figures))
        graded = f"{say(self.grade.capitalize())}. {say(self.grade_why)}"
        lead = graded if name == "evidence" else say(str(getattr(self, name)))
        if name in {"risks", "evidence"} and self.source.caveat:
            lead = f"{lead} ({say(self.source.caveat)})"
        return (lead, *(one.show(say) for one in self.figures if one.row == name))


@functools.cache
def pathways() -> tuple[Pathway, ...]:
    """Every road, the least invasive first."""
    top = parse_toml(read_text(FILE), FILE.name)
    top.only("note", "pathway")
    return tuple(_pathway(one) for one in top.tables("pathway"))


@functools.cache
def note() -> str:
    """What stands under every comparison."""
    return parse_toml(read_text(FILE), FILE.name).table("note").text("text", longest=300)


def _pathway(table: Table) -> Pathway:
    table.only(
        *("key", "name", "kind", "grade", "grade_why", "natural_history", *PROSE),
        *("figure", "cost", "said", "fits", "against", "source", "certainty", "reviewed_by"),
    )
    natural = _natural() if table.flag("natural_history") else ()
    return Pathway(
        key=table.text("key"),
        name=table.text("name", longest=40),
        kind=table.word("kind", KINDS),
        grade=table.word("grade", GRADES),
        grade_why=table.text("grade_why", longest=200),
        source=read_source(table),
        figures=(*natural, *(_figure(one) for one in table.tables("figure"))),
        costs=tuple(_cost(one) for one in table.tables("cost")),
        said=tuple(_said(one) for one in table.tables("said")),
        fits=tuple(_reason(one) for one in table.tables("fits")),
        against=tuple(_reason(one) for one in table.tables("against")),
        **{key: table.text(key, longest=200) for key in PROSE},
    )


def _natural() -> tuple[Figure, ...]:
    """From the evidence: how many herniations shrink, over all and by type, and when to weigh surgery."""
    known = natural_history()
    pooled = known.pooled
    interval = f"{pooled.low:g} to {pooled.high:g}; {known.studies} studies"
    over_all = f"{pooled.percent:g} of 100 shrink without surgery ({interval})."
    by_type = ", ".join(f"{one.label} {one.percent:g}" for one in known.by_type)
    first, second = known.decide_months
    return (
        Figure("evidence", over_all, Source(pooled.source, pooled.certainty)),
        Figure("evidence", f"Of 100, by type: {by_type}.", Source(known.by_type[0].source, known.by_type[0].certainty)),
        Figure(
            "time", f"Look again at {first:g} and {second:g} months.", Source(known.decide_source, pooled.certainty)
        ),
    )


def _figure(table: Table) -> Figure:
    table.only("row", "text", "source", "certainty", "reviewed_by")
    return Figure(table.word("row", ROWS), table.text("text", longest=250), read_source(table))


def _cost(table: Table) -> Cost:
    table.only("text", "low", "high", "year", "country", "source", "certainty", "reviewed_by")
    if ("low" in table) != ("high" in table):
        raise table.refuse("high", State("missing") if "low" in table else "alone", "low and high together")
    low, high = ((parse_money(table.text(key), table.place(key)) if key in table else None) for key in ("low", "high"))
    if low is not None and high is not None and low > high:
        raise table.refuse("high", high.written(), f"at least {low.written()}")
    year = table.count("year", 1990, 2100) if "year" in table else 0
    return Cost(table.text("text"), low, high, year, table.text("country", ""), read_source(table))


def _said(table: Table) -> Said:
    table.only("id", "said", "answer")
    return Said(table.text("id"), table.text("said", longest=250), table.text("answer", longest=250))


def _reason(table: Table) -> Reason:
    table.only("because", "all", "any")
    return Reason(table.text("because"), condition_of(table))
