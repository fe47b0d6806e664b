"""The phases as a table of data: (phase, event) -> next phase. Nothing changes phase anywhere else.

A cell that is missing means: an operator's wish is refused, anything else is a fault. `tests/safety` walks the whole
table.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from opentraction.quantities.vocabulary import (
    CLINICIAN_RELEASE,
    COMPLETE,
    CONSOLE_RELEASE,
    END_RELEASE,
    FALL,
    FAULT_RELEASE,
    HOLD,
    IDLE,
    LOCKOUT,
    PATIENT_RELEASE,
    PAUSE_RELEASE,
    PAUSED,
    PHASE_NAMES,
    PRETENSION,
    READY,
    REST,
    RESUME,
    RISE,
    SAFE,
    SETUP,
    STOP_TEST,
    TORQUE_OFF,
)

# Events in order of precedence: the first that holds and changes something wins; a stop beats everything (P4).
EV_CLINICIAN_STOP: Final = 0
EV_FAULT: Final = 1
EV_PATIENT_STOP: Final = 2
EV_CONSOLE_STOP: Final = 3
EV_TIMER: Final = 4
EV_RELEASED: Final = 5
EV_UNPREPARED: Final = 6
EV_PREPARED: Final = 7
EV_BIND: Final = 8
EV_UNBIND: Final = 9
EV_ARM: Final = 10
EV_START: Final = 11
EV_PAUSE: Final = 12
EV_RESUME: Final = 13
EV_REACHED: Final = 14
EV_FINISHED: Final = 15
EV_FOLLOW: Final = 16  # + phase - PRETENSION: five events, the prescription enters another phase
N_EVENTS: Final = 21

EVENT_NAMES: Final = (
    "clinician stop",
    "fault",
    "patient stop",
    "console stop",
    "release timer",
    "released",
    "preparation lost",
    "prepared",
    "bind",
    "unbind",
    "arm",
    "start",
    "pause",
    "resume",
    "reached",
    "finished",
    "to pretension",
    "to rise",
    "to hold",
    "to fall",
    "to rest",
)

TREATING: Final = (PRETENSION, RISE, HOLD, FALL, REST)
RELEASING: Final = (
    PAUSE_RELEASE,
    END_RELEASE,
    PATIENT_RELEASE,
    CLINICIAN_RELEASE,
    CONSOLE_RELEASE,
    FAULT_RELEASE,
    TORQUE_OFF,
)
LATCHED: Final = (PATIENT_RELEASE, CLINICIAN_RELEASE, CONSOLE_RELEASE, FAULT_RELEASE, TORQUE_OFF, SAFE)
UNDER_TENSION: Final = (*TREATING, RESUME, PAUSED, PAUSE_RELEASE, END_RELEASE)


class Transition(NamedTuple):
    """One row of the table."""

    phase: int
    event: int
    next: int


def _stops(phase: int) -> list[Transition]:
    """Every stop from a phase under tension."""
    return [
        Transition(phase, EV_CLINICIAN_STOP, CLINICIAN_RELEASE),
        Transition(phase, EV_FAULT, FAULT_RELEASE),
        Transition(phase, EV_PATIENT_STOP, PATIENT_RELEASE),
        Transition(phase, EV_CONSOLE_STOP, CONSOLE_RELEASE),
    ]


def _preparing() -> list[Transition]:
    rows = [
        Transition(IDLE, EV_BIND, SETUP),
        Transition(SETUP, EV_PREPARED, STOP_TEST),
        Transition(STOP_TEST, EV_UNPREPARED, SETUP),
        Transition(STOP_TEST, EV_ARM, READY),
        Transition(READY, EV_UNPREPARED, SETUP),
        Transition(READY, EV_START, PRETENSION),
        # A pressed remote before the start is the stop test, or undoes the arming.
        Transition(READY, EV_PATIENT_STOP, STOP_TEST),
        Transition(READY, EV_CLINICIAN_STOP, SETUP),
        Transition(READY, EV_CONSOLE_STOP, STOP_TEST),
    ]
    rows += [Transition(phase, EV_UNBIND, IDLE) for phase in (SETUP, STOP_TEST, READY, SAFE, COMPLETE)]
    # With a broken cell slack can never be confirmed: whoever opened the quick release says so by unbinding.
    rows.append(Transition(TORQUE_OFF, EV_UNBIND, IDLE))
    rows += [Transition(phase, EV_FAULT, SAFE) for phase in (SETUP, STOP_TEST, READY)]
    for phase in (IDLE, SETUP, STOP_TEST, SAFE, COMPLETE, LOCKOUT):
        rows += [Transition(phase, stop, phase) for stop in (EV_CLINICIAN_STOP, EV_PATIENT_STOP, EV_CONSOLE_STOP)]
    rows += [Transition(phase, EV_FAULT, phase) for phase in (SAFE, COMPLETE, LOCKOUT)]
    rows.append(Transition(IDLE, EV_FAULT, LOCKOUT))
    return rows


def _treating() -> list[Transition]:
    rows: list[Transition] = []
    for phase in TREATING:
        rows += _stops(phase)
        rows += [Transition(phase, EV_PAUSE, PAUSE_RELEASE), Transition(phase, EV_FINISHED, END_RELEASE)]
        rows += [Transition(phase, EV_FOLLOW + other - PRETENSION, other) for other in TREATING]
    rows += [
        *_stops(PAUSE_RELEASE),
        Transition(PAUSE_RELEASE, EV_REACHED, PAUSED),
        Transition(PAUSE_RELEASE, EV_TIMER, FAULT_RELEASE),
    ]
    rows += [*_stops(PAUSED), Transition(PAUSED, EV_RESUME, RESUME), Transition(PAUSED, EV_TIMER, END_RELEASE)]
    rows += [*_stops(RESUME), Transition(RESUME, EV_PAUSE, PAUSE_RELEASE)]
    rows += [Transition(RESUME, EV_FOLLOW + other - PRETENSION, other) for other in TREATING]
    return rows


def _releasing() -> list[Transition]:
    rows = [
        *_stops(END_RELEASE),
        Transition(END_RELEASE, EV_RELEASED, COMPLETE),
        Transition(END_RELEASE, EV_TIMER, FAULT_RELEASE),
    ]
    for phase in (PATIENT_RELEASE, CONSOLE_RELEASE, FAULT_RELEASE, CLINICIAN_RELEASE, TORQUE_OFF):
        rows += [Transition(phase, stop, phase) for stop in (EV_PATIENT_STOP, EV_CONSOLE_STOP)]
        rows.append(Transition(phase, EV_RELEASED, SAFE))
    for phase in (PATIENT_RELEASE, CONSOLE_RELEASE, FAULT_RELEASE):
        rows.append(Transition(phase, EV_CLINICIAN_STOP, CLINICIAN_RELEASE))
    # A patient's press outranks the slower console release.
    rows.remove(Transition(CONSOLE_RELEASE, EV_PATIENT_STOP, CONSOLE_RELEASE))
    rows.append(Transition(CONSOLE_RELEASE, EV_PATIENT_STOP, PATIENT_RELEASE))
    for phase in (PATIENT_RELEASE, CONSOLE_RELEASE):
        rows.append(Transition(phase, EV_FAULT, FAULT_RELEASE))
    for phase in (FAULT_RELEASE, CLINICIAN_RELEASE, TORQUE_OFF):
        rows.append(Transition(phase, EV_FAULT, phase))
    for phase in (PATIENT_RELEASE, CONSOLE_RELEASE, FAULT_RELEASE, CLINICIAN_RELEASE):
        rows.append(Transition(phase, EV_TIMER, TORQUE_OFF))
    rows += [Transition(phase, EV_CLINICIAN_STOP, phase) for phase in (CLINICIAN_RELEASE, TORQUE_OFF)]
    return rows


TRANSITIONS: Final = tuple(_preparing() + _treating() + _releasing())

NEXT: Final = np.full((len(PHASE_NAMES), N_EVENTS), -1, dtype=np.int64)
for _row in TRANSITIONS:
    assert NEXT[_row.phase, _row.event] == -1, f"two rows for {PHASE_NAMES[_row.phase]} x {EVENT_NAMES[_row.event]}"
    NEXT[_row.phase, _row.event] = _row.next
NEXT.setflags(write=False)
