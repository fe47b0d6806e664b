"""The balances of a porous tissue and their derivatives, element by element, compiled.

The same equations as `solid.py`, `donnan.py`, `water.py` and `tissue.py`, which are written for reading; a test holds
the two equal. Symbols: F = [[a, b, 0], [c, d, 0], [0, 0, t]], J its determinant, H = dJ/dF its cofactor.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit


class Grid(NamedTuple):
    """Arrays of `Shapes`."""

    value: np.ndarray
    slope: np.ndarray
    pressure_value: np.ndarray
    pressure_slope: np.ndarray
    weight: np.ndarray
    radius: np.ndarray
    u_dofs: np.ndarray
    p_dofs: np.ndarray


class Matter(NamedTuple):
    """One value for each element: see `Solid`, `Permeability` and `Charges`. `salt` [mol/m^3], `heat` = R T [J/mol]."""

    shear: np.ndarray
    lame: np.ndarray
    fibre: np.ndarray
    fibre_growth: np.ndarray
    axial: np.ndarray
    around: np.ndarray
    conduct: np.ndarray
    solid: np.ndarray
    power: np.ndarray
    growth: np.ndarray
    charge: np.ndarray
    water: np.ndarray
    salt: float
    heat: float


@njit(cache=True, inline="always", error_model="numpy")
def _osmotic(j: float, charge: float, water: float, salt: float, heat: float) -> tuple[float, float]:
    """Pressure and its derivative by J."""
    if charge == 0.0:
        return 0.0, 0.0
    pores = water - 1.0 + j
    fixed = charge * water / pores
    root = np.sqrt(fixed * fixed + 4.0 * salt * salt)
    return heat * (root - 2.0 * salt), -heat * fixed / root * fixed / pores


@njit(cache=True, inline="always", error_model="numpy")
def _fibres(i4: float, stiffness: float, growth: float) -> tuple[float, float]:
    """First and second derivative of the fibres' energy by I4."""
    over = i4 - 1.0
    if stiffness == 0.0 or over <= 0.0:
        return 0.0, 0.0
    grown = stiffness * np.exp(min(growth * over * over, 60.0))
    return grown * over, grown * (1.0 + 2.0 * growth * over * over)


@njit(cache=True, inline="always", error_model="numpy")
def _gather(e, u, mu, g, moved, pressed):  # type: ignore[no-untyped-def]
    """Unknowns of an element: displacements [2, i] and pressures [n]."""
    for i in range(moved.shape[1]):
        moved[0, i], moved[1, i] = u[g.u_dofs[e, 0, i]], u[g.u_dofs[e, 1, i]]
    for n in range(pressed.shape[0]):
        pressed[n] = mu[g.p_dofs[e, n]]


@njit(cache=True, inline="always", error_model="numpy")
def _deformation(e, q, g, moved):  # type: ignore[no-untyped-def]
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


@njit(cache=True, inline="always", error_model="numpy")
def _pressure(e, q, g, pressed):  # type: ignore[no-untyped-def]
    """mu and its gradient."""
    p = pr = pz = 0.0
    for n in range(pressed.shape[0]):
        p += g.pressure_value[q, n] * pressed[n]
        pr += g.pressure_slope[e, q, 0, n] * pressed[n]
        pz += g.pressure_slope[e, q, 1, n] * pressed[n]
    return p, pr, pz


@njit(cache=True, inline="always", error_model="numpy")
def _conductance(e, m, a, b, c, d, t):  # type: ignore[no-untyped-def]
    """k J C^-1: its rr, rz and zz."""
    det = a * d - b * c
    j = det * t
    pores = max((j - m.solid[e]) / (1.0 - m.solid[e]), 1e-6)
    # the usual power is 2, and a general one costs as much as the rest
    opened = pores * pores if m.power[e] == 2.0 else pores ** m.power[e]
    k = m.conduct[e] * opened * np.exp(0.5 * m.growth[e] * (j * j - 1.0)) * t / det
    return k * (d * d + b * b), -k * (a * b + c * d), k * (a * a + c * c)


@njit(cache=True, error_model="numpy")
def evaluate(u, mu, g, m, forces, held, leaving):  # type: ignore[no-untyped-def]
    """Adds up inner forces [N], water held [m^3] and leaving [m^3/s] of every element."""
    nodes, corners = g.value.shape[1], g.pressure_value.shape[1]
    moved, pressed = np.empty((2, nodes)), np.empty(corners)
    push, water = np.empty((2, nodes)), np.empty((2, corners))
    for e in range(g.weight.shape[0]):
        _gather(e, u, mu, g, moved, pressed)
        push[:] = 0.0
        water[:] = 0.0
        for q in range(g.weight.shape[1]):
            a, b, c, d, t, around = _deformation(e, q, g, moved)
            p, pr, pz = _pressure(e, q, g, pressed)
            w, det = g.weight[e, q], a * d - b * c
            j = det * t
            swelling, _ = _osmotic(j, m.charge[e], m.water[e], m.salt, m.heat)
            first, _ = _fibres(m.axial[e] * (b * b + d * d) + m.around[e] * t * t, m.fibre[e], m.fibre_growth[e])
            side = w * ((m.lame[e] * np.log(j) - m.shear[e]) / j - (p + swelling))
            plain, up = w * m.shear[e], w * (m.shear[e] + 2.0 * first * m.axial[e])
            s0, s1 = plain * a + side * d * t, up * b - side * c * t
            s2, s3 = plain * c - side * b * t, up * d + side * a * t
            s4 = (w * (m.shear[e] + 2.0 * first * m.around[e]) * t + side * det) * around
            krr, krz, kzz = _conductance(e, m, a, b, c, d, t)
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


