"""Work too slow for the control loop: done on a thread beside it, its outcome taken up between two ticks.

A plan takes tens of milliseconds to read, check and hash; the loop has five, and the guard ends a pull for a loop that
was late. One piece of work runs at a time and few wait, so no console can make the thread's share of the processor
matter.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from opentraction.app.prompt import promptly
from opentraction.quantities import BadInput

MOST_WAITING = 3
log = logging.getLogger(__name__)
Begin = Callable[[Callable[[], None]], None]
Outcome = Callable[[], None]
"""On the loop again: does what is left to do, or raises what the work raised."""
Slow = Callable[[], Outcome]
"""Beside the loop; touches nothing that the loop moves."""
Look = Callable[[], Slow]
"""On the loop, as its turn comes: takes what the work needs to know."""


@dataclass
class Work:
    """One request's look, slow part and outcome; `refuse` hears why it came to nothing."""

    look: Look
    refuse: Callable[[str], None]
    not_before: float = 0.0
    outcome: Outcome | None = field(default=None, init=False)

    def begin(self, begin: Begin) -> None:
        """On the loop: never raises."""
        try:
            slow = self.look()
        except Exception as error:
            self.outcome = _raiser(error)
            return
        begin(lambda: self._run(slow))

    def _run(self, slow: Slow) -> None:
        try:
            self.outcome = slow()
        except Exception as error:  # told on the loop, in one sentence
            self.outcome = _raiser(error)


def in_thread(job: Callable[[], None]) -> None:
    """A thread of its own, which does not inherit the loop's priority and never holds up the end of the process."""
    threading.Thread(target=promptly(job), name="aside", daemon=True).start()


class Aside:
    """What waits, the one that runs, and the pace of those that are paced."""

    def __init__(self, clock: Callable[[], float], begin: Begin = in_thread) -> None:
        self._clock = clock
        self._begin = begin
        self._waiting: deque[Work] = deque()
        self._running: Work | None = None
        self._last = -1.0e9

    def add(self, look: Look, refuse: Callable[[str], None], pace: float = 0.0) -> None:
        """Let work wait its turn; of paced work one begins in `pace` seconds [s]. Raises BadInput for too much."""
        not_before = max(self._clock(), self._last + pace if pace else 0.0)
        if len(self._waiting) >= MOST_WAITING or not_before > self._clock() + pace:
            raise BadInput("request", "one plan after another", "one a second; ask again in a moment")
        if pace:
            self._last = not_before
        self._waiting.append(Work(look, refuse, not_before))
        self.poll()

    def poll(self) -> None:
        """Between two ticks: take up what is done, begin what is next. Never waits, never raises."""
        if self._running is None and self._waiting and self._clock() >= self._waiting[0].not_before:
            self._running = self._waiting.popleft()
            self._running.begin(self._begin)
        work = self._running
        if work is None or work.outcome is None:
            return
        self._running = None
        try:
            work.outcome()
        except BadInput as refusal:
            work.refuse(str(refusal))
        except Exception:
            log.exception("a request failed")
            work.refuse(UNEXPECTED)


UNEXPECTED = "The table could not do this and goes on as it was; the reason is in its log."


def _raiser(error: Exception) -> Outcome:
    def fail() -> None:
        raise error

    return fail
