"""What the intake already tells of the facts the gates look at, so that nobody is asked twice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from opentraction.care.home.files import load, texts
from opentraction.care.home.gates import Value, facts_known
from opentraction.quantities.toml_file import Table
from opentraction.screening import UNKNOWN, UNSURE, Action, Answer, Answers, intake_questions


@dataclass(frozen=True, slots=True)
class Tells:
    """One answer that tells one fact: by an option, by a number at most so high, or as it stands."""

    fact: str
    question: str
    has: tuple[str, ...]
    else_no: bool
    at_most: float | None

    def value(self, answer: Answer | None) -> Value:
        """The fact's value; None where this answer does not tell."""
        if answer is None or answer is UNKNOWN:
            return None
        if self.has:
            return self._among(answer)
        if self.at_most is not None:
            return True if isinstance(answer, float | int) and answer <= self.at_most else None
        return answer if isinstance(answer, bool | int | float) else None

    def _among(self, answer: Answer) -> bool | None:
        options = answer if isinstance(answer, tuple) else (answer,)
        if any(option in options for option in self.has):
            return True
        return False if self.else_no and UNSURE not in options else None


def facts_from_intake(answers: Answers, action: Action | None) -> dict[str, Value]:
    """The facts that `answers` tell, and the verdict's `action` (None: not screened); the rest is unknown.

    Where two answers tell one fact, a yes counts. What the intake does not ask is for `facts_known()[...].ask`.
    """
    told: dict[str, Value] = {"verdict": action.name if action is not None else None}
    for one in _tells():
        value = one.value(answers.get(one.question))
        if value is not None and told.get(one.fact) is not True:
            told[one.fact] = value
    if answers.get("sex") == "male":
        told["pregnant"] = False
    return {name: told.get(name) for name in facts_known()}


@cache
def _tells() -> tuple[Tells, ...]:
    return tuple(_one(table) for table in load("intake.toml").tables("tells"))


def _one(table: Table) -> Tells:
    table.only("fact", "question", "has", "else_no", "at_most")
    questions = intake_questions().by_id
    question = questions[table.word("question", questions)]
    has = texts(table, "has")
    for option in has:
        if option not in question.options:
            raise table.refuse("has", option, "one of " + ", ".join(question.options))
    return Tells(
        table.word("fact", facts_known()),
        question.id,
        has,
        table.flag("else_no"),
        table.number("at_most", -1000, 1000) if "at_most" in table else None,
    )
