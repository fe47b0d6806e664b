"""The words every room shares: phases, endings, causes, alarms, switches. Codes are stable: recordings hold them.

Plain integers, not enums, because the same kernels run as Python and compiled.
"""

from __future__ import annotations

from typing import Final, NamedTuple

# Phases of a session (hazard analysis, state machine). The five treatment phases carry a prescription.
IDLE: Final = 0
SETUP: Final = 1
STOP_TEST: Final = 2
READY: Final = 3
PRETENSION: Final = 4
RISE: Final = 5
HOLD: Final = 6
FALL: Final = 7
REST: Final = 8
PAUSE_RELEASE: Final = 9
PAUSED: Final = 10
RESUME: Final = 11
END_RELEASE: Final = 12
PATIENT_RELEASE: Final = 13
CLINICIAN_RELEASE: Final = 14
CONSOLE_RELEASE: Final = 15
FAULT_RELEASE: Final = 16
TORQUE_OFF: Final = 17
SAFE: Final = 18
COMPLETE: Final = 19
LOCKOUT: Final = 20

PHASE_NAMES: Final = (
    "idle",
    "setup",
    "stop test",
    "ready",
    "pretension",
    "rise",
    "hold",
    "fall",
    "rest",
    "pause release",
    "paused",
    "resume",
    "end release",
    "patient release",
    "clinician release",
    "console release",
    "fault release",
    "torque off",
    "safe",
    "complete",
    "lockout",
)

# Why a session is ending or has ended.
NO_CAUSE: Final = 0
FINISHED: Final = 1
PATIENT_STOP: Final = 2
CLINICIAN_STOP: Final = 3
CONSOLE_STOP: Final = 4
CONSOLE_LOST: Final = 5
FORCE_TOO_HIGH: Final = 6
PATIENT_RESISTING: Final = 7
SENSOR_INVALID: Final = 8
SENSORS_DISAGREE: Final = 9
SENSOR_FROZEN: Final = 10
CABLE_LOOSE: Final = 11
REPEATED_SLIP: Final = 12
PATIENT_MOVED: Final = 13
REMOTE_UNPLUGGED: Final = 14
POWER_LOST: Final = 15
DRIVE_FAULT: Final = 16
TRAVEL_LIMIT: Final = 17
TOO_LONG: Final = 18
CLOCK_GAP: Final = 19
NOT_RELEASED: Final = 20
ILLEGAL_EVENT: Final = 21
NO_SETPOINT: Final = 22
SHUT_DOWN: Final = 23
CONTROL_SILENT: Final = 24
NO_RELEASE: Final = 25
ANOTHER_PLAN: Final = 26
GUARD_SILENT: Final = 27
NO_PERMISSION: Final = 28

CAUSE_TEXTS: Final = (
    "",
    "treatment finished",
    "patient stop",
    "clinician stop",
    "stop on the console",
    "console lost for 15 s",
    "force too high",
    "patient resisting for more than 3 s",
    "force sensor gave no valid value",
    "force sensors disagree",
    "force sensor frozen",
    "cable or harness loose",
    "harness slipped twice within a minute",
    "patient moved",
    "patient remote unplugged",
    "power lost",
    "drive fault",
    "cable travel limit reached",
    "time or force-time limit reached",
    "control loop was late",
    "release did not finish in time",
    "illegal event for this phase",
    "no setpoint",
    "program asked to end",
    "control fell silent",
    "control did not release",
    "control follows another plan than the guard was given",
    "guard fell silent",
    "guard gave no permission",
)

ENDINGS: Final = ("completed", "patient stop", "clinician stop", "console stop", "fault", "interrupted")


def ending_of(cause: int) -> str:
    """The ending a cause leads to; every cause without its own ending is a fault."""
    own = {
        FINISHED: "completed",
        PATIENT_STOP: "patient stop",
        CLINICIAN_STOP: "clinician stop",
        CONSOLE_STOP: "console stop",
        CONSOLE_LOST: "console stop",
        NO_CAUSE: "interrupted",
        SHUT_DOWN: "interrupted",
    }
    return own.get(cause, "fault")


# Switch bits as they arrive from the table. Stop loops are normally closed: a set bit means the loop is whole.
REMOTE_PLUGGED: Final = 1
REMOTE_LOOP_A: Final = 2
REMOTE_LOOP_B: Final = 4
CLINICIAN_LOOP: Final = 8
POWER_GOOD: Final = 16
DRIVE_READY: Final = 32
CARRIAGE_OPEN: Final = 64
CLINICIAN_LOOP_B: Final = 128
"""The clinician's second channel; recordings from before 2026-11-23 have never set it."""
ALL_WELL: Final = (
    REMOTE_PLUGGED | REMOTE_LOOP_A | REMOTE_LOOP_B | CLINICIAN_LOOP | CLINICIAN_LOOP_B | POWER_GOOD | DRIVE_READY
)


class Alarm(NamedTuple):
    """One alarm: bit in the row, priority, whether it latches, and what the screen says."""

    id: str
    bit: int
    priority: str
    latching: bool
    text: str


ALARMS: Final = (
    Alarm("A1", 1 << 0, "high", True, "PATIENT STOP – releasing"),
    Alarm("A2", 1 << 1, "high", True, "CLINICIAN STOP – releasing"),
    Alarm("A3", 1 << 2, "high", True, "FORCE TOO HIGH – releasing"),
    Alarm("A4", 1 << 3, "medium", False, "Force above prescription – yielding"),
    Alarm("A5", 1 << 4, "high", True, "FORCE SENSORS DISAGREE – releasing"),
    Alarm("A6", 1 << 5, "high", True, "FORCE SENSOR FAULT – releasing"),
    Alarm("A7", 1 << 6, "high", True, "CABLE OR HARNESS LOOSE – check harness"),
    Alarm("A8", 1 << 7, "medium", True, "Patient resisting – check patient"),
    Alarm("A9", 1 << 8, "high", True, "NOT RELEASED – open quick release"),
    Alarm("A10", 1 << 9, "high", True, "CONTROL FAULT – releasing"),
    Alarm("A11", 1 << 10, "high", True, "DRIVE FAULT – releasing"),
    Alarm("A12", 1 << 11, "high", True, "POWER LOST – releasing"),
    Alarm("A13", 1 << 12, "medium", False, "Console link lost"),
    Alarm("A14", 1 << 13, "medium", False, "Plug in and test the patient remote"),
    Alarm("A15", 1 << 14, "low", True, "Not recording"),
    Alarm("A16", 1 << 15, "low", False, "Service due"),
    Alarm("A17", 1 << 16, "medium", True, "Data integrity – call service"),
    Alarm("A18", 1 << 17, "low", False, "Tension releasing – wait"),
    Alarm("A19", 1 << 18, "high", True, "REMOTE UNPLUGGED – releasing"),
    Alarm("A20", 1 << 19, "medium", True, "STOPPED – releasing"),
    Alarm("A21", 1 << 20, "high", True, "CONSOLE LOST – releasing"),
)

# What an operator may ask for. Nothing here raises force beyond the signed plan.
ASK_NOTHING: Final = 0
ASK_ARM: Final = 1
ASK_START: Final = 2
ASK_PAUSE: Final = 3
ASK_RESUME: Final = 4
ASK_STOP: Final = 5
ASK_REDUCE: Final = 6
ASK_BIND: Final = 9
ASK_UNBIND: Final = 10

# Why a stop is asked for: the value that goes with ASK_STOP.
BY_CONSOLE: Final = 0.0
BY_LOST_CONSOLE: Final = 1.0
BY_SHUT_DOWN: Final = 2.0
