"""An adverse event as a value: what happened, when, how bad, whether the pull did it, what was done, how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from opentraction.care.adverse.taxonomy import Kind, kind, taxonomy
from opentraction.quantities import BadInput, State
from opentraction.quantities.canonical import Canonical

LONGEST = 2000
_FATAL = "fatal"


@dataclass(frozen=True, slots=True)
class AdverseEvent(Canonical):
    """One event. Raises BadInput for what cannot be or contradicts itself.

    `onset` and `reported` are moments in UTC; `duration` [h] is None while it lasts or is not known; `criteria` are
    what makes it serious; `session` is the session it belongs to, empty for none; `uid` names it in its record.
    """

    uid: str
    kind: str
    onset: datetime
    reported: datetime
    severity: int
    relatedness: str
    what: str
    action: str = ""
    outcome: str = "unknown"
    criteria: tuple[str, ...] = ()
    duration: float | None = None
    session: str = ""
    by: str = ""

    def __post_init__(self) -> None:
        words = taxonomy()
        kind(self.kind)
        _one_of("event.relatedness", self.relatedness, words.relatedness)
        _one_of("event.outcome", self.outcome, words.outcomes)
        for one in self.criteria:
            _one_of("event.criteria", one, words.criteria)
        if isinstance(self.severity, bool) or self.severity not in words.severity:
            raise BadInput("event.severity", self.severity, "a whole number from 1 (mild) to 5 (death)")
        self._check_times()
        self._check_words()
        self._check_together()

    def _check_times(self) -> None:
        for name, moment in (("onset", self.onset), ("reported", self.reported)):
            if moment.utcoffset() is None:
                raise BadInput(f"event.{name}", moment.isoformat(), "a moment with its time zone")
        if self.onset > self.reported:
            raise BadInput("event.onset", self.onset.isoformat(), "a moment before it was reported")
        if self.duration is not None and not 0.0 <= self.duration <= 24 * 3660:
            raise BadInput("event.duration", self.duration, "hours from 0 to ten years, or left out while it lasts")

    def _check_words(self) -> None:
        if not self.what.strip():
            raise BadInput("event.what", State("empty"), "what happened, in a sentence or two")
        for name, text in (("what", self.what), ("action", self.action), ("by", self.by)):
            if len(text) > LONGEST:
                raise BadInput(f"event.{name}", State("too long"), f"at most {LONGEST} characters")

    def _check_together(self) -> None:
        """Death is said three times or not at all; danger to life is serious; soreness ends within a day."""
        deaths = {self.severity == 5, "death" in self.criteria, self.outcome == _FATAL}
        if len(deaths) > 1:
            raise BadInput("event.severity", self.severity, "5 together with the criterion and the outcome of death")
        if self.severity == 4 and "life_threatening" not in self.criteria:
            raise BadInput("event.criteria", ", ".join(self.criteria) or State("empty"), "life_threatening, at 4")
        if self.outcome == "lasting" and "lasting_harm" not in self.criteria:
            raise BadInput("event.criteria", ", ".join(self.criteria) or State("empty"), "lasting_harm, as the outcome")
        if self.kind == "soreness" and self.duration is not None and self.duration > 24.0:
            raise BadInput("event.kind", self.kind, "more_pain, for it lasted longer than 24 hours")

    @property
    def about(self) -> Kind:
        """Its class."""
        return kind(self.kind)

    @property
    def expected(self) -> bool:
        """Known to follow traction in some people, and no worse than it is known to be [design]: up to severity 2."""
        return self.about.expected and self.severity <= 2

    @property
    def serious(self) -> bool:
        """By its criteria, or of a class that counts as serious until somebody has shown that it is not."""
        return bool(self.criteria) or self.about.serious_until_shown

    @property
    def related(self) -> bool:
        """Whether the pull may have done it; only "unlikely" says no, for not knowing is not knowing."""
        return self.relatedness != "unlikely"

    @property
    def ended(self) -> bool:
        """Whether nothing is left to follow up."""
        return self.outcome in taxonomy().ended

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "doc": "adverse_event",
            "schema": 1,
            "uid": self.uid,
            "kind": self.kind,
            "onset": self.onset.astimezone(UTC).isoformat(),
            "reported": self.reported.astimezone(UTC).isoformat(),
            "severity": self.severity,
            "relatedness": self.relatedness,
            "what": self.what,
            "action": self.action,
            "outcome": self.outcome,
            "criteria": list(self.criteria),
            "duration_h": self.duration,
            "session": self.session,
            "by": self.by,
            "expected": self.expected,
            "serious": self.serious,
        }

    @classmethod
    def from_document(cls, doc: Mapping[str, Any]) -> AdverseEvent:
        """The event a document tells of. Raises BadInput."""
        if doc.get("doc") != "adverse_event" or doc.get("schema") != 1:
            raise BadInput("event.doc", doc.get("doc"), "adverse_event, schema 1")
        try:
            onset, reported = (datetime.fromisoformat(str(doc[name])) for name in ("onset", "reported"))
            texts = {name: str(doc[name]) for name in ("uid", "kind", "relatedness", "what", "action", "outcome")}
            hours = None if doc["duration_h"] is None else float(doc["duration_h"])
            criteria = tuple(str(one) for one in doc["criteria"])
            return cls(
                onset=onset,
                reported=reported,
                severity=int(doc["severity"]),
                criteria=criteria,
                duration=hours,
                session=str(doc["session"]),
                by=str(doc["by"]),
                **texts,
            )
        except (KeyError, TypeError, ValueError) as problem:
            if isinstance(problem, BadInput):
                raise
            raise BadInput("event", str(problem), "a document of an event as `document()` writes it") from None


def _one_of(where: str, value: str, words: Mapping[str, str]) -> None:
    if value not in words:
        raise BadInput(where, value, "one of " + ", ".join(words))
