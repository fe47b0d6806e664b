"""What is broken in a tick, as one row of numbers: the columns that `loop.py` reads and `faults.py` fills."""

from __future__ import annotations

from typing import Final

# Sensors: how the value is altered, and by what.
A_MODE, A_VALUE, B_MODE, B_VALUE, TRAVEL_MODE, TRAVEL_VALUE, SPEED_MODE, SPEED_VALUE = range(8)
# Programs: what they do, with what, and how wrong their clocks are [s].
CONTROL, CONTROL_VALUE, GUARD, CONTROL_TIME, GUARD_TIME = range(8, 13)
# Drive: what it does of its own, and how fast [m/s].
DRIVE, DRIVE_SPEED = range(13, 15)
# Words that do not arrive in this tick, and how late those of control to the drive are [ticks].
LOST_ASKED, LOST_TOLD, LOST_PERMIT, LOST_CAUSE, LOST_TO_CONTROL, LOST_TO_GUARD, LATE_ASKED = range(15, 22)
# Loops of stops: held open by somebody, welded shut, broken open; bits whose timer is dead; bits that stand still.
PRESSED, WELDED, OPEN, NO_TIMER, BITS_STUCK = range(22, 27)
# The guard's relay is welded.
RELAY = 27
# Patient and cable: own force [N], shortening [m], slip in this tick [m], a cable that is broken.
BODY_FORCE, BODY_LENGTH, SLIP, CABLE = range(28, 32)
# What an operator asks for.
ASK, ASK_VALUE = range(32, 34)
COLUMNS: Final = 34

SET: Final = 1.0
STUCK: Final = 2.0
ADDED: Final = 3.0
TIMES: Final = 4.0
"""How a sensor's value is altered: replaced, kept from before, shifted, scaled."""

RUNS: Final = 0.0
STANDS: Final = 1.0
"""Killed or stopped: does nothing, says nothing."""
WILD: Final = 2.0
"""Control asks for `CONTROL_VALUE` [m/s] and says that all is well; the guard permits, whatever it sees."""
DEAF: Final = 3.0
"""Control goes on, but never releases: what it would let out it holds."""
AGAIN: Final = 4.0
"""Control begins anew in this tick, as a program that was started again."""

RUNAWAY: Final = 1.0
HELD: Final = 2.0
LIMP: Final = 3.0
"""The drive moves by itself, holds by itself, or has no torque."""
