"""The hard-wired layer: for each channel of each stop a timer of its own that takes the torque away a fixed time after
the channel opens, whatever software does.

SS1-t as on the DRX9000C-SL (K243366: motor disabled 5 s after the patient's stop). Losing the mains starts the same
timer on the reserve supply. Torque comes back only when every loop is whole again and software asks for it anew.
"""

from __future__ import annotations

from typing import NamedTuple

from opentraction.quantities.vocabulary import (
    CLINICIAN_LOOP,
    CLINICIAN_LOOP_B,
    POWER_GOOD,
    REMOTE_LOOP_A,
    REMOTE_LOOP_B,
)


class HardwareParameters(NamedTuple):
    """Seconds from an open loop to torque off."""

    remote_timer: float
    clinician_timer: float
    reserve: float


class Hardware(NamedTuple):
    """Seconds each channel has been open, and whether the torque has been taken away."""

    remote_a: float
    remote_b: float
    clinician_a: float
    clinician_b: float
    power_out: float
    cut: bool


def hardware_step(hardware: Hardware, switches: int, p: HardwareParameters, dt: float) -> Hardware:
    """The timers after one tick of `dt` [s]."""
    remote_a = 0.0 if switches & REMOTE_LOOP_A else hardware.remote_a + dt
    remote_b = 0.0 if switches & REMOTE_LOOP_B else hardware.remote_b + dt
    clinician_a = 0.0 if switches & CLINICIAN_LOOP else hardware.clinician_a + dt
    clinician_b = 0.0 if switches & CLINICIAN_LOOP_B else hardware.clinician_b + dt
    power = 0.0 if switches & POWER_GOOD else hardware.power_out + dt
    remote, clinician = max(remote_a, remote_b), max(clinician_a, clinician_b)
    late = remote > p.remote_timer or clinician > p.clinician_timer or power > p.reserve
    whole = remote == 0.0 and clinician == 0.0 and power == 0.0
    return Hardware(remote_a, remote_b, clinician_a, clinician_b, power, late or (hardware.cut and not whole))
