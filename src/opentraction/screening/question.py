"""A question, a page of them, and all pages: the intake as immutable values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from opentraction.screening.conditions import Condition
from opentraction.screening.cut_offs import CutOff

REGIONS = ("lumbar", "cervical")
KINDS = ("yes-no", "number", "choice", "several", "date", "body-map", "grid", "text")
ASKED_OF = ("patient", "clinician")


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `when` makes it appear; `safety` says that not knowing it holds the treatment.

    A number has `unit`, `low`, `high` (in that unit) and, for mass and length, the `measure` its written unit is of.
    """

    id: str
    page: str
    asked_of: str
    kind: str
    text: str
    text_cervical: str = ""
    help: str = ""
    when: Condition | None = None
    safety: bool = False
    record_only: bool = False
    regions: tuple[str, ...] = REGIONS
    unit: str = ""
    measure: str = ""
    low: float = 0.0
    high: float = 0.0
    whole: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)

    def words(self, region: str) -> str:
        """What is asked, for a region."""
        return self.text_cervical if region == "cervical" and self.text_cervical else self.text

    def document(self) -> dict[str, Any]:
        """What decides: kind, options, bounds, when, safety; wording aside."""
        return {
            "id": self.id, "kind": self.kind, "regions": list(self.regions), "unit": self.unit, "safety": self.safety,
            "low": self.low, "high": self.high, "options": list(self.options), "rows": list(self.rows),
            "when": None if self.when is None else self.when.document(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """One short page of the intake."""

    id: str
    title: str
    asked_of: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Questions:
    """All pages with the cut-offs of their `when`."""

    pages: tuple[Page, ...]
    cut_offs: Mapping[str, CutOff]

    @cached_property
    def by_id(self) -> dict[str, Question]:
        return {question.id: question for page in self.pages for question in page.questions}
