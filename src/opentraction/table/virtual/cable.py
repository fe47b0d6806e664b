"""The cable: stiffens with load, gives nothing when slack, creeps slowly.

F = k1 s + k2 s^2 for stretch s > 0. Creep is one Kelvin-Voigt element: a share of the elastic stretch is added with
time constant tau.
"""

from __future__ import annotations

from typing import NamedTuple


class CableParameters(NamedTuple):
    """SI units; see parameters.toml for sources."""

    k1: float  # [N/m]
    k2: float  # [N/m^2]
    creep_share: float  # of the elastic stretch
    creep_tau: float  # [s]


def cable_tension(stretch: float, p: CableParameters) -> float:
    """Tension [N] of a cable stretched by `stretch` [m]; zero when slack."""
    if stretch <= 0.0:
        return 0.0
    return stretch * (p.k1 + p.k2 * stretch)


def cable_stiffness(stretch: float, p: CableParameters) -> float:
    """Tangent stiffness [N/m]."""
    if stretch <= 0.0:
        return 0.0
    return p.k1 + 2.0 * p.k2 * stretch


def cable_creep(creep: float, stretch: float, p: CableParameters, dt: float) -> float:
    """Creep elongation [m] after `dt` [s]."""
    return creep + (p.creep_share * max(stretch, 0.0) - creep) * (dt / p.creep_tau)
