"""Time is a guest, invited by name: every loop is handed its clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Monotonic seconds for control, civil time for records only."""

    def now(self) -> float:
        """Monotonic time [s]; never jumps."""

    def civil(self) -> datetime:
        """Civil time, UTC; may jump, so it never decides anything."""

    def sleep_until(self, when: float) -> None:
        """Return at or soon after monotonic time `when` [s]."""


class MonotonicClock:
    """The machine's own clock."""

    def now(self) -> float:
        return time.monotonic()

    def civil(self) -> datetime:
        return datetime.now(UTC)

    def sleep_until(self, when: float) -> None:
        wait = when - time.monotonic()
        if wait > 0.0:
            time.sleep(wait)


@dataclass
class FakeClock:
    """A clock that moves only when told, for tests and for sessions faster than life."""

    seconds: float = 0.0
    started: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> float:
        return self.seconds

    def civil(self) -> datetime:
        return self.started + timedelta(seconds=self.seconds)

    def sleep_until(self, when: float) -> None:
        self.seconds = max(self.seconds, when)
