"""What keeps an exercise away from a person: conditions over facts, in which an unknown answer is not a "no"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from opentraction.care.home.files import CERTAINTIES, load, texts, unique
from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table

Value = bool | float | str | None
Facts = Mapping[str, Value]


class Answer(StrEnum):
    """What a gate says of a person."""

    PASSES = "passes"
    BLOCKS = "blocks"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a gate may look at: its question for the patient, and what an answer may be."""

    id: str
    kind: str
    ask: str
    words: tuple[str, ...] = ()
    unit: str = ""
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class Condition:
    """`fact` is `wanted`, at least or below a number, or among words."""

    fact: str
    test: str
    wanted: bool | float | tuple[str, ...]

    def holds(self, facts: Facts) -> bool | None:
        """Whether it holds; None while the answer is unknown."""
        value = facts.get(self.fact)
        if value is None:
            return None
        if isinstance(self.wanted, tuple):
            return value in self.wanted
        if self.test == "is":
            return value is self.wanted
        assert isinstance(value, int | float)
        return value >= self.wanted if self.test == "at_least" else value < self.wanted


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition that blocks an exercise, with its source; all parts of `when` together block."""

    id: str
    text: str
    when: tuple[Condition, ...]
    source: str
    certainty: str
    reviewed_by: str

    def answer(self, facts: Facts) -> Answer:
        """Blocks when every part holds, passes when one does not, else unknown."""
        held = [condition.holds(facts) for condition in self.when]
        if all(held):
            return Answer.BLOCKS
        return Answer.PASSES if False in held else Answer.UNKNOWN


@cache
def facts_known() -> dict[str, Fact]:
    """Every fact by id, as facts.toml lists them."""
    top = load("facts.toml")
    every = [_fact(table) for table in top.tables("fact")]
    unique(top, [fact.id for fact in every])
    return {fact.id: fact for fact in every}


@cache
def gates() -> dict[str, Gate]:
    """Every gate by id, as gates.toml lists them."""
    top = load("gates.toml")
    every = [_gate(table) for table in top.tables("gate")]
    unique(top, [gate.id for gate in every])
    return {gate.id: gate for gate in every}


def checked_facts(facts: Facts, source: str = "facts") -> dict[str, Value]:
    """The facts, each known and of its kind; what is missing is None. Raises BadInput."""
    known = facts_known()
    for key in facts:
        if key not in known:
            raise BadInput(key, facts[key], "one of " + ", ".join(known), source)
    return {key: _checked(fact, facts.get(key), source) for key, fact in known.items()}


def _checked(fact: Fact, value: Value, source: str) -> Value:
    if value is None:
        return None
    if fact.kind == "yes-no" and not isinstance(value, bool):
        raise BadInput(fact.id, value, "true, false or nothing", source)
    if fact.kind == "word" and value not in fact.words:
        raise BadInput(fact.id, value, "one of " + ", ".join(fact.words), source)
    if fact.kind == "number" and not _number(value, fact):
        raise BadInput(fact.id, value, f"a number from {fact.low:g} to {fact.high:g} {fact.unit}", source)
    return value


def _number(value: Value, fact: Fact) -> bool:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and fact.low <= float(value or 0.0) <= fact.high


def _fact(table: Table) -> Fact:
    table.only("id", "kind", "ask", "words", "unit", "low", "high")
    return Fact(
        table.text("id"),
        table.word("kind", ("yes-no", "number", "word")),
        table.text("ask", longest=200),
        texts(table, "words"),
        table.text("unit", ""),
        table.number("low", -1e6, 1e6, 0.0),
        table.number("high", -1e6, 1e6, 0.0),
    )


def _gate(table: Table) -> Gate:
    table.only("id", "text", "when", "source", "certainty", "reviewed_by")
    when = tuple(_condition(one) for one in table.tables("when"))
    if not when:
        raise table.refuse("when", [], "at least one condition")
    return Gate(
        table.text("id"),
        table.text("text", longest=200),
        when,
        table.text("source", longest=300),
        table.word("certainty", CERTAINTIES),
        table.text("reviewed_by", ""),
    )


def _condition(table: Table) -> Condition:
    table.only("fact", "is", "at_least", "below", "among")
    fact = facts_known()[table.word("fact", facts_known())]
    if "is" in table and fact.kind == "yes-no":
        table.need("is", "true")
        return Condition(fact.id, "is", table.flag("is"))
    if "among" in table and fact.kind == "word" and set(texts(table, "among")) <= set(fact.words):
        return Condition(fact.id, "among", texts(table, "among"))
    for test in ("at_least", "below"):
        if test in table and fact.kind == "number":
            return Condition(fact.id, test, table.number(test, fact.low, fact.high))
    raise table.refuse("fact", fact.id, "a test that fits its kind: is, among, at_least or below")
