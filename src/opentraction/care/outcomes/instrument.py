"""What a questionnaire or scale is, as data: its items, its licence, what may be missing, what change is worthwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

UNVERIFIED = "from memory, unverified"


@dataclass(frozen=True, slots=True)
class Fact:
    """Where something comes from: `certainty` is "read", "memory" or "design"; `words` say it."""

    words: str
    source: str
    certainty: str

    @property
    def caveat(self) -> str:
        """What must stand beside it, empty for what was read."""
        return {"memory": UNVERIFIED, "design": "project proposal, reviewed by nobody yet"}.get(self.certainty, "")


@dataclass(frozen=True, slots=True)
class Item:
    """One question: the range of its answer, its words where the licence allows them, the words at both ends.

    An answer of `one_from` or more counts one; None where the answer counts as it is.
    """

    id: str
    low: float
    high: float
    whole: bool = True
    text: str = ""
    ends: tuple[str, ...] = ()
    one_from: int | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a change counts: `points` or `percent` of the start (MIC), `mdc` the measurement error; None: not known.

    `middle` and `worthwhile` are for an answer that is about change itself (PGIC, GROC).
    """

    points: float | None = None
    percent: float | None = None
    mdc: float | None = None
    middle: float | None = None
    worthwhile: float | None = None
    recovered: float | None = None
    fact: Fact = Fact("", "", "read")
    mdc_certainty: str = ""
    recovered_fact: Fact = Fact("", "", "read")


@dataclass(frozen=True, slots=True)
class Instrument:
    """One way to ask. `low` and `high` bound the score; `better` says which way is better."""

    id: str
    family: str
    name: str
    short: str
    measures: str
    region: str
    rule: Literal["primary", "mean", "proportion", "start_back", "eq5d"]
    primary: str
    low: float
    high: float
    unit: str
    better: Literal["lower", "higher"]
    decimals: int
    ask: str
    tick: bool
    own: bool
    total: bool
    caveat: str
    note: str
    about: Fact
    licence: Fact
    item_text: bool
    missing: Fact
    missing_allowed: int
    thresholds: Thresholds
    bands: tuple[tuple[float, str], ...]
    items: tuple[Item, ...]

    @property
    def best(self) -> float:
        """The best score there is."""
        return self.low if self.better == "lower" else self.high

    @property
    def anchor(self) -> bool:
        """Whether the answer is about change itself."""
        return self.thresholds.middle is not None

    def show(self, value: float | None) -> str:
        """A score as people read it; missing is a dash."""
        if value is None:
            return "–"
        text = f"{value:.{self.decimals}f}"
        text = text.lstrip("-") if float(text) == 0.0 else text.replace("-", "−")
        return text + ("\u00a0" + self.unit if self.unit else "")

    def band(self, value: float) -> str:
        """The word for a score, empty where the instrument has none."""
        return next((words for to, words in self.bands if value <= to + 1e-9), "")
