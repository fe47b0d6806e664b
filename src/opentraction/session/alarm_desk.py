"""Where alarms are heard, acknowledged and written down: the board, and the log behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any, Final

import numpy as np

from opentraction.quantities.vocabulary import ALARMS, PHASE_NAMES
from opentraction.session.alarm_board import AlarmBoard, Happening
from opentraction.session.alarm_book import settings
from opentraction.session.alarm_log import AlarmLog, Line
from opentraction.session.rows import GUARD_MEASURED, LIMIT, MEASURED, PHASE, PRESCRIBED, SPEED, TRAVEL, Rows

BY_ID: Final = {alarm.id: alarm for alarm in ALARMS}
SEEN: Final = {
    "prescribed_n": PRESCRIBED,
    "force_n": MEASURED,
    "guard_force_n": GUARD_MEASURED,
    "limit_n": LIMIT,
    "travel_m": TRAVEL,
    "speed_m_s": SPEED,
}
"""What is written beside an alarm: what was measured, and what it was held against."""


class AlarmDesk:
    """The alarms of one table, over all its sessions; times are the table's own [s]."""

    def __init__(self, log: AlarmLog, civil: Callable[[], datetime]) -> None:
        self.board = AlarmBoard()
        self.log = log
        self._civil = civil
        self._begun = False

    def hear(self, bits: int, t: float, row: Rows, session: str) -> None:
        """Conditions at `t` [s]; the row and session they were seen in."""
        if not self._begun:
            self._begin(t)
        told = self.board.hear(bits, t)
        if told:
            self._keep(told, session, _seen(row))

    def acknowledge(self, t: float, by: str, numbers: Collection[int] | None, session: str) -> list[str]:
        """Somebody has seen these raises (None: all that stand). The ids, for the record."""
        told = self.board.acknowledge(t, numbers)
        self._keep(told, session, {"by": by})
        return [one.alarm.id for one in told if one.alarm is not None and one.kind == "acknowledged"]

    def pause_sound(self, t: float, by: str, session: str) -> bool:
        """Silence what sounds, for two minutes at most; False where nothing does."""
        told = self.board.pause_sound(t)
        self._keep(told, session, {"by": by})
        return bool(told)

    def sound_again(self, t: float, by: str, session: str) -> None:
        """End the pause."""
        self._keep(self.board.sound_again(t), session, {"by": by})

    def close(self) -> None:
        """The program ends as it was asked to."""
        self.log.write({"doc": "ended", "utc": self._now()})
        self.log.close()

    def _begin(self, t: float) -> None:
        """Put back what nobody had seen when the power went, as old as it is; the log says with which settings."""
        self._begun = True
        left = self.log.left
        self.board.numbers = left.numbers
        for line in left.unseen:
            self._put_back(line, t)
        started = {"doc": "started", "utc": self._now(), "cut_off": not left.ended, "number": left.numbers}
        self.log.write({**started, "settings": settings()})

    def _put_back(self, line: Line, t: float) -> None:
        alarm = BY_ID.get(str(line.get("id")))
        if alarm is not None and alarm.latching:
            self.board.restore(alarm, t - self._age(line), int(line["number"]))
        else:
            self.log.write({"doc": "left", "utc": self._now(), "id": line.get("id"), "number": line["number"]})

    def _age(self, line: Line) -> float:
        """Seconds since it was raised, by a clock that may have been set meanwhile [s]."""
        try:
            return max(0.0, (self._civil() - datetime.fromisoformat(str(line.get("utc")))).total_seconds())
        except (ValueError, TypeError):
            return 0.0

    def _keep(self, told: Iterable[Happening], session: str, more: dict[str, Any]) -> None:
        for one in told:
            line: Line = {"doc": one.kind, "utc": self._now(), "t": round(one.t, 3), "session": session or None}
            if one.alarm is not None:
                line |= {"id": one.alarm.id, "number": one.number, "priority": one.alarm.priority}
            if one.kind == "raised" and one.alarm is not None:
                line |= {"text": one.alarm.text}
            if one.why:
                line |= {"why": one.why}
            self.log.write(line | (more if one.kind != "left" else {}))

    def _now(self) -> str:
        return self._civil().isoformat(timespec="milliseconds")


def _seen(row: Rows) -> dict[str, Any]:
    """What a row says, without what is not known."""
    told: dict[str, Any] = {name: round(float(row[at]), 4) for name, at in SEEN.items() if np.isfinite(row[at])}
    if np.isfinite(row[PHASE]):
        told["phase"] = PHASE_NAMES[int(row[PHASE])]
    return told
