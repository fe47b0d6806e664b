"""The check on the day: six questions before each session. It can only forbid; it never replaces the full intake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opentraction.quantities import BadInput
from opentraction.quantities.canonical import Canonical
from opentraction.screening.actions import TREATS, Action
from opentraction.screening.answers import Answers, plain_answers
from opentraction.screening.question import REGIONS, Question
from opentraction.screening.rules import visit_book
from opentraction.screening.scene import Scene
from opentraction.screening.screen import judge, missing
from opentraction.screening.signed import in_utc
from opentraction.screening.verdict import Reason


@dataclass(frozen=True, slots=True)
class VisitCheck(Canonical):
    """What the questions of the day say, at the time `at` (UTC)."""

    region: str
    action: Action
    reasons: tuple[Reason, ...]
    missing: tuple[Mapping[str, str], ...]
    answers: Mapping[str, Any]
    rules_version: str
    at: datetime

    @property
    def may_treat(self) -> bool:
        return self.action in TREATS

    def document(self) -> dict[str, Any]:
        return {
            "doc": "visit check", "schema": 1, "region": self.region, "action": self.action.name,
            "reasons": [reason.document() for reason in self.reasons], "missing": [dict(one) for one in self.missing],
            "answers": dict(self.answers), "rules_version": self.rules_version, "at": self.at.isoformat(),
        }  # fmt: skip

    @staticmethod
    def from_document(raw: Mapping[str, Any]) -> VisitCheck:
        """The check that `document` told. Raises BadInput for anything else."""
        try:
            check = VisitCheck(
                raw["region"], Action[raw["action"]], tuple(Reason.from_document(one) for one in raw["reasons"]),
                tuple(raw["missing"]), raw["answers"], raw["rules_version"], datetime.fromisoformat(raw["at"]),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError, AttributeError):
            raise BadInput("visit check", "the document", "a visit check as its document says it") from None
        if check.document() != dict(raw):
            raise BadInput("visit check", "the document", "a visit check with nothing added, left out or changed")
        return check


def visit_questions() -> tuple[Question, ...]:
    """The questions of the day, in order."""
    return visit_book().questions.pages[0].questions


def visit_check(answers: Answers, region: str, at: datetime) -> VisitCheck:
    """The check of `answers` (by question id, already read) for one region. Raises BadInput."""
    if region not in REGIONS:
        raise BadInput("region", region, "one of " + ", ".join(REGIONS))
    book = visit_book()
    for key in answers:
        if key not in book.questions.by_id:
            raise BadInput(key[:60], key[:60], "the id of a question of the day: " + ", ".join(book.questions.by_id))
    when = in_utc(at, "at")
    scene = Scene(answers, region, when.date(), book.questions)
    reasons = judge(book, scene)
    worst = max((reason.action for reason in reasons), default=Action.OK)
    left_open = missing(reasons, scene)
    return VisitCheck(region, worst, reasons, left_open, plain_answers(answers), book.sha256, when)
