"""Is anybody watching? A browser renews its lease each second; a console without one alarms, then ends the pull."""

from __future__ import annotations

LEASE_ALARM = 3.0  # [s] without a watching browser
LEASE_RELEASE = 15.0  # [s]


class Lease:
    """The last word of a watching browser."""

    def __init__(self) -> None:
        self.console_connected = False
        self._renewed = 0.0
        self._told = False
        self._grace = True

    def renew(self, now: float) -> None:
        """A browser is watching at `now` [s]."""
        self._renewed, self._told, self._grace = now, False, True

    def connected(self, yes: bool, now: float) -> None:
        """A console process has come or gone. Its going changes nothing on the table but the alarm.

        One that comes gets time for its browsers to come back, once: one that keeps restarting watches nobody.
        """
        if yes and not self.console_connected and self._grace:
            self.renew(now)
            self._grace = False
        self.console_connected = yes

    def age(self, now: float) -> float:
        """Seconds since a browser last said that it is watching [s]."""
        return now - self._renewed

    def alarms(self, now: float) -> bool:
        """Nobody watches."""
        return not self.console_connected or self.age(now) > LEASE_ALARM

    def ran_out(self, now: float) -> bool:
        """True once when a console lives without a browser for too long; a dead console does not end the pull."""
        if not self.console_connected or self.age(now) <= LEASE_RELEASE or self._told:
            return False
        self._told = True
        return True
