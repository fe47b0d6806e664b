"""What goes into a control step. SI units."""

from __future__ import annotations

from typing import NamedTuple


class ControlSettings(NamedTuple):
    """Frozen at the start of a session; see `control/settings.py` for how they follow from a plan."""

    dt: float  # [s] one control tick
    ceiling: float  # [N] never asked for more
    pretension: float  # [N]
    rise_limit: float  # [N/s] fastest rise when catching up (resume, after a slip)
    release_rate: float  # [N/s] end of treatment
    pause_rate: float  # [N/s]
    console_rate: float  # [N/s]
    patient_rate: float  # [N/s]
    clinician_rate: float  # [N/s]
    fault_rate: float  # [N/s]
    reduce_rate: float  # [N/s]
    bandwidth: float  # [1/s] of the force loop
    integral: float  # [1/s] integral over proportional
    sensor_lag: float  # [s] by which the reading trails the truth, expected
    stiffness: float  # [N/m] expected at 300 N before anything is known
    pull_speed: float  # [m/s]
    pretension_speed: float  # [m/s] while taking up slack
    payout_speed: float  # [m/s] while releasing
    yield_speed: float  # [m/s] giving way to a patient at first
    yield_fast: float  # [m/s] giving way when it lasts
    yield_delay: float  # [s] after which it lasts
    resist_time: float  # [s] resisting this long ends the session
    pause_most: float  # [s]
    patient_timer: float  # [s] release must be done, then torque off
    clinician_timer: float  # [s]
    fault_timer: float  # [s]
    gentle_timer: float  # [s] for end, pause and console releases


class ControlInput(NamedTuple):
    """One tick of the world, as control sees it."""

    force: float  # [N] load cell A
    other_force: float  # [N] load cell B, only to confirm that the cable is slack
    travel: float  # [m]
    speed: float  # [m/s]
    switches: int
    prepared: bool  # checklist complete
    guard_cause: int  # 0 while the guard permits
    ask: int
    ask_value: float


class Wanted(NamedTuple):
    """What the prescription says at this treatment time."""

    present: bool  # no setpoint is not 0 N: it means release
    force: float  # [N]
    rate: float  # [N/s]
    phase: int
    eases: bool = False  # a planned release that follows this force instead of falling at its rate