@njit(cache=True, inline="always", error_model="numpy")
def _stress_slope(e, m, f, p, h, s):  # type: ignore[no-untyped-def]
    """Fills `s` [5, 5] with dP/dF at fixed mu and `h` [5] with dJ/dF."""
    a, b, c, d, t = f
    det = a * d - b * c
    j = det * t
    push, swelling = _osmotic(j, m.charge[e], m.water[e], m.salt, m.heat)
    first, second = _fibres(m.axial[e] * (b * b + d * d) + m.around[e] * t * t, m.fibre[e], m.fibre_growth[e])
    log = m.lame[e] * np.log(j) - m.shear[e]
    side, square = log / j - (p + push), (m.lame[e] - log) / (j * j) - swelling
    h[0], h[1], h[2], h[3], h[4] = d * t, -c * t, -b * t, a * t, det
    along = (0.0, m.axial[e] * b, 0.0, m.axial[e] * d, m.around[e] * t)
    share = (0.0, m.axial[e], 0.0, m.axial[e], m.around[e])
    for x in range(5):
        for y in range(5):
            s[x, y] = square * h[x] * h[y] + 4.0 * second * along[x] * along[y]
        s[x, x] += m.shear[e] + 2.0 * first * share[x]
    for x, y, value in ((0, 3, t), (1, 2, -t), (0, 4, d), (1, 4, -c), (2, 4, -b), (3, 4, a)):
        s[x, y] += side * value
        s[y, x] += side * value


@njit(cache=True, error_model="numpy")
def slopes(u, mu, g, m, share, closing, out):  # type: ignore[no-untyped-def]
    """Element matrices of one implicit stage: radial displacements, axial ones, pressures, [e, 2 i + n, 2 i + n].

    [[dforces/du, -(dheld/du)^T], [-dheld/du - closing share dleaving/du, -share dleaving/dmu]], `share` of the stage
    in the step [s]. Without `closing`, how pores close as they are squeezed is left out, and it is symmetric.
    """
    nodes, corners = g.value.shape[1], g.pressure_value.shape[1]
    moved, pressed, hoop = np.empty((2, nodes)), np.empty(corners), np.empty(nodes)
    s, h, flow = np.empty((5, 5)), np.empty(5), np.empty((2, 5))
    for e in range(g.weight.shape[0]):
        _gather(e, u, mu, g, moved, pressed)
        out[e] = 0.0
        for q in range(g.weight.shape[1]):
            a, b, c, d, t, around = _deformation(e, q, g, moved)
            p, pr, pz = _pressure(e, q, g, pressed)
            _stress_slope(e, m, (a, b, c, d, t), p, h, s)
            for i in range(nodes):
                hoop[i] = g.value[q, i] * around
            _add_stiffness(e, q, g, s, hoop, out)
            _add_coupling(e, q, g, h, hoop, out)
            _add_flow(e, q, g, g.weight[e, q] * share, _conductance(e, m, a, b, c, d, t), out)
            if closing:
                _flow_slope(e, m, (a, b, c, d, t), (pr, pz), h, flow)
                _add_closing(e, q, g, g.weight[e, q] * share, flow, hoop, out)
    _mirror(2 * nodes, out)


@njit(cache=True, inline="always", error_model="numpy")
def _add_stiffness(e, q, g, s, hoop, out):  # type: ignore[no-untyped-def]
    """Radial displacements move F's components 0, 1 and 4, axial ones 2 and 3. The lower triangle of blocks is left."""
    nodes, w = g.value.shape[1], g.weight[e, q]
    for i in range(nodes):
        nr, nz, nt = w * g.slope[e, q, 0, i], w * g.slope[e, q, 1, i], w * hoop[i]
        r0 = nr * s[0, 0] + nz * s[1, 0] + nt * s[4, 0]
        r1 = nr * s[0, 1] + nz * s[1, 1] + nt * s[4, 1]
        r2 = nr * s[0, 2] + nz * s[1, 2] + nt * s[4, 2]
        r3 = nr * s[0, 3] + nz * s[1, 3] + nt * s[4, 3]
        r4 = nr * s[0, 4] + nz * s[1, 4] + nt * s[4, 4]
        z2, z3 = nr * s[2, 2] + nz * s[3, 2], nr * s[2, 3] + nz * s[3, 3]
        for k in range(nodes):
            mr, mz = g.slope[e, q, 0, k], g.slope[e, q, 1, k]
            out[e, i, k] += r0 * mr + r1 * mz + r4 * hoop[k]
            out[e, i, nodes + k] += r2 * mr + r3 * mz
            out[e, nodes + i, nodes + k] += z2 * mr + z3 * mz


