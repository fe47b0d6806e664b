"""The balances of a porous tissue, element by element, compiled; their derivatives are in `kernel_slopes.py`.

The same equations as `solid.py`, `donnan.py`, `water.py` and `tissue.py`, which are written for reading; a test holds
the two equal. Symbols: F = [[a, b, 0], [c, d, 0], [0, 0, t]], J its determinant, H = dJ/dF its cofactor.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.compiling import inlined, outermost

Array = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Three = tuple[float, float, float]
Six = tuple[float, float, float, float, float, float]


class Grid(NamedTuple):
    """Arrays of `Shapes`."""

    value: Array
    slope: Array
    pressure_value: Array
    pressure_slope: Array
    weight: Array
    radius: Array
    u_dofs: IntArray
    p_dofs: IntArray


class Matter(NamedTuple):
    """One value for each element: see `Solid`, `Permeability` and `Charges`. `salt` [mol/m^3], `heat` = R T [J/mol]."""

    shear: Array
    lame: Array
    fibre: Array
    fibre_growth: Array
    axial: Array
    around: Array
    conduct: Array
    solid: Array
    power: Array
    growth: Array
    charge: Array
    water: Array
    salt: float
    heat: float


@inlined
def osmotic(j: float, charge: float, water: float, salt: float, heat: float) -> tuple[float, float]:
    """Pressure and its derivative by J."""
    if charge == 0.0:
        return 0.0, 0.0
    pores = water - 1.0 + j
    fixed = charge * water / pores
    root = np.sqrt(fixed * fixed + 4.0 * salt * salt)
    return heat * (root - 2.0 * salt), -heat * fixed / root * fixed / pores


@inlined
def fibres(i4: float, stiffness: float, growth: float) -> tuple[float, float]:
    """First and second derivative of the fibres' energy by I4."""
    over = i4 - 1.0
    if stiffness == 0.0 or over <= 0.0:
        return 0.0, 0.0
    grown = stiffness * np.exp(min(growth * over * over, 60.0))
    return grown * over, grown * (1.0 + 2.0 * growth * over * over)


@inlined
def gather(e: int, u: Array, mu: Array, g: Grid, moved: Array, pressed: Array) -> None:
    """Unknowns of an element: displacements [2, i] and pressures [n]."""
    for i in range(moved.shape[1]):
        moved[0, i], moved[1, i] = u[g.u_dofs[e, 0, i]], u[g.u_dofs[e, 1, i]]
    for n in range(pressed.shape[0]):
        pressed[n] = mu[g.p_dofs[e, n]]


@inlined
def deformation(e: int, q: int, g: Grid, moved: Array) -> Six:
    """a, b, c, d, t of F, and one over the radius (0 where there is no hoop strain)."""
    a, b, c, d, hoop = 1.0, 0.0, 0.0, 1.0, 0.0
    for i in range(moved.shape[1]):
        nr, nz = g.slope[e, q, 0, i], g.slope[e, q, 1, i]
        a += nr * moved[0, i]
        b += nz * moved[0, i]
        c += nr * moved[1, i]
        d += nz * moved[1, i]
        hoop += g.value[q, i] * moved[0, i]
    around = 1.0 / g.radius[e, q] if g.radius[e, q] > 0.0 else 0.0
    return a, b, c, d, 1.0 + hoop * around, around


@inlined
def pressure(e: int, q: int, g: Grid, pressed: Array) -> Three:
    """mu and its gradient."""
    p = pr = pz = 0.0
    for n in range(pressed.shape[0]):
        p += g.pressure_value[q, n] * pressed[n]
        pr += g.pressure_slope[e, q, 0, n] * pressed[n]
        pz += g.pressure_slope[e, q, 1, n] * pressed[n]
    return p, pr, pz


@inlined
def conductance(e: int, m: Matter, a: float, b: float, c: float, d: float, t: float) -> Three:
    """k J C^-1: its rr, rz and zz."""
    det = a * d - b * c
    j = det * t
    pores = max((j - m.solid[e]) / (1.0 - m.solid[e]), 1e-6)
    # the usual power is 2, and a general one costs as much as the rest
    opened = pores * pores if m.power[e] == 2.0 else pores ** m.power[e]
    k = m.conduct[e] * opened * np.exp(0.5 * m.growth[e] * (j * j - 1.0)) * t / det
    return k * (d * d + b * b), -k * (a * b + c * d), k * (a * a + c * c)


@outermost
def evaluate(u: Array, mu: Array, g: Grid, m: Matter, forces: Array, held: Array, leaving: Array) -> None:
    """Adds up inner forces [N], water held [m^3] and leaving [m^3/s] of every element."""
    nodes, corners = g.value.shape[1], g.pressure_value.shape[1]
    moved, pressed = np.empty((2, nodes)), np.empty(corners)
    push, water = np.empty((2, nodes)), np.empty((2, corners))
    for e in range(g.weight.shape[0]):
        gather(e, u, mu, g, moved, pressed)
        push[:] = 0.0
        water[:] = 0.0
        for q in range(g.weight.shape[1]):
            a, b, c, d, t, around = deformation(e, q, g, moved)
            p, pr, pz = pressure(e, q, g, pressed)
            w, det = g.weight[e, q], a * d - b * c
            j = det * t
            swelling, _ = osmotic(j, m.charge[e], m.water[e], m.salt, m.heat)
            first, _ = fibres(m.axial[e] * (b * b + d * d) + m.around[e] * t * t, m.fibre[e], m.fibre_growth[e])
            side = w * ((m.lame[e] * np.log(j) - m.shear[e]) / j - (p + swelling))
            plain, up = w * m.shear[e], w * (m.shear[e] + 2.0 * first * m.axial[e])
            s0, s1 = plain * a + side * d * t, up * b - side * c * t
            s2, s3 = plain * c - side * b * t, up * d + side * a * t
            s4 = (w * (m.shear[e] + 2.0 * first * m.around[e]) * t + side * det) * around
            krr, krz, kzz = conductance(e, m, a, b, c, d, t)
            qr, qz = w * (krr * pr + krz * pz), w * (krz * pr + kzz * pz)
            for i in range(nodes):
                nr, nz = g.slope[e, q, 0, i], g.slope[e, q, 1, i]
                push[0, i] += nr * s0 + nz * s1 + g.value[q, i] * s4
                push[1, i] += nr * s2 + nz * s3
            for n in range(corners):
                water[0, n] += g.pressure_value[q, n] * w * (j - 1.0)
                water[1, n] += g.pressure_slope[e, q, 0, n] * qr + g.pressure_slope[e, q, 1, n] * qz
        for i in range(nodes):
            forces[g.u_dofs[e, 0, i]] += push[0, i]
            forces[g.u_dofs[e, 1, i]] += push[1, i]
        for n in range(corners):
            held[g.p_dofs[e, n]] += water[0, n]
            leaving[g.p_dofs[e, n]] += water[1, n]
