"""A form somebody filled in: which instrument, on which day, by whom, with what answers. Frozen once it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from opentraction.care.outcomes.library import instrument
from opentraction.care.outcomes.score import Score, score
from opentraction.quantities import BadInput, check_line
from opentraction.quantities.canonical import Canonical

WAYS = ("patient", "clinician", "paper", "import")


@dataclass(frozen=True, slots=True)
class Form(Canonical):
    """One filled-in form; `way` says who entered it, `by` the account. Refuses answers that cannot be scored."""

    instrument: str
    taken: date
    answers: Mapping[str, Any]
    own: Mapping[str, str] = field(default_factory=dict)
    way: str = "patient"
    by: str = ""

    def __post_init__(self) -> None:
        if self.way not in WAYS:
            raise BadInput("form.way", self.way, "one of " + ", ".join(WAYS))
        check_line(self.by, "form.by", 150)
        for key, words in self.own.items():
            check_line(words, f"form.own.{key}", 120)
        self.score()

    def score(self) -> Score:
        """What it amounts to."""
        return score(self.instrument, self.answers, self.own)

    def document(self) -> dict[str, Any]:
        """As JSON holds it: the answers as given, and the score they had on the day."""
        return {
            "doc": "outcome_form",
            "schema": 1,
            "instrument": self.instrument,
            "family": instrument(self.instrument).family,
            "taken": self.taken.isoformat(),
            "answers": dict(self.answers),
            "own": dict(self.own),
            "way": self.way,
            "by": self.by,
            "score": self.score().document(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Form:
        """The form a document tells of. Raises BadInput."""
        if document.get("doc") != "outcome_form" or document.get("schema") != 1:
            raise BadInput("form.doc", document.get("doc"), "outcome_form, schema 1")
        try:
            taken = date.fromisoformat(str(document["taken"]))
            answers, own = dict(document["answers"]), dict(document.get("own", {}))
            return cls(str(document["instrument"]), taken, answers, own, str(document["way"]), str(document["by"]))
        except (KeyError, TypeError, ValueError) as problem:
            if isinstance(problem, BadInput):
                raise
            raise BadInput("form", str(problem), "a document of a form as `document()` writes it") from None
