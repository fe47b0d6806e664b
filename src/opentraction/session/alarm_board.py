"""Which alarms stand: conditions come from the rows, latching and acknowledging happen here.

Behaviours after IEC 60601-1-8 (from memory): acknowledging silences, it never hides; a latched alarm stays after its
condition until acknowledged; a condition that comes back is new.
"""

from __future__ import annotations

from dataclasses import dataclass

from opentraction.quantities.vocabulary import ALARMS, Alarm

ORDER = {"high": 0, "medium": 1, "low": 2}


@dataclass
class Standing:
    """One alarm that is shown."""

    alarm: Alarm
    since: float
    active: bool = True
    acknowledged: bool = False


class AlarmBoard:
    """Everything that stands now, highest priority first."""

    def __init__(self) -> None:
        self._standing: dict[str, Standing] = {}

    def hear(self, bits: int, t: float) -> None:
        """Conditions at time `t` [s]."""
        for alarm in ALARMS:
            on = bool(bits & alarm.bit)
            standing = self._standing.get(alarm.id)
            if on and (standing is None or not standing.active):
                self._standing[alarm.id] = Standing(alarm, t)
            elif not on and standing is not None and standing.active:
                standing.active = False
                if not alarm.latching or standing.acknowledged:
                    del self._standing[alarm.id]

    def acknowledge(self) -> list[str]:
        """Acknowledge all that stands; alarms whose condition is over leave. The ids, for the record."""
        told = [id_ for id_, standing in self._standing.items() if not standing.acknowledged]
        for standing in self._standing.values():
            standing.acknowledged = True
        self._standing = {id_: standing for id_, standing in self._standing.items() if standing.active}
        return told

    def standing(self) -> list[Standing]:
        """Highest priority first, then oldest."""
        return sorted(self._standing.values(), key=lambda s: (ORDER[s.alarm.priority], s.since))

    def clear(self) -> None:
        """A new session begins with an empty board."""
        self._standing.clear()