@njit(cache=True, inline="always", error_model="numpy")
def _add_coupling(e, q, g, h, hoop, out):  # type: ignore[no-untyped-def]
    """Water pushed out by each displacement."""
    nodes, w = g.value.shape[1], g.weight[e, q]
    for i in range(nodes):
        nr, nz = g.slope[e, q, 0, i], g.slope[e, q, 1, i]
        radial, axial = w * (nr * h[0] + nz * h[1] + hoop[i] * h[4]), w * (nr * h[2] + nz * h[3])
        for n in range(g.pressure_value.shape[1]):
            out[e, i, 2 * nodes + n] -= g.pressure_value[q, n] * radial
            out[e, nodes + i, 2 * nodes + n] -= g.pressure_value[q, n] * axial


@njit(cache=True, inline="always", error_model="numpy")
def _add_flow(e, q, g, w, k, out):  # type: ignore[no-untyped-def]
    """What leaves by the gradient of pressure."""
    first = 2 * g.value.shape[1]
    krr, krz, kzz = k
    for n in range(g.pressure_value.shape[1]):
        pr, pz = g.pressure_slope[e, q, 0, n], g.pressure_slope[e, q, 1, n]
        flow_r, flow_z = w * (krr * pr + krz * pz), w * (krz * pr + kzz * pz)
        for o in range(g.pressure_value.shape[1]):
            out[e, first + n, first + o] -= (
                flow_r * g.pressure_slope[e, q, 0, o] + flow_z * g.pressure_slope[e, q, 1, o]
            )


@njit(cache=True, inline="always", error_model="numpy")
def _flow_slope(e, m, f, slope, h, flow):  # type: ignore[no-untyped-def]
    """Fills `flow` [2, 5] with how K grad mu changes with F at a given grad mu."""
    a, b, c, d, t = f
    r, z = slope
    det = a * d - b * c
    j = det * t
    krr, krz, kzz = _conductance(e, m, a, b, c, d, t)
    qr, qz = krr * r + krz * z, krz * r + kzz * z
    grown = m.power[e] / max(j - m.solid[e], 1e-6 * (1.0 - m.solid[e])) + m.growth[e] * j
    k = krr / (d * d + b * b)
    around = (d, -c, -b, a, 0.0)
    by_r = (-b * z, 2.0 * b * r - a * z, -d * z, 2.0 * d * r - c * z, 0.0)
    by_z = (2.0 * a * z - b * r, -a * r, 2.0 * c * z - d * r, -c * r, 0.0)
    for x in range(5):
        share = grown * h[x] - around[x] / det + (1.0 / t if x == 4 else 0.0)
        flow[0, x] = share * qr + k * by_r[x]
        flow[1, x] = share * qz + k * by_z[x]


@njit(cache=True, inline="always", error_model="numpy")
def _add_closing(e, q, g, w, flow, hoop, out):  # type: ignore[no-untyped-def]
    """What leaves less where pores are squeezed; rows of water, left of the mirror."""
    nodes = g.value.shape[1]
    for n in range(g.pressure_value.shape[1]):
        pr, pz = w * g.pressure_slope[e, q, 0, n], w * g.pressure_slope[e, q, 1, n]
        f0, f1 = pr * flow[0, 0] + pz * flow[1, 0], pr * flow[0, 1] + pz * flow[1, 1]
        f2, f3 = pr * flow[0, 2] + pz * flow[1, 2], pr * flow[0, 3] + pz * flow[1, 3]
        f4 = pr * flow[0, 4] + pz * flow[1, 4]
        for i in range(nodes):
            nr, nz = g.slope[e, q, 0, i], g.slope[e, q, 1, i]
            out[e, 2 * nodes + n, i] -= nr * f0 + nz * f1 + hoop[i] * f4
            out[e, 2 * nodes + n, nodes + i] -= nr * f2 + nz * f3


@njit(cache=True, error_model="numpy")
def _mirror(moved, out):  # type: ignore[no-untyped-def]
    """The lower triangle from the upper one; what the first `moved` unknowns do to the water may be there already."""
    for e in range(out.shape[0]):
        for i in range(out.shape[1]):
            for k in range(i):
                there = out[e, i, k] if k < moved <= i else 0.0
                out[e, i, k] = there + out[e, k, i]
