"""One course on one day, with what follows from it: who asks for what is decided elsewhere, from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from opentraction.prescription.progress.bounds import Start, longest, starting_force
from opentraction.prescription.progress.course import Course
from opentraction.prescription.progress.history import Check, History, Pain, Scores, SessionDone
from opentraction.prescription.progress.rules import Book
from opentraction.prescription.progress.saying import said_force
from opentraction.quantities import BadInput


@dataclass(frozen=True)
class Case:
    """A course, its history, today, and the rules. `now` is aware of its zone, None where only the day is known."""

    course: Course
    history: History
    today: date
    rules: Book
    now: datetime | None = None

    def __post_init__(self) -> None:
        last = self.last
        if last is not None and last.day > self.today:
            raise BadInput("today", self.today.isoformat(), f"the day of the last session, {last.day}, or later")
        if self.now is not None and self.now.tzinfo is None:
            raise BadInput("now", self.now.isoformat(), "a time that knows its zone")

    @property
    def done(self) -> tuple[SessionDone, ...]:
        """Sessions in which something was pulled."""
        return self.history.done

    @property
    def last(self) -> SessionDone | None:
        """The last of them."""
        return self.history.done[-1] if self.history.done else None

    @property
    def check(self) -> Check | None:
        """Today's check; one of another day is none."""
        check = self.history.check
        return check if check is not None and check.day == self.today else None

    @property
    def baseline(self) -> Pain:
        """Pain before the course."""
        return self.history.baseline.pain if self.history.baseline else Pain()

    @property
    def limb_counts(self) -> bool:
        """Whether the leg or arm is part of the complaint."""
        return self.baseline.limb is not None

    @cached_property
    def start(self) -> Start:
        """Planned force, caps and first session."""
        return starting_force(self.course, self.history.screened, self.rules)

    @property
    def longest(self) -> float:
        """The longest session [s]."""
        return longest(self.course, self.rules)

    @property
    def days(self) -> int:
        """Days since the first session, 0 before it."""
        return (self.today - self.done[0].day).days if self.done else 0

    @property
    def gap(self) -> int:
        """Days since the last session, 0 before the first."""
        return (self.today - self.last.day).days if self.last else 0

    @property
    def maintaining(self) -> bool:
        """Whether this is maintenance, after the course."""
        begins = self.course.maintenance_from
        return begins is not None and self.today >= begins

    @property
    def maintained(self) -> tuple[SessionDone, ...]:
        """Sessions of maintenance so far."""
        begins = self.course.maintenance_from
        return tuple(one for one in self.done if begins is not None and one.day >= begins)

    def reviewed(self, decision: str, after: int, since: date) -> bool:
        """Whether a clinician decided so after session number `after` or later, on that day or later."""
        return any(
            review.decision == decision and review.after >= after and since <= review.day <= self.today
            for review in self.history.reviews
        )

    def latest(self, instrument: str, within: int) -> float | None:
        """The newest score of an instrument that is at most `within` days old."""
        fresh = [one for one in self._scores() if 0 <= (self.today - one.day).days <= within]
        known = [value for one in fresh if (value := getattr(one, instrument)) is not None]
        return float(known[-1]) if known else None

    def first_score(self, instrument: str) -> float | None:
        """The score from before the course."""
        value = getattr(self.history.baseline, instrument) if self.history.baseline else None
        return None if value is None else float(value)

    def _scores(self) -> list[Scores]:
        return sorted(self.history.scores, key=lambda one: one.day)

    def said(self, force: float) -> str:
        """A force in the course's unit, and newtons, rounded down."""
        return said_force(force, self.course.unit)
