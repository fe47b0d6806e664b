"""When a rule speaks: all of some criteria, and any of some others; unknown is neither yes nor no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from opentraction.care.money.criteria import Criterion, criterion_of
from opentraction.care.pathways.facts import Facts
from opentraction.quantities import State
from opentraction.quantities.toml_file import Table
from opentraction.screening.truth import both, either

_NAMES = frozenset(field.name for field in fields(Facts))


@dataclass(frozen=True, slots=True)
class Condition:
    """True when every one of `all_of` is and at least one of `any_of` (if there are any)."""

    all_of: tuple[Criterion, ...]
    any_of: tuple[Criterion, ...]

    def judge(self, facts: Mapping[str, Any]) -> bool | None:
        """True, False, or None while what is known does not decide."""
        every = [one.judge(facts) for one in self.all_of]
        return both([*every, either([one.judge(facts) for one in self.any_of])] if self.any_of else every)

    def missing(self, facts: Mapping[str, Any]) -> tuple[str, ...]:
        """The questions still to ask, in words; none once it is decided."""
        if self.judge(facts) is not None:
            return ()
        return tuple(one.words for one in (*self.all_of, *self.any_of) if one.judge(facts) is None)


def condition_of(table: Table) -> Condition:
    """The keys `all` and `any` of a table, each a list of criteria. Raises BadInput."""
    condition = Condition(_criteria(table, "all"), _criteria(table, "any"))
    if not condition.all_of and not condition.any_of:
        raise table.refuse("all", State("missing"), "all or any, with at least one criterion")
    return condition


def _criteria(table: Table, key: str) -> tuple[Criterion, ...]:
    criteria = tuple(criterion_of(one) for one in table.tables(key))
    for one in criteria:
        if one.fact not in _NAMES:
            raise table.refuse(key, one.fact, "the name of a fact")
        if not one.words:
            raise table.refuse(key, one.fact, "words for each criterion, to ask with")
    return criteria
