"""When to stop: rules over a log entry, as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from opentraction.care.home.files import CERTAINTIES, load, unique
from opentraction.care.home.log import LEG, SIGNS, LogEntry
from opentraction.quantities.toml_file import Table

STEPS = ("lower", "call", "emergency")
TESTS = ("sign", "leg", "dizzy", "nrs_after", "nrs_rise")


@dataclass(frozen=True, slots=True)
class StopRule:
    """One reason to stop. `then` lower, call or emergency; `again` is what a second in a row leads to."""

    id: str
    test: str
    wanted: str | int
    text: str
    ask: str
    then: str
    again: str
    scope: str
    source: str
    certainty: str
    reviewed_by: str

    def fires(self, entry: LogEntry) -> bool:
        """Whether the entry tells it; what was not told fires nothing."""
        if self.test == "sign":
            return self.wanted in entry.signs
        if self.test == "leg":
            return entry.leg == self.wanted
        if self.test == "dizzy":
            return entry.dizzy is True
        score = entry.nrs_after if self.test == "nrs_after" else entry.rise
        return score is not None and score >= int(self.wanted)

    @property
    def key(self) -> tuple[str, str]:
        """Text key and English text."""
        return f"stop.{self.id}.text", self.text


@cache
def stop_rules() -> dict[str, StopRule]:
    """Every stop rule by id, as stops.toml lists them."""
    top = load("stops.toml")
    every = [_rule(table) for table in top.tables("stop")]
    unique(top, [rule.id for rule in every])
    return {rule.id: rule for rule in every}


def _rule(table: Table) -> StopRule:
    table.only("id", "when", "text", "ask", "then", "again", "scope", "source", "certainty", "reviewed_by")
    test, wanted = _when(table.table("when"))
    then = table.word("then", STEPS)
    return StopRule(
        table.text("id"),
        test,
        wanted,
        table.text("text", longest=200),
        table.text("ask", ""),
        then,
        table.word("again", STEPS, then),
        table.word("scope", ("exercise", "all")),
        table.text("source", longest=300),
        table.word("certainty", CERTAINTIES),
        table.text("reviewed_by", ""),
    )


def _when(table: Table) -> tuple[str, str | int]:
    table.only(*TESTS)
    test = next((one for one in TESTS if one in table), "")
    if test == "sign":
        return test, table.word("sign", SIGNS)
    if test == "leg":
        return test, table.word("leg", LEG)
    if test == "dizzy":
        return test, int(table.flag("dizzy"))
    if not test:
        raise table.refuse("when", "{}", "one of " + ", ".join(TESTS))
    return test, table.count(test, 1, 10)
