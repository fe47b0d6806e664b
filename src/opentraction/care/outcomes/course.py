"""One patient's course as values: what was pulled, what was answered, what went wrong. Its picture is drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from opentraction.care.adverse import AdverseEvent
from opentraction.care.outcomes.change import Change, change
from opentraction.care.outcomes.form import Form
from opentraction.care.outcomes.instrument import Instrument
from opentraction.care.outcomes.library import instrument
from opentraction.care.outcomes.schedule import CourseFacts, Due, plan
from opentraction.care.outcomes.score import Score


@dataclass(frozen=True, slots=True)
class SessionPoint:
    """One session: its highest force [N] and comfort (0 worst, 10 best), None where not known; `ending` in a word."""

    number: int
    day: date
    force: float | None = None
    comfort: int | None = None
    ending: str = "completed"


@dataclass(frozen=True, slots=True)
class PatientCourse:
    """A course so far."""

    facts: CourseFacts
    sessions: tuple[SessionPoint, ...]
    forms: tuple[Form, ...]
    events: tuple[AdverseEvent, ...]

    def asked(self) -> list[Instrument]:
        """What was asked at least once or is planned, planned ones first; those that tell of change itself left out."""
        names = dict.fromkeys([one.instrument for one in self.plan(self.facts.started)])
        names.update(dict.fromkeys(form.instrument for form in self.forms))
        return [one for name in names if not (one := instrument(name)).anchor and name != "start_back"]

    def plan(self, today: date) -> list[Due]:
        """What was to be asked when, and what became of it."""
        return plan(self.facts, self.forms, today)

    def scores(self, name: str) -> list[tuple[date, Score]]:
        """The scores of one instrument in order of days; forms without a score are left out."""
        forms = sorted((form for form in self.forms if form.instrument == name), key=lambda form: form.taken)
        return [(form.taken, told) for form in forms if (told := form.score()).valid]

    def baseline(self, name: str) -> Score | None:
        """The last score up to the day of the first session; None where there is none: a later one is no baseline."""
        before = [one for day, one in self.scores(name) if day <= self.facts.started]
        return before[-1] if before else None

    def change(self, name: str) -> Change | None:
        """From the baseline to the last score after it; None where there is neither."""
        start = self.baseline(name)
        later = [one for day, one in self.scores(name) if day > self.facts.started]
        if start is None and not later:
            return None
        return change(start, later[-1] if later else None)

    def document(self, today: date) -> dict[str, Any]:
        """The course in figures, as JSON holds it."""
        every = self.plan(today)
        told = [(one, self.change(one.id)) for one in self.asked()]
        return {
            "doc": "course",
            "schema": 1,
            "who": self.facts.who,
            "started": self.facts.started.isoformat(),
            "ended": self.facts.ended.isoformat() if self.facts.ended else None,
            "sessions": len(self.sessions),
            "changes": [one.document() for _, one in told if one is not None],
            "forms": {state: sum(one.state == state for one in every) for state in ("done", "due", "late", "missed")},
            "events": [one.document() for one in self.events],
        }
