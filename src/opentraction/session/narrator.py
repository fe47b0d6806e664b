"""Turns rows into events: what a person would say happened, each with its second.

Everything is read off the rows, so a live session, a replay and the twin tell the same story.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from opentraction.quantities.vocabulary import (
    ALARMS,
    CAUSE_TEXTS,
    CLINICIAN_LOOP,
    CLINICIAN_LOOP_B,
    PHASE_NAMES,
    POWER_GOOD,
    REMOTE_LOOP_A,
    REMOTE_LOOP_B,
    REMOTE_PLUGGED,
)
from opentraction.session.documents import Event, event
from opentraction.session.rows import ALARMS as ALARM_COLUMN
from opentraction.session.rows import CAUSE, CYCLE, LIMIT, MEASURED, PHASE, SWITCHES, Rows, T

SWITCH_WORDS = {
    REMOTE_PLUGGED: ("remote plugged in", "remote unplugged"),
    REMOTE_LOOP_A: ("remote channel A closed", "remote channel A open"),
    REMOTE_LOOP_B: ("remote channel B closed", "remote channel B open"),
    CLINICIAN_LOOP: ("clinician stop channel A closed", "clinician stop channel A open"),
    CLINICIAN_LOOP_B: ("clinician stop channel B closed", "clinician stop channel B open"),
    POWER_GOOD: ("power back", "power lost"),
}
BOTH_LOOPS = REMOTE_LOOP_A | REMOTE_LOOP_B
CLINICIAN_LOOPS = CLINICIAN_LOOP | CLINICIAN_LOOP_B


class Narrator:
    """Remembers the last row and tells what changed since."""

    def __init__(self) -> None:
        self._last: Rows | None = None

    def hear(self, block: Rows) -> list[Event]:
        """Events of a block [n, 18], in order of time."""
        if len(block) == 0:
            return []
        rows = np.vstack([_before(block[0]) if self._last is None else self._last, block])
        watched = rows[:, [PHASE, SWITCHES, ALARM_COLUMN, CAUSE, LIMIT]]
        changed = np.flatnonzero((watched[1:] != watched[:-1]).any(axis=1))
        told = [said for at in changed for said in _tell(rows[at], rows[at + 1])]
        self._last = block[-1].copy()
        return told


def _before(first: Rows) -> Rows:
    """The row before the first: the same switches, nothing bound, nothing wrong."""
    row = first.copy()
    row[[PHASE, ALARM_COLUMN, CAUSE]] = 0.0
    return row


def _tell(before: Rows, after: Rows) -> Iterator[Event]:
    """What changed between two rows: switches first, then alarms, then what control did about it."""
    t = float(after[T])
    yield from _switches(t, int(before[SWITCHES]), int(after[SWITCHES]))
    yield from _alarms(t, int(before[ALARM_COLUMN]), int(after[ALARM_COLUMN]), float(after[MEASURED]))
    if after[CAUSE] != before[CAUSE] and after[CAUSE] != 0:
        cause = int(after[CAUSE])
        yield event(t, "note", f"ending: {CAUSE_TEXTS[cause]}", {"cause": cause})
    if after[PHASE] != before[PHASE]:
        yield _phase(t, int(before[PHASE]), int(after[PHASE]), int(after[CYCLE]))
    if after[LIMIT] < before[LIMIT] < np.inf:
        yield event(t, "operator", f"reduced to {after[LIMIT]:.0f} N", {"limit_n": float(after[LIMIT])})


def _phase(t: float, before: int, after: int, cycle: int) -> Event:
    data = {"phase": PHASE_NAMES[after], "from": PHASE_NAMES[before], "cycle": cycle}
    return event(t, "phase", PHASE_NAMES[after], data)


def _switches(t: float, before: int, after: int) -> Iterator[Event]:
    turned = before ^ after
    if turned & BOTH_LOOPS == BOTH_LOOPS and after & REMOTE_PLUGGED and before & REMOTE_PLUGGED:
        pressed = after & BOTH_LOOPS == 0
        yield event(t, "switch", "remote pressed" if pressed else "remote let go", {"pressed": pressed})
        turned &= ~BOTH_LOOPS
    if turned & REMOTE_PLUGGED:
        turned &= ~BOTH_LOOPS
    if turned & CLINICIAN_LOOPS == CLINICIAN_LOOPS and (after & CLINICIAN_LOOPS) in {0, CLINICIAN_LOOPS}:
        whole = after & CLINICIAN_LOOPS != 0
        yield event(t, "switch", f"clinician stop {'reset' if whole else 'pressed'}", {"pressed": not whole})
        turned &= ~CLINICIAN_LOOPS
    for bit, (on, off) in SWITCH_WORDS.items():
        if turned & bit:
            yield event(t, "switch", on if after & bit else off, {"bit": bit, "on": bool(after & bit)})


def _alarms(t: float, before: int, after: int, force: float) -> Iterator[Event]:
    for alarm in ALARMS:
        if (before ^ after) & alarm.bit:
            on = bool(after & alarm.bit)
            data = {
                "id": alarm.id,
                "priority": alarm.priority,
                "on": on,
                "force_n": force if np.isfinite(force) else None,
            }
            yield event(t, "alarm", alarm.text if on else f"{alarm.text} (over)", data)
