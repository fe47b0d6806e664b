"""The lumbar chain, L1-L2 to L5-S1: five levels in series, elastic with a toe, each with a quick and a slow creep.

Elastic: F = k1 d + k2 d^2 in tension over the whole chain, a stiffer line in compression (segments are about five times
stiffer pushed than pulled; biomechanics reference rows 51-52, the weakest of all inputs). Creep: two Kelvin-Voigt
elements a level.
"""

from __future__ import annotations

from typing import NamedTuple


class Levels(NamedTuple):
    """One value for each lumbar level."""

    l1: float
    l2: float
    l3: float
    l4: float
    l5: float


class SpineParameters(NamedTuple):
    """SI units; see parameters.toml for sources."""

    k1: float  # [N/m] chain in tension, at no load
    k2: float  # [N/m^2] toe stiffening
    compression: float  # [N/m] chain in compression
    damping: float  # [N s/m]
    share: Levels  # of the chain's elastic stretch, sums to 1
    fast: Levels  # [m/N] quick creep compliance
    slow: Levels  # [m/N] slow creep compliance
    fast_tau: float  # [s]
    slow_tau: float  # [s]


class Creep(NamedTuple):
    """Creep elongation of each level [m]."""

    fast: Levels
    slow: Levels


def chain_force(stretch: float, p: SpineParameters) -> float:
    """Force carried by the lumbar chain [N], tension positive."""
    if stretch >= 0.0:
        return stretch * (p.k1 + p.k2 * stretch)
    return p.compression * stretch


def chain_stiffness(stretch: float, p: SpineParameters) -> float:
    """Tangent stiffness of the chain [N/m]."""
    if stretch >= 0.0:
        return p.k1 + 2.0 * p.k2 * stretch
    return p.compression


def creep_step(creep: Creep, force: float, p: SpineParameters, dt: float) -> Creep:
    """Creep of every level after `dt` [s] under chain `force` [N]."""
    return Creep(
        _relax(creep.fast, force, p.fast, dt / p.fast_tau),
        _relax(creep.slow, force, p.slow, dt / p.slow_tau),
    )


def _relax(u: Levels, force: float, compliance: Levels, rate: float) -> Levels:
    return Levels(
        u.l1 + (compliance.l1 * force - u.l1) * rate,
        u.l2 + (compliance.l2 * force - u.l2) * rate,
        u.l3 + (compliance.l3 * force - u.l3) * rate,
        u.l4 + (compliance.l4 * force - u.l4) * rate,
        u.l5 + (compliance.l5 * force - u.l5) * rate,
    )


def total(u: Levels) -> float:
    """Sum over the levels."""
    return u.l1 + u.l2 + u.l3 + u.l4 + u.l5
