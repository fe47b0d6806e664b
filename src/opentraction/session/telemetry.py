"""What the console is told twenty times a second. What is unknown is null, never 0."""

from __future__ import annotations

import math
from typing import Any

from opentraction.control.step import has_torque
from opentraction.control.watch import clinician_pressed
from opentraction.quantities.vocabulary import (
    CAUSE_TEXTS,
    COMPLETE,
    LOCKOUT,
    PHASE_NAMES,
    POWER_GOOD,
    PRETENSION,
    REMOTE_LOOP_A,
    REMOTE_LOOP_B,
    REMOTE_PLUGGED,
    REST,
    SAFE,
    ending_of,
)
from opentraction.session.alarm_book import alarm_book
from opentraction.session.checks.told import checks_now
from opentraction.session.conductor import Conductor


def telemetry(c: Conductor, seq: int, wall_ms: float, bytes_per_s: float) -> dict[str, Any]:
    """The state of one conductor as strict JSON values; `wall_ms` civil time [ms]."""
    row = c.row
    switches = int(row[13]) if math.isfinite(row[13]) else 0
    told: dict[str, Any] = {
        "seq": seq,
        "wall_ms": wall_ms,
        "t": _known(row[0], 3),
        "phase": PHASE_NAMES[c.phase],
        "prescribed_n": _known(row[1], 1),
        "measured_n": _known(row[2], 1),
        "spine_n": _known(row[4], 0),
        "spine_low_n": _known(row[5], 0),
        "spine_high_n": _known(row[6], 0),
        "travel_mm": _known(row[7] * 1000.0, 1),
        "limit_n": _known(row[17], 3),
        "switches": _switches(c, switches),
        "checklist": dict(c.checklist),
        "guard": "off" if c.binding is None else "tripped" if c.tripped else "watching",
        "recording": _recording(c, bytes_per_s),
        "lockout": {"why": c.lockout.why, "since_utc": c.lockout.since} if c.lockout.locked else None,
        "alarms": _alarms(c),
        "sound": _sound(c),
        "checks": checks_now(c.checks, c.civil()),
        "trial": c.binding.trial or None if c.binding is not None else None,
        "lease_s": round(c.lease_age, 1),
        "table": c.table.kind,
        "ending": None,
        "cause": None,
    }
    told.update(_treatment(c))
    coming = None if c.session is None else c.session.coming
    told["change"] = None if coming is None else {"at_s": coming.at, "name": coming.plan.name, "words": coming.words}
    return told


def _treatment(c: Conductor) -> dict[str, Any]:
    """What only a bound plan can tell."""
    if c.binding is None or c.place is None:
        empty = ("phase_left_s", "cycle", "cycles", "treatment_s", "total_s", "bound")
        return dict.fromkeys(empty)
    plan, row, place = c.binding.plan, c.row, c.place
    cause = int(row[15]) if math.isfinite(row[15]) else 0
    over = c.phase in {SAFE, COMPLETE, LOCKOUT}
    return {
        "phase_left_s": round(place.phase_left, 1) if PRETENSION <= c.phase <= REST else None,
        "cycle": place.cycle,
        "cycles": plan.cycles,
        "treatment_s": round(float(row[10]), 1) if math.isfinite(row[10]) else None,
        "total_s": plan.total_time,
        "ending": ending_of(cause) if over and cause else None,
        "cause": CAUSE_TEXTS[cause] or None,
        "bound": {
            "session": c.binding.uid,
            "plan_sha256": plan.sha256,
            "pseudonym": c.binding.patient.get("pseudonym"),
        },
    }


def _recording(c: Conductor, bytes_per_s: float) -> dict[str, Any]:
    safe = c.session is not None and not c.trouble
    return {"on": safe, "bytes_per_s": round(bytes_per_s), "trouble": c.trouble or None}


def _switches(c: Conductor, switches: int) -> dict[str, bool]:
    both = REMOTE_LOOP_A | REMOTE_LOOP_B
    plugged = bool(switches & REMOTE_PLUGGED)
    return {
        "remote_plugged": plugged,
        "remote_pressed": plugged and switches & both != both,
        "remote_tested": c.tested,
        "clinician_stop": clinician_pressed(switches),
        "power": bool(switches & POWER_GOOD),
    }


RELEASING = " – releasing"


def _alarms(c: Conductor) -> list[dict[str, Any]]:
    """What stands; an alarm that outlasts its release no longer says that it releases."""
    tension, book = has_torque(c.phase), alarm_book()
    return [
        {
            "id": s.alarm.id,
            "number": s.number,
            "priority": s.alarm.priority,
            "text": s.alarm.text if tension else s.alarm.text.removesuffix(RELEASING),
            "act": book[s.alarm.id].act,
            "state": s.state,
            "since_s": round(s.since - c.began, 2) if s.since >= c.began else None,
            "for_s": round(c.stood(s), 1),
            "acknowledged": s.acknowledged,
            "active": s.active,
        }
        for s in c.board.standing()
    ]


def _sound(c: Conductor) -> dict[str, Any]:
    """What sounds at the table, and how long its sound is still paused [s]; null while it is not."""
    by, trouble = c.sound
    left = c.board.pause_left(c.now)
    return {"by": by, "trouble": trouble or None, "paused_s": None if left is None else round(left, 1)}


def _known(value: float, decimals: int) -> float | None:
    return round(float(value), decimals) if math.isfinite(value) else None
