"""Motor, gear and drum as a velocity servo with the drive's own caps.

A servo with its own speed loop answers a speed command as a first-order lag under an acceleration limit. The torque cap
shows as a falling speed above the rated tension. With torque off a back-drivable gear lets the loaded cable run out
against its friction; a worm gear holds it (state which, test both).

Both integrals are trapezoidal: with Euler's rule the acceleration limits, which differ up and down, turn noise in the
command into a drift of the drum that depends on the step.
"""

from __future__ import annotations

import math
from typing import NamedTuple


class DriveParameters(NamedTuple):
    """SI units; see parameters.toml for sources."""

    lag: float  # [s] closed speed loop
    pull_speed: float  # [m/s] cap in the drive
    payout_speed: float  # [m/s]
    pull_acceleration: float  # [m/s^2]
    payout_acceleration: float  # [m/s^2]
    tension_cap: float  # [N] torque cap at the drum surface
    cap_slope: float  # [m/s/N] loss of speed above the cap
    backdrive_damping: float  # [N s/m] drum turned by the cable, torque off
    backdrive_threshold: float  # [N] friction that must be overcome
    stroke_in: float  # [m] soft end of travel, pulled in
    stroke_out: float  # [m] paid out, negative


class Drive(NamedTuple):
    """Drum surface travel and speed."""

    travel: float
    speed: float


def drive_step(drive: Drive, command: float, torque: bool, tension: float, p: DriveParameters, dt: float) -> Drive:
    """One step of the drum [m, m/s] under speed `command` [m/s] and cable `tension` [N]."""
    if torque:
        speed = _servo(drive.speed, command, tension, p, dt)
    else:
        speed = -max(0.0, tension - p.backdrive_threshold) / p.backdrive_damping
    travel = drive.travel + 0.5 * (drive.speed + speed) * dt
    if travel > p.stroke_in:
        travel = p.stroke_in
        speed = min(speed, 0.0)
    if travel < p.stroke_out:
        travel = p.stroke_out
        speed = max(speed, 0.0)
    return Drive(travel, speed)


def _servo(speed: float, command: float, tension: float, p: DriveParameters, dt: float) -> float:
    """Speed after one step: capped command, lag, acceleration limit, torque cap."""
    if not math.isfinite(command):
        command = 0.0
    wanted = min(max(command, -p.payout_speed), p.pull_speed)
    if tension > p.tension_cap:
        wanted = min(wanted, -(tension - p.tension_cap) * p.cap_slope)
    change = (wanted - speed) * (dt / (p.lag + 0.5 * dt))
    change = min(change, p.pull_acceleration * dt)
    change = max(change, -p.payout_acceleration * dt)
    return speed + change
