"""Trials, reviews, series and one case of harm, as data: `studies.toml`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, cast

from opentraction.care.evidence.known import Certainty, caveat_of, certainty_of
from opentraction.quantities.toml_file import Table, parse_toml, read_text

FILE: Final = Path(__file__).parent / "studies.toml"
Direction = Literal["for", "no difference", "against", "uncontrolled"]
DIRECTIONS: Final[tuple[Direction, ...]] = ("for", "no difference", "against", "uncontrolled")
KINDS: Final = ("review", "trial", "series", "case")
Scale = Literal["sd", "percent"]
SCALES: Final[dict[Scale, str]] = {"sd": "standard deviations", "percent": "of 100"}


@dataclass(frozen=True, slots=True)
class Effect:
    """Traction less what it was compared with; below zero is better with traction.

    `value`, `low`, `high` [scale]; `low` and `high` are the 95 % interval, None where none was given.
    `worthwhile` [scale] is the smallest difference people notice, as a range; None where nobody agreed on one.
    """

    label: str
    scale: Scale
    value: float
    low: float | None
    high: float | None
    worthwhile: tuple[float, float] | None
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Two means [0 to `top`] of one group. The difference is no effect: nothing was compared."""

    label: str
    before: float
    after: float
    top: float


@dataclass(frozen=True, slots=True)
class Share:
    """People the authors counted [percent] in one group. No effect: nothing was compared."""

    label: str
    percent: float


@dataclass(frozen=True, slots=True)
class Study:
    """One study. `n` people, `trials` pooled: None where not known; `graded` is the authors' own certainty."""

    id: str
    name: str
    year: int
    kind: str
    region: str
    n: int | None
    trials: int | None
    design: str
    compared: str
    result: str
    plain: str
    direction: Direction
    graded: str
    certainty: Certainty
    own_caveat: str
    source: str
    doi: str
    effects: tuple[Effect, ...]
    before_after: BeforeAfter | None
    share: Share | None

    @property
    def caveat(self) -> str:
        """The words to show beside it, such as "from memory, unverified"; empty for none."""
        return caveat_of(self.certainty, self.own_caveat)

    @property
    def size(self) -> str:
        """`7 trials, 403 people`"""
        return self.sized(str)

    def sized(self, say: Callable[[str], str]) -> str:
        """The same in another language: `say` gives its word for "trials", "people" and "person"."""
        trials = f"{self.trials} {say('trials')}" if self.trials else ""
        people = "" if self.n is None else f"{self.n:,} {say('person' if self.n == 1 else 'people')}"
        return ", ".join(part for part in (trials, people) if part)


@cache
def studies() -> tuple[Study, ...]:
    """Every study, in the order of the file. Raises BadInput when the file is not as it must be."""
    return tuple(read_study(one) for one in parse_toml(read_text(FILE), FILE.name).tables("study"))


def read_study(table: Table) -> Study:
    """One `[[study]]`. Raises BadInput."""
    study = Study(
        id=table.text("id"),
        name=table.text("name"),
        year=table.count("year", 1950, 2100),
        kind=table.word("kind", KINDS),
        region=table.word("region", ("lumbar", "cervical")),
        n=_maybe(table, "n"),
        trials=_maybe(table, "trials"),
        design=table.text("design", longest=200),
        compared=table.text("compared", longest=200),
        result=table.text("result", longest=500),
        plain=table.text("plain", longest=300),
        direction=cast(Direction, table.word("direction", DIRECTIONS)),
        graded=table.text("graded", ""),
        certainty=certainty_of(table),
        own_caveat=table.text("caveat", ""),
        source=table.text("source", longest=160),
        doi=table.text("doi", ""),
        effects=tuple(_effect(one) for one in table.tables("effect")),
        before_after=_before_after(table.table("before_after")),
        share=_share(table.table("share")),
    )
    return _plausible(study, table)


def _plausible(study: Study, table: Table) -> Study:
    """What has no comparison carries no effect, and the other way round."""
    alone = study.direction == "uncontrolled" or study.kind in {"series", "case"}
    if alone and study.effects:
        raise table.refuse("effect", study.name, "effects only where something was compared")
    if not alone and (study.share or study.before_after):
        raise table.refuse("before_after", study.name, "before and after only where nothing was compared")
    return study


def _maybe(table: Table, key: str) -> int | None:
    return table.count(key, 1, 10_000_000) if key in table else None


def _effect(table: Table) -> Effect:
    value = table.number("value", -100, 100)
    low, high = (table.number(key, -100, 100) if key in table else None for key in ("low", "high"))
    if (low is None) != (high is None) or (low is not None and high is not None and not low <= value <= high):
        raise table.refuse("low", low, "low and high together, with the value between them")
    return Effect(
        label=table.text("label"),
        scale=cast(Scale, table.word("scale", tuple(SCALES))),
        value=value,
        low=low,
        high=high,
        worthwhile=_worthwhile(table),
        certainty=certainty_of(table),
    )


def _worthwhile(table: Table) -> tuple[float, float] | None:
    if "worthwhile" not in table:
        return None
    pair = table.need("worthwhile", "[15, 20]")
    if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(end, int | float) for end in pair)):
        raise table.refuse("worthwhile", pair, "two numbers, the lower first")
    low, high = float(pair[0]), float(pair[1])
    if not 0.0 < low <= high:
        raise table.refuse("worthwhile", pair, "two numbers above zero, the lower first")
    return low, high


def _before_after(table: Table) -> BeforeAfter | None:
    if not table:
        return None
    top = table.number("top", 1, 100)
    return BeforeAfter(table.text("label"), table.number("before", 0, top), table.number("after", 0, top), top)


def _share(table: Table) -> Share | None:
    return Share(table.text("label"), table.number("percent", 0, 100)) if table else None
