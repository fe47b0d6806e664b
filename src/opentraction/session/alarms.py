"""Which alarm conditions hold at a tick, as bits of the row."""

from __future__ import annotations

from typing import Final

import numpy as np

from opentraction.control.step import Control, has_torque
from opentraction.quantities.vocabulary import (
    ALARMS,
    ANOTHER_PLAN,
    CABLE_LOOSE,
    CAUSE_TEXTS,
    CLINICIAN_STOP,
    CLOCK_GAP,
    CONSOLE_LOST,
    CONSOLE_STOP,
    CONTROL_SILENT,
    DRIVE_FAULT,
    END_RELEASE,
    FORCE_TOO_HIGH,
    GUARD_SILENT,
    ILLEGAL_EVENT,
    NO_PERMISSION,
    NO_RELEASE,
    NO_SETPOINT,
    NOT_RELEASED,
    PATIENT_MOVED,
    PATIENT_RESISTING,
    PATIENT_STOP,
    POWER_LOST,
    REMOTE_PLUGGED,
    REMOTE_UNPLUGGED,
    REPEATED_SLIP,
    SENSOR_FROZEN,
    SENSOR_INVALID,
    SENSORS_DISAGREE,
    SETUP,
    SHUT_DOWN,
    STOP_TEST,
    TOO_LONG,
    TORQUE_OFF,
    TRAVEL_LIMIT,
)

_BY_ID = {alarm.id: alarm.bit for alarm in ALARMS}
_OF_CAUSE = {
    PATIENT_STOP: "A1",
    CLINICIAN_STOP: "A2",
    FORCE_TOO_HIGH: "A3",
    SENSORS_DISAGREE: "A5",
    SENSOR_INVALID: "A6",
    SENSOR_FROZEN: "A6",
    CABLE_LOOSE: "A7",
    REPEATED_SLIP: "A7",
    PATIENT_MOVED: "A7",
    PATIENT_RESISTING: "A8",
    NOT_RELEASED: "A9",
    CLOCK_GAP: "A10",
    ILLEGAL_EVENT: "A10",
    NO_SETPOINT: "A10",
    CONTROL_SILENT: "A10",
    NO_RELEASE: "A10",
    ANOTHER_PLAN: "A10",
    GUARD_SILENT: "A10",
    NO_PERMISSION: "A10",
    TOO_LONG: "A10",
    DRIVE_FAULT: "A11",
    TRAVEL_LIMIT: "A11",
    POWER_LOST: "A12",
    REMOTE_UNPLUGGED: "A19",
    CONSOLE_STOP: "A20",
    SHUT_DOWN: "A20",
    CONSOLE_LOST: "A21",
}
CAUSE_ALARM: Final = np.array(
    [_BY_ID[_OF_CAUSE[cause]] if cause in _OF_CAUSE else 0 for cause in range(len(CAUSE_TEXTS))], dtype=np.int64
)
ABOVE_PRESCRIPTION: Final = _BY_ID["A4"]
ABOVE_TIME: Final = 0.25
NOT_OUT: Final = _BY_ID["A9"]
TEST_REMOTE: Final = _BY_ID["A14"]
RELEASING: Final = _BY_ID["A18"]


def alarm_bits(c: Control, switches: int) -> int:
    """Conditions that hold now; latching and acknowledging happen on the alarm board."""
    phase = c.mode.phase
    bits = int(CAUSE_ALARM[c.mode.cause])
    if c.loop.excess > ABOVE_TIME and has_torque(phase):
        bits |= ABOVE_PRESCRIPTION
    if phase == TORQUE_OFF:
        bits |= NOT_OUT
    if phase == END_RELEASE:
        bits |= RELEASING
    if SETUP <= phase <= STOP_TEST and (switches & REMOTE_PLUGGED == 0 or not c.watch.tested):
        bits |= TEST_REMOTE
    return bits
