"""Who was signed in at which browser a moment ago, in memory: for a stop, which cannot wait for the database."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

KEPT_S = 60.0
"""A page that watches a pull says so each second; one that was silent for longer is looked up again [s]."""


class LastSeen:
    """Sign-ins that were found good, by session key. A sign-out is forgotten at once."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._seen: dict[str, tuple[str, float]] = {}

    def saw(self, key: str | None, name: str) -> None:
        """This browser has just been found to be `name`'s."""
        now = self._clock()
        self._seen = {one: kept for one, kept in self._seen.items() if now - kept[1] < KEPT_S}
        if key:
            self._seen[key] = (name, now)

    def who(self, key: str | None) -> str:
        """Whose browser it was within the last minute; empty when nobody knows."""
        name, at = self._seen.get(key or "", ("", -KEPT_S))
        return name if self._clock() - at < KEPT_S else ""

    def forget(self, key: str | None) -> None:
        """Somebody signed out there."""
        self._seen.pop(key or "", None)


last_seen = LastSeen()
