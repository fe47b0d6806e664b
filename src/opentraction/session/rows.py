"""The columns of a row: one float64 row for each control tick (docs/contributor/seams.md)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]

RATE_HZ: Final = 200

COLUMNS: Final = (
    "t",
    "prescribed",
    "measured",
    "guard_measured",
    "spine",
    "spine_low",
    "spine_high",
    "travel",
    "speed",
    "command",
    "treatment_time",
    "phase",
    "cycle",
    "switches",
    "alarms",
    "cause",
    "true_force",
    "limit",
)
UNITS: Final = ("s", "N", "N", "N", "N", "N", "N", "m", "m/s", "m/s", "s", "", "", "", "", "", "N", "N")
N_COLUMNS: Final = len(COLUMNS)

T: Final = 0
PRESCRIBED: Final = 1
MEASURED: Final = 2
GUARD_MEASURED: Final = 3
SPINE: Final = 4
SPINE_LOW: Final = 5
SPINE_HIGH: Final = 6
TRAVEL: Final = 7
SPEED: Final = 8
COMMAND: Final = 9
TREATMENT_TIME: Final = 10
PHASE: Final = 11
CYCLE: Final = 12
SWITCHES: Final = 13
ALARMS: Final = 14
CAUSE: Final = 15
TRUE_FORCE: Final = 16
LIMIT: Final = 17
