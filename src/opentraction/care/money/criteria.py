"""One condition on one fact, as data: met, missed, or unknown while nobody has given the fact."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opentraction.quantities import BadInput, State
from opentraction.quantities.toml_file import Table


@dataclass(frozen=True, slots=True)
class Criterion:
    """`fact` is `one_of` some words, or lies from `low` to `high`; exactly one of the two kinds is set."""

    fact: str
    words: str
    one_of: tuple[str | bool, ...] = ()
    low: float | None = None
    high: float | None = None

    def judge(self, facts: Mapping[str, Any]) -> bool | None:
        """True, False, or None where the fact is not known. Raises BadInput for a fact of the wrong kind."""
        value = facts.get(self.fact)
        if value is None:
            return None
        if self.one_of:
            return self._chosen(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
            raise BadInput(self.fact, value, "a number")
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def _chosen(self, value: object) -> bool:
        kind = type(self.one_of[0])
        if type(value) is not kind:
            raise BadInput(self.fact, value, "true or false" if kind is bool else "a word")
        return value in self.one_of


def criterion_of(table: Table) -> Criterion:
    """The criterion in a table: fact, words, and either `is` or `at_least` and `at_most`. Raises BadInput."""
    table.only("fact", "words", "is", "at_least", "at_most")
    low = table.number("at_least", -1e6, 1e6) if "at_least" in table else None
    high = table.number("at_most", -1e6, 1e6) if "at_most" in table else None
    if ("is" in table) == (low is not None or high is not None):
        raise table.refuse("is", State("not clear"), "either is, or at_least and at_most")
    return Criterion(table.text("fact"), table.text("words", "", longest=200), _one_of(table), low, high)


def _one_of(table: Table) -> tuple[str | bool, ...]:
    if "is" not in table:
        return ()
    value = table.data["is"]
    many = tuple(value) if isinstance(value, list) else (value,)
    if not many or type(many[0]) not in {str, bool} or any(type(one) is not type(many[0]) for one in many):
        raise table.refuse("is", value, "true, false, a word or a list of words")
    return many
