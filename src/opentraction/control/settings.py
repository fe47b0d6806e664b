"""Control settings from what a plan fixes and what the table may do; rates and timers after the hazard analysis."""

from __future__ import annotations

from opentraction.control.types import ControlSettings

TICK = 0.005
"""One control tick [s]: 200 Hz."""


def control_settings(ceiling: float, pretension: float, rise_limit: float, release_rate: float) -> ControlSettings:
    """Settings for one session from the signed plan's own numbers [N, N, N/s, N/s]."""
    return ControlSettings(
        dt=TICK,
        ceiling=ceiling,
        pretension=pretension,
        rise_limit=min(rise_limit, 40.0),
        release_rate=min(release_rate, 150.0),
        pause_rate=100.0,
        console_rate=250.0,
        patient_rate=250.0,
        clinician_rate=412.0,
        fault_rate=300.0,
        reduce_rate=100.0,
        bandwidth=15.0,
        integral=0.5,
        sensor_lag=0.018,
        stiffness=8000.0,
        pull_speed=0.020,
        pretension_speed=0.010,
        payout_speed=0.30,
        yield_speed=0.010,
        yield_fast=0.12,
        yield_delay=0.22,
        resist_time=3.0,
        pause_most=300.0,
        patient_timer=5.0,
        clinician_timer=3.0,
        fault_timer=5.0,
        gentle_timer=60.0,
    )
