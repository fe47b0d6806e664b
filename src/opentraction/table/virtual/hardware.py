"""The hard-wired layer: a timer that takes the torque away a fixed time after a stop loop opens, whatever software
does.

SS1-t as on the DRX9000C-SL (K243366: motor disabled 5 s after the patient's stop). Losing the mains starts the same
timer on the reserve supply. Torque comes back only when every loop is whole again and software asks for it anew.
"""

from __future__ import annotations

from typing import NamedTuple

from opentraction.quantities.vocabulary import CLINICIAN_LOOP, POWER_GOOD, REMOTE_LOOP_A, REMOTE_LOOP_B


class HardwareParameters(NamedTuple):
    """Seconds from an open loop to torque off."""

    remote_timer: float
    clinician_timer: float
    reserve: float


class Hardware(NamedTuple):
    """Seconds each loop has been open, and whether the torque has been taken away."""

    remote_open: float
    clinician_open: float
    power_out: float
    cut: bool


def hardware_step(hardware: Hardware, switches: int, p: HardwareParameters, dt: float) -> Hardware:
    """The timers after one tick of `dt` [s]."""
    both = REMOTE_LOOP_A | REMOTE_LOOP_B
    remote = 0.0 if switches & both == both else hardware.remote_open + dt
    clinician = 0.0 if switches & CLINICIAN_LOOP else hardware.clinician_open + dt
    power = 0.0 if switches & POWER_GOOD else hardware.power_out + dt
    late = remote > p.remote_timer or clinician > p.clinician_timer or power > p.reserve
    whole = remote == 0.0 and clinician == 0.0 and power == 0.0
    return Hardware(remote, clinician, power, late or (hardware.cut and not whole))
