"""Advice for the next session: what to do, with which force, for how long, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from opentraction.prescription.progress.questions import Question
from opentraction.prescription.progress.rules import Reason
from opentraction.quantities import BadInput
from opentraction.quantities.canonical import Canonical


class Action(StrEnum):
    """What to do next, from the lightest to the gravest: where several rules speak, the gravest stands."""

    GO_ON = "go on"
    HOLD = "hold force"
    STEP_BACK = "step back"
    TAPER = "taper"
    MODIFY = "modify"
    ASK = "ask first"
    EARLY = "too early"
    FINISHED = "finished"
    STOP = "stop and refer"

    @property
    def grave(self) -> int:
        """Place in that order."""
        return list(Action).index(self)

    @property
    def may_begin(self) -> bool:
        """Whether a session may be begun under it."""
        return self.grave <= Action.TAPER.grave


URGENCIES = ("", "soon", "the same day", "as an emergency")


@dataclass(frozen=True, slots=True)
class Effect:
    """What one rule asks for: an action, a share of the force taken away, a start from new, questions."""

    action: Action
    reason: Reason
    cut: float = 0.0
    restart: bool = False
    questions: tuple[Question, ...] = ()
    urgency: str = ""


@dataclass(frozen=True, slots=True)
class Advice(Canonical):
    """The next session: number, day, action, force [N] and length [s] (None where there is none), and why.

    Only `action.may_begin` allows a pull. Force and length beside "ask first", "modify" and "too early" are what would
    follow, and never above the last force. `bound` names the rule that keeps the force
    from being higher.
    """

    session: int
    day: date
    action: Action
    force: float | None
    length: float | None
    last_force: float | None
    reasons: tuple[Reason, ...]
    questions: tuple[Question, ...]
    referrals: tuple[Reason, ...]
    due: tuple[str, ...]
    bound: str
    urgency: str = ""

    @property
    def may_begin(self) -> bool:
        """Whether this session may be begun."""
        return self.action.may_begin

    def document(self) -> dict[str, Any]:
        """As JSON holds it, forces in newtons, times in seconds."""
        return {
            "schema": 1,
            "session": self.session,
            "day": self.day.isoformat(),
            "action": str(self.action),
            "may_begin": self.may_begin,
            "force_n": self.force,
            "length_s": self.length,
            "last_force_n": self.last_force,
            "reasons": [reason.document() for reason in self.reasons],
            "questions": [question.document() for question in self.questions],
            "referrals": [reason.document() for reason in self.referrals],
            "due": list(self.due),
            "bound": self.bound,
            "urgency": self.urgency,
        }

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> Advice:
        """The advice back from its document. Raises BadInput."""
        try:
            return _advice(document)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise BadInput("advice", "this document", "the document of an advice, schema 1") from None


def _advice(said: Mapping[str, Any]) -> Advice:
    if said["schema"] != 1:
        raise KeyError("schema")
    return Advice(
        session=int(said["session"]),
        day=date.fromisoformat(said["day"]),
        action=Action(said["action"]),
        force=_number(said["force_n"]),
        length=_number(said["length_s"]),
        last_force=_number(said["last_force_n"]),
        reasons=tuple(Reason(**one) for one in said["reasons"]),
        questions=tuple(Question(**one) for one in said["questions"]),
        referrals=tuple(Reason(**one) for one in said["referrals"]),
        due=tuple(map(str, said["due"])),
        bound=str(said["bound"]),
        urgency=str(said["urgency"]),
    )


def _number(value: object) -> float | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise TypeError("a number")
    return None if value is None else float(value)
