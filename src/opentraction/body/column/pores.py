"""Water in a tissue between an endplate and the middle of the disc: a row of cells that share one pressure.

Chemical potential of a cell's water: mu = p + lame ln(J) / J - pi(J), with the mechanical pressure p common to all, J
the cell's volume over that at rest and pi Donnan's osmotic pressure. Water flows down mu through a permeability that
falls as the tissue is squeezed (Holmes and Mow 1990), and leaves through a layer of endplate into a bath at mu = 0.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from opentraction.body.compiling import kernel


class Pores(NamedTuple):
    """A tissue's water, SI units."""

    cells: int
    length: float  # [m] from the middle to the way out
    charge: float  # [mol/m^3] fixed charge at J = 1
    water: float  # [-] share of the volume at J = 1
    lame: float  # [Pa] stiffness of the volume by itself
    ease: float  # [m^4/(N s)] permeability at J = 1
    power: float
    growth: float
    door: float  # [m/(Pa s)] conductance of the endplate
    salt: float  # [mol/m^3] of the bath
    heat: float  # [J/mol] R T


@kernel
def cell_size(i: int, p: Pores) -> float:
    """Share of the length: cells get thinner towards the way out, each 0.7 of the one before."""
    return 0.7**i * 0.3 / (1.0 - 0.7**p.cells)


@kernel
def thirst(swell: float, p: Pores) -> tuple[float, float]:
    """lame ln(J) / J - pi(J) [Pa] and its slope: what the tissue adds to the pressure of its water."""
    pores = swell - 1.0 + p.water
    fixed = p.charge * p.water / pores
    root = math.sqrt(fixed * fixed + 4.0 * p.salt * p.salt)
    log = math.log(swell)
    return (
        p.lame * log / swell - p.heat * (root - 2.0 * p.salt),
        p.lame * (1.0 - log) / (swell * swell) + p.heat * fixed / root * fixed / pores,
    )


@kernel
def ease(swell: float, p: Pores) -> tuple[float, float]:
    """Permeability [m^4/(N s)] and its slope."""
    share = (swell - 1.0 + p.water) / p.water
    k = p.ease * share**p.power * math.exp(0.5 * p.growth * (swell * swell - 1.0))
    return k, k * (p.power / (share * p.water) + p.growth * swell)


@kernel
def soak(
    before: np.ndarray, after: np.ndarray, pressure: float, dt: float, p: Pores, rest: np.ndarray, turn: np.ndarray,
    work: np.ndarray,
) -> tuple[float, float]:  # fmt: skip
    """One Newton step on the cells: mean volume [-] after `dt` [s] at `pressure` [Pa], and its slope by it [1/Pa].

    `before` [cell] are volumes at the start, `after` the guess at those of the end. Written: how far the guess has to
    move at this pressure, `rest`, and for each pascal more, `turn`; `work` [8, cell] is room to reckon in.
    """
    n = p.cells
    if dt == 0.0:
        for i in range(n):
            rest[i], turn[i] = before[i] - after[i], 0.0
        return mean_volume(before, p), 0.0
    mu, slope, k, rise, size = work[0], work[1], work[2], work[3], work[4]
    low, mid, high = work[5], work[6], work[7]
    for i in range(n):
        add, slope[i] = thirst(after[i], p)
        mu[i] = pressure + add
        k[i], rise[i] = ease(after[i], p)
        size[i] = cell_size(i, p) * p.length
        low[i] = high[i] = turn[i] = 0.0
        mid[i] = size[i]
        rest[i] = -size[i] * (after[i] - before[i])
    for i in range(n - 1):
        pace = dt / (0.5 * (size[i] + size[i + 1]))
        mean, drop = 0.5 * (k[i] + k[i + 1]), mu[i] - mu[i + 1]
        flow = pace * mean * drop
        by_i = pace * (0.5 * rise[i] * drop + mean * slope[i])
        by_j = pace * (0.5 * rise[i + 1] * drop - mean * slope[i + 1])
        rest[i] -= flow
        rest[i + 1] += flow
        mid[i] += by_i
        high[i] += by_j
        low[i + 1] -= by_i
        mid[i + 1] -= by_j
    i = n - 1
    way = 0.5 * size[i] / k[i] + 1.0 / p.door
    flow = dt * mu[i] / way
    rest[i] -= flow
    mid[i] += dt * slope[i] / way + flow / way * 0.5 * size[i] / (k[i] * k[i]) * rise[i]
    turn[i] = -dt / way
    _thomas(n, low, mid, high, rest, turn)
    mean, change = 0.0, 0.0
    for i in range(n):
        share = size[i] / p.length
        mean += share * (after[i] + rest[i])
        change += share * turn[i]
    return mean, change


@kernel
def wet(after: np.ndarray, rest: np.ndarray, turn: np.ndarray, more: float, cut: float, p: Pores) -> float:
    """Take the step for `more` [Pa] of pressure, `cut` of it; its size. No cell falls below the solid's own volume."""
    most = 0.0
    for i in range(p.cells):
        step = rest[i] + turn[i] * more
        most = max(most, abs(step))
        after[i] = max(after[i] + cut * step, 1.0 - 0.98 * p.water)
    return most


@kernel
def mean_volume(swell: np.ndarray, p: Pores) -> float:
    """Mean over the tissue [-]."""
    mean = 0.0
    for i in range(p.cells):
        mean += cell_size(i, p) * swell[i]
    return mean


@kernel
def _thomas(n: int, low: np.ndarray, mid: np.ndarray, high: np.ndarray, a: np.ndarray, b: np.ndarray) -> None:
    """Solve one tridiagonal system of `n` rows for two right sides, in place."""
    for i in range(1, n):
        f = low[i] / mid[i - 1]
        mid[i] -= f * high[i - 1]
        a[i] -= f * a[i - 1]
        b[i] -= f * b[i - 1]
    a[n - 1] /= mid[n - 1]
    b[n - 1] /= mid[n - 1]
    for i in range(n - 2, -1, -1):
        a[i] = (a[i] - high[i] * a[i + 1]) / mid[i]
        b[i] = (b[i] - high[i] * b[i + 1]) / mid[i]
