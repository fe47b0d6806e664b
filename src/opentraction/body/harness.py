"""Pelvic harness with the skin and fat under it: stiffens, relaxes (hysteresis), slips.

Elastic part F = k1 s + k2 s^2; one Maxwell branch for the relaxation; a damper for what is left at high rates.
"""

from __future__ import annotations

from typing import NamedTuple


class HarnessParameters(NamedTuple):
    """SI units; see parameters.toml for sources."""

    k1: float  # [N/m]
    k2: float  # [N/m^2]
    maxwell: float  # [N/m]
    tau: float  # [s]
    damping: float  # [N s/m]
    slip_rate: float  # [1/s] slow slip per newton, towards slip_most
    slip_most: float  # [m]


def harness_force(stretch: float, relaxed: float, p: HarnessParameters) -> float:
    """Elastic and relaxing force [N] at `stretch` [m]; a harness cannot push."""
    if stretch <= 0.0:
        return 0.0
    return max(0.0, stretch * (p.k1 + p.k2 * stretch) + p.maxwell * (stretch - relaxed))


def harness_stiffness(stretch: float, p: HarnessParameters) -> float:
    """Tangent stiffness [N/m], relaxing branch included."""
    if stretch <= 0.0:
        return 0.0
    return p.k1 + 2.0 * p.k2 * stretch + p.maxwell


def harness_relax(relaxed: float, stretch: float, p: HarnessParameters, dt: float) -> float:
    """Stretch remembered by the Maxwell branch [m] after `dt` [s]."""
    return relaxed + (max(stretch, 0.0) - relaxed) * (dt / p.tau)


def harness_creep(slip: float, force: float, p: HarnessParameters, dt: float) -> float:
    """Slow slip over the skin [m] after `dt` [s] under `force` [N]."""
    return slip + max(0.0, p.slip_most - slip) * p.slip_rate * force * dt
