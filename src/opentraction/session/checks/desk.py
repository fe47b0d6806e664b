"""Where a conductor has its checks done: the power-on test while nothing is bound, and trials of the stops."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

from opentraction.quantities import BadInput
from opentraction.session.checks.check_book import CheckBook
from opentraction.session.checks.finding import Finding, of_table, sentence
from opentraction.session.checks.power_on import LOOK, PowerOnTest, before_a_session
from opentraction.session.checks.stop_trial import FRAME, STOPS, StopTrial, trial_plan
from opentraction.session.session import Binding
from opentraction.table.port import HALT, Command, Reading, Table

EVERY = 200
"""Ticks between two looks at what is due."""


class CheckDesk:
    """The book, and what is being checked now."""

    def __init__(self, book: CheckBook, more: Callable[[], Sequence[Finding]], civil: Callable[[], datetime]) -> None:
        """`more` finds what the power-on test cannot see by itself: disk, files."""
        self.book = book
        self.due = False
        """A stop is to be tried today."""
        self.pace = 1.0
        """How much faster than life the table's clock runs."""
        self._more, self._civil = more, civil
        self._own: list[Finding] = []
        self._power_on: PowerOnTest | None = None
        self._trial: StopTrial | None = None
        self._ticks = 0
        self._at_rest: deque[Reading] = deque(maxlen=LOOK)

    @property
    def testing(self) -> bool:
        """The power-on test is under way."""
        return self._power_on is not None

    def begin(self, table: Table) -> None:
        """The power-on test from its beginning; the table first looks for itself."""
        self.book.power_on = None
        self._own = [of_table(one) for one in table.own_checks()]
        self._power_on = PowerOnTest(self.pace, guarded=table.guarded)

    def look(self) -> None:
        """Once a tick: what is due."""
        if self._ticks % EVERY == 0:
            self.due = self.book.due(self._civil())
        self._ticks += 1

    def idle(self, reading: Reading) -> Command:
        """What an unbound table should be told in this tick."""
        test = self._power_on
        if test is None:
            self._at_rest.append(reading)
            return HALT
        self._at_rest.clear()
        command = test.step(reading)
        if test.done:
            self.book.tested([*self._own, *test.findings(), *self._more()], self._civil())
            self._power_on = None
        return command

    def refuse_untested(self) -> None:
        """Raises BadInput unless the power-on test was passed."""
        if why := self.book.untested():
            raise BadInput("bind", "a table that has not passed its power-on test", f"one that has ({why})")

    def refuse_untried(self) -> None:
        """Raises BadInput where a stop was not tried for too long, or failed."""
        if why := self.book.stops_not_tried(self._civil()):
            raise BadInput("bind", "a table whose stops are in doubt", f"one whose stops were tried ({why})")

    def before_a_session(self) -> list[Finding]:
        """The last half second of an unbound table; nothing where it was not at rest for so long. Raises BadInput."""
        found = before_a_session(self._at_rest) if len(self._at_rest) == LOOK and self.book.path is not None else []
        if failed := sentence(found):
            raise BadInput("bind", "a table that is not at rest", f"one whose cable is slack and drum still ({failed})")
        return found

    def taken(self) -> None:
        """Somebody is bound: what was seen before is of another time."""
        self._at_rest.clear()

    def trial_of(self, stop: str, uid: str, operator: str, table: Table) -> Binding:
        """A binding with nobody in it: the cord, and 500 N. Raises BadInput."""
        if stop not in STOPS:
            raise BadInput("stop", stop, "one of " + ", ".join(STOPS))
        return Binding(uid, trial_plan(), FRAME.document(), dict(table.describe()), operator, trial=stop)

    def listen(self, stop: str) -> StopTrial:
        """Who hears the rows of this trial."""
        self._trial = StopTrial(stop)
        return self._trial

    def judge(self, binding: Binding | None) -> None:
        """A trial that came to its force is written down, however it went."""
        trial, self._trial = self._trial, None
        if trial is not None and binding is not None and (findings := trial.findings()):
            self.book.trial(trial.stop, findings, binding.operator, binding.uid, self._civil())
