"""What the patient says of a session, as three small forms: before, right after, at the next visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from opentraction.clinic.outcomes.forms.answers import number
from opentraction.clinic.outcomes.models import SessionReport
from opentraction.clinic.outcomes.models.session_report import AFTER, BEFORE, NEXT
from opentraction.prescription.progress.history import FELT

SCORES: Final = ("spine", "limb")
ASKS: Final = {
    BEFORE: ("spine", "limb", "systolic"),
    AFTER: ("spine", "limb", "felt", "peripheralised", "new_distal", "dizzy", "systolic", "stop_reason"),
    NEXT: ("soreness_hours", "peripheralised", "new_distal", "dizzy"),
}
_WORDS = {"yes": True, "no": False}
_TEN = {str(score) for score in range(11)}


@dataclass
class SessionForm:
    """One moment's form."""

    moment: str
    written: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, moment: str, row: SessionReport | None) -> SessionForm:
        """As first shown, or with what was answered."""
        return cls(moment, {name: _text(getattr(row, name)) for name in ASKS[moment]} if row else {})

    @classmethod
    def read(cls, moment: str, post: Mapping[str, str]) -> SessionForm:
        """What was posted."""
        return cls(moment, {name: post.get(name, "").strip()[:201] for name in ASKS[moment]})

    def answers(self) -> dict[str, Any]:
        """What it means; what is open is None."""
        return {name: self._answer(name) for name in ASKS[self.moment]}

    def _answer(self, name: str) -> Any:
        written = self.written.get(name, "")
        if name == "stop_reason":
            return written
        if not written:
            return None
        if name in SCORES and written in _TEN:
            return int(written)
        if name == "felt" and written in FELT:
            return written
        if name in {"peripheralised", "new_distal", "dizzy"} and written in _WORDS:
            return _WORDS[written]
        return self._measure(name, written)

    def _measure(self, name: str, written: str) -> float | int | None:
        low, high = {"systolic": (40, 300), "soreness_hours": (0, 1000)}.get(name, (1, 0))
        try:
            value = number(written)
            if low <= value <= high and (name != "systolic" or value == int(value)):
                return value
        except ValueError:
            pass
        allowed = f"a number from {low} to {high}" if low <= high else "one of the answers"
        self.refusals[name] = f"“{written[:40]}” cannot be used. Give {allowed}, or leave it open."
        return None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else str(value)
