"""A clinician takes a verdict upon themselves: with a reason, a name and a time; never against an emergency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opentraction.quantities import BadInput
from opentraction.quantities.canonical import Canonical
from opentraction.screening.actions import DO_NOT_START, Action
from opentraction.screening.signed import in_utc, reason_given, signer
from opentraction.screening.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Overridden(Canonical):
    """A verdict with the name of who overrides it. The original stays whole inside, with every reason."""

    verdict: Verdict
    by: str
    reason: str
    at: datetime

    @property
    def action(self) -> Action:
        """What counts now: always CAUTION, never OK."""
        return Action.CAUTION

    @property
    def limits(self) -> tuple[str, ...]:
        """The limits of the original; only the one that forbids to start is taken over by the clinician."""
        return tuple(limit for limit in self.verdict.limits if limit != DO_NOT_START)

    def document(self) -> dict[str, Any]:
        return {
            "doc": "screening override", "schema": 1, "action": self.action.name, "by": self.by,
            "reason": self.reason, "at": self.at.isoformat(), "verdict": self.verdict.document(),
            "verdict_sha256": self.verdict.sha256,
        }  # fmt: skip

    @staticmethod
    def from_document(raw: Mapping[str, Any]) -> Overridden:
        """The override that `document` told. Raises BadInput for anything else, an emergency too."""
        try:
            made = override(
                Verdict.from_document(raw["verdict"]), raw["by"], raw["reason"], datetime.fromisoformat(raw["at"])
            )
        except (KeyError, TypeError, AttributeError):
            raise BadInput("override", "the document", "an override as its document says it") from None
        if made.document() != dict(raw):
            raise BadInput("override", "the document", "an override with nothing added, left out or changed")
        return made


def override(verdict: Verdict, by: str, reason: str, at: datetime) -> Overridden:
    """`verdict` as CAUTION on the word of the clinician `by`. Raises BadInput.

    Who may sign is the caller's to check.
    """
    if any(one.action is Action.EMERGENCY for one in verdict.reasons) or verdict.action is Action.EMERGENCY:
        raise BadInput("override", "EMERGENCY", "any verdict but an emergency, which nobody overrides")
    if verdict.may_treat:
        raise BadInput("override", verdict.action.name, "a verdict that forbids treatment")
    return Overridden(verdict, signer(by, "override.by"), reason_given(reason, "override.reason"), in_utc(at, "at"))
