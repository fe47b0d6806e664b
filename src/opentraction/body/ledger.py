"""Claims about the body, each tied to measurements that support or contradict it, and the words it is told in."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from opentraction.body.column.validation import published

MEASURED, SMALL, MODELLED = "measured", "one small study", "modelled"
UNSETTLED, UNSUPPORTED = "unsettled", "not supported"
STANDS = (MEASURED, SMALL, MODELLED, UNSETTLED, UNSUPPORTED)


@dataclass(frozen=True)
class Finding:
    """A measurement a claim leans on or runs against: a row that is played, or an observation that cannot be."""

    id: str
    what: str
    people: int
    source: str
    mark: str
    played: bool

    @property
    def study(self) -> str:
        """Author and year: what stands before the first comma or bracket of the source."""
        return self.source.split(",")[0].split("(")[0].strip()


@dataclass(frozen=True)
class Claim:
    """Something said about the body. `console` is where a treatment's page says it, empty where it does not."""

    id: str
    says: str
    articles: tuple[str, ...]
    console: str
    supports: tuple[Finding, ...]
    contradicts: tuple[Finding, ...]
    stands: str

    @property
    def people(self) -> int:
        """In how many people, or specimens, it was seen; those of one study count once."""
        studies: dict[str, int] = {}
        for one in self.supports:
            studies[one.study] = max(studies.get(one.study, 0), one.people)
        return sum(studies.values())

    @property
    def words(self) -> str:
        """How it may be told: `measured in 32 people`, `modelled`, `not supported`."""
        if self.stands == MEASURED and self.people:
            return f"measured in {self.people} people"
        if self.stands == SMALL:
            fewest = min(one.people for one in self.supports if one.people)
            return f"one small study, {fewest} people"
        return self.stands


@cache
def ledger() -> tuple[Claim, ...]:
    """Every claim. Raises KeyError where a finding is named that is not there."""
    raw = tomllib.loads(files("opentraction.body").joinpath("ledger.toml").read_text("utf-8"))
    known = {row.id: Finding(row.id, row.what, row.people, row.source, row.mark, True) for row in published()}
    known |= {one["id"]: Finding(**one, played=False) for one in raw["observation"]}
    return tuple(_claim(one, known) for one in raw["claim"])


def told(console: str) -> tuple[Claim, ...]:
    """What the console may say at one of its places."""
    return tuple(claim for claim in ledger() if claim.console == console)


def _claim(raw: dict[str, Any], known: dict[str, Finding]) -> Claim:
    if raw["stands"] not in STANDS:
        raise ValueError(f"{raw['id']}: stands is {raw['stands']!r}; allowed: {', '.join(STANDS)}")
    return Claim(
        id=raw["id"],
        says=raw["says"],
        articles=tuple(raw["articles"]),
        console=raw.get("console", ""),
        supports=tuple(known[one] for one in raw.get("supports", ())),
        contradicts=tuple(known[one] for one in raw.get("contradicts", ())),
        stands=raw["stands"],
    )
