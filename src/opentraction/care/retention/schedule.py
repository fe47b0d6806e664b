"""The schedule of retention, read from `schedule.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from opentraction.quantities.toml_file import Table, parse_toml

CERTAINTY: Final = ("read", "memory", "design")
MAJORITY: Final = 18
LONGEST: Final = 200
"""Years; more is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is kept for how many years from which day, where that stands, and how sure we are."""

    id: str
    title: str
    years: int
    counts_from: str
    source: str
    certainty: str
    reviewed_by: str

    @property
    def caveat(self) -> str:
        """What must be said beside it."""
        words = {"memory": "from memory, unverified", "design": "our own proposal", "read": ""}
        return words[self.certainty]


@cache
def schedule() -> dict[str, Rule]:
    """Every rule by id. Raises BadInput for a file that cannot be used."""
    path = Path(__file__).with_name("schedule.toml")
    rules = [_rule(one) for one in parse_toml(path.read_text("utf-8"), path.name).tables("rule")]
    return {one.id: one for one in rules}


def keep_record_until(last_act: date, birth: date) -> date:
    """The last day on which a patient's record is kept: from the last act, of a minor from the 18th birthday."""
    rules = schedule()
    years = max(rules["record"].years, rules["recording"].years)
    return max(years_after(last_act, years), years_after(years_after(birth, MAJORITY), rules["minor"].years))


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _rule(table: Table) -> Rule:
    table.only(*Rule.__dataclass_fields__)
    return Rule(
        id=table.text("id"),
        title=table.text("title"),
        years=table.count("years", 1, LONGEST),
        counts_from=table.text("counts_from"),
        source=table.text("source", longest=200),
        certainty=table.word("certainty", CERTAINTY),
        reviewed_by=table.text("reviewed_by"),
    )
