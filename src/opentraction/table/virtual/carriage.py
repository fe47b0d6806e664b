"""What the patient lies on: friction with stick-slip (LuGre), return spring, end stops.

LuGre (Canudas de Wit et al. 1995, IEEE TAC 40:419) with a rational Stribeck curve. The same law serves an open split
carriage on bearings (a few newtons) and a locked one, where the pelvis slides on the cover (about a quarter of body
weight).
"""

from __future__ import annotations

from typing import NamedTuple


class CarriageParameters(NamedTuple):
    """SI units; see parameters.toml for sources."""

    coulomb: float  # [N] sliding friction
    breakaway: float  # [N] static friction
    bristle: float  # [N/m]
    stribeck_speed: float  # [m/s]
    viscous: float  # [N s/m]
    spring: float  # [N/m] return spring
    float_length: float  # [m] free carriage travel
    stop_stiffness: float  # [N/m]


def friction_step(bristle: float, speed: float, p: CarriageParameters, dt: float) -> float:
    """Mean bristle deflection [m] after one step at sliding `speed` [m/s], implicit in the deflection."""
    ratio = speed / p.stribeck_speed
    limit = p.coulomb + (p.breakaway - p.coulomb) / (1.0 + ratio * ratio)
    return (bristle + dt * speed) / (1.0 + dt * p.bristle * abs(speed) / limit)


def carriage_force(bristle: float, position: float, speed: float, p: CarriageParameters) -> float:
    """Force against motion toward the motor [N]: friction, return spring and end stop."""
    force = p.bristle * bristle + p.viscous * speed + p.spring * position
    if position > p.float_length:
        force += p.stop_stiffness * (position - p.float_length)
    return force
