"""What must hold in every tick, as one bit each; the words stand beside them and are what SAFETY.md prints."""

from __future__ import annotations

from typing import Final

from opentraction.control.step import has_torque
from opentraction.quantities.vocabulary import COMPLETE, IDLE, PATIENT_RELEASE, PRETENSION, READY, RESUME, SAFE, SETUP
from opentraction.twin.exploring.choices import ASK, COUGH, RESTART, SLIP, WITH_PRESS
from opentraction.twin.exploring.state import (
    ANEW,
    BROKEN,
    BUS,
    CELL_A,
    CELL_B,
    CONTROL,
    DRIVE,
    FORCE,
    GUARD,
    HAD,
    LATCHED,
    ODD,
    ODD_MOST,
    OPEN_FOR,
    PHASE,
    POWER,
    PULLED,
    PULSE,
    QUIET,
    QUIET_MOST,
    RITUAL,
    RUNS,
    RX,
    SEEN,
    SESSION,
    SILENT,
    SILENT_MOST,
    STALE,
    TIMER,
    UNARMED,
    WELL,
    Moment,
)
from opentraction.twin.exploring.tick import stop_open

LAWS: Final = {
    "P1": "From its timer on a stop that is held, and of which one channel opens, lets cable out until it is slack.",
    "P2": "With at most one fault nothing goes on pulling 100 N above the prescription; beyond that the clutch slips.",
    "P3": "After a stop or a trip nothing pulls before all is prepared anew, the stop test too, while the guard works.",
    "P4": "A stop beats whatever else is asked in the same tick, and is let out as a stop.",
    "P5": "The drum takes cable in only with a fresh beat, a fresh permission and nothing latched.",
    "P6": "With at most one fault a way leads to rest from everywhere: wait, let go of stops, stop, unbind.",
    "P7": "Nobody is bound while somebody is.",
    "P8": "Nobody is first told that the cable is slack while it is not, whatever one cell says.",
    "P9": "Under force whoever of control and guard still works says within 0.2 s that the other is dead, or a trip.",
    "P10": "Control that was started again pulls nothing before somebody is bound anew.",
    "P12": "Where control falls silent, and drive or guard can know, cable is let out from 0.3 s on until it is slack.",
    "P13": "While the guard works nothing is taken in with mains lost, another plan, or cells that part for 0.3 s.",
}
"""P6 is about ways, not about ticks: `rest.py`. P11, that the shipping code is one of these courses, is a test."""
BITS: Final = tuple(law for law in LAWS if law != "P6")
ONE = 1
"""Faults under which P2 and P6 are held to."""
FASTEST = 2
"""Steps above the prescription in which a runaway is caught: one look, and the tick in which it takes effect."""


def broken_laws(before: Moment, m: Moment, what: int, out: bool, faults: int) -> int:
    """Bits, in the order of `BITS`, of what does not hold in the tick from `before` to `m` in which `what` happened and
    cable was let `out` or not, after `faults` faults.
    """
    bits = 0
    sound = m[BROKEN] & DRIVE == 0
    pulled = m[PULLED] == 1 and sound
    if stop_open(m) and m[OPEN_FOR] >= TIMER and m[FORCE] > 0 and not out:
        bits |= 1
    if m[PULLED] == 1 and before[PULLED] == 1 and faults <= ONE and before[FORCE] >= RX + FASTEST:
        bits |= 2
    runs = m[CONTROL] == RUNS
    if (runs and pulls_unprepared(before, m)) or (pulled and m[HAD] == 1):
        bits |= 4
    if runs and what != RESTART and stop_beaten(before, m, what):
        bits |= 8
    if pulled and (m[PULSE] > 0 or m[SILENT] > 0 or (m[GUARD] == RUNS and m[LATCHED] > 0)):
        bits |= 16
    if runs and what == ASK + 1 and m[PHASE] == SETUP and before[PHASE] != IDLE and before[PHASE] != SETUP:
        bits |= 32
    cells = (m[CELL_A] != WELL) + (m[CELL_B] != WELL)
    claimed = (m[PHASE] == SAFE or m[PHASE] == COMPLETE) and PRETENSION <= before[PHASE] < SAFE
    there = before[FORCE] + (1 if what == COUGH else -1 if what == SLIP else 0)
    if runs and claimed and there > 0 and cells <= ONE:
        bits |= 64
    if m[QUIET] >= QUIET_MOST:
        bits |= 128
    if runs and pulled and m[ANEW] == 1:
        bits |= 256
    if left_alone(m) and m[FORCE] > 0 and not out:
        bits |= 512
    doubt = before[BROKEN] & (STALE | POWER) != 0 or (before[ODD] >= ODD_MOST and m[ODD] >= ODD_MOST)
    if pulled and m[GUARD] == RUNS and before[SESSION] == 1 and doubt:
        bits |= 1024
    return bits


def pulls_unprepared(before: Moment, m: Moment) -> bool:
    """Treating begins otherwise than by start after everything, or by what follows on treating and a pause."""
    if not PRETENSION <= m[PHASE] <= RESUME:
        return False
    if PRETENSION <= before[PHASE] <= RESUME:
        return False
    return not (before[PHASE] == READY and m[PHASE] == PRETENSION and before[RITUAL] == 3 and before[SEEN] == 2)


def stop_beaten(before: Moment, m: Moment, what: int) -> bool:
    """A stop that control can see, or that the console asks, does not lead into a release for stops."""
    if before[CONTROL] != RUNS or not (stop_open(m) or what == ASK or what == WITH_PRESS):
        return False
    if before[PHASE] == READY:
        return m[PHASE] == PRETENSION
    return has_torque(before[PHASE]) and not PATIENT_RELEASE <= m[PHASE] <= COMPLETE


def left_alone(m: Moment) -> bool:
    """Control has been silent for a while, and drive or guard could know. A drive that pulls by itself: another law."""
    watched = m[BROKEN] & UNARMED == 0 or (m[GUARD] == RUNS and m[SESSION] == 1 and m[BROKEN] & BUS == 0)
    return m[SILENT] >= SILENT_MOST and watched and m[BROKEN] & DRIVE == 0
