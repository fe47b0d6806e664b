"""The derivatives of the balances in `kernel.py`, element by element, compiled."""

from __future__ import annotations

import numpy as np

from opentraction.body.compiling import inlined, kernel, outermost
from opentraction.body.disc.kernel import (
    Array,
    Grid,
    Matter,
    Three,
    conductance,
    deformation,
    fibres,
    gather,
    osmotic,
    pressure,
)

Two = tuple[float, float]
Five = tuple[float, float, float, float, float]


@inlined
def _stress_slope(e: int, m: Matter, f: Five, p: float, h: Array, s: Array) -> None:
    """Fills `s` [5, 5] with dP/dF at fixed mu and `h` [5] with dJ/dF."""
    a, b, c, d, t = f
    det = a * d - b * c
    j = det * t
    push, swelling = osmotic(j, m.charge[e], m.water[e], m.salt, m.heat)
    first, second = fibres(m.axial[e] * (b * b + d * d) + m.around[e] * t * t, m.fibre[e], m.fibre_growth[e])
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


@outermost
def slopes(u: Array, mu: Array, g: Grid, m: Matter, share: float, closing: bool, out: Array) -> None:
    """Element matrices of one implicit stage: radial displacements, axial ones, pressures, [e, 2 i + n, 2 i + n].

    [[dforces/du, -(dheld/du)^T], [-dheld/du - closing share dleaving/du, -share dleaving/dmu]], `share` of the stage
    in the step [s]. Without `closing`, how pores close as they are squeezed is left out, and it is symmetric.
    """
    nodes, corners = g.value.shape[1], g.pressure_value.shape[1]
    moved, pressed, hoop = np.empty((2, nodes)), np.empty(corners), np.empty(nodes)
    s, h, flow = np.empty((5, 5)), np.empty(5), np.empty((2, 5))
    for e in range(g.weight.shape[0]):
        gather(e, u, mu, g, moved, pressed)
        out[e] = 0.0
        for q in range(g.weight.shape[1]):
            a, b, c, d, t, around = deformation(e, q, g, moved)
            p, pr, pz = pressure(e, q, g, pressed)
            _stress_slope(e, m, (a, b, c, d, t), p, h, s)
            for i in range(nodes):
                hoop[i] = g.value[q, i] * around
            _add_stiffness(e, q, g, s, hoop, out)
            _add_coupling(e, q, g, h, hoop, out)
            _add_flow(e, q, g, g.weight[e, q] * share, conductance(e, m, a, b, c, d, t), out)
            if closing:
                _flow_slope(e, m, (a, b, c, d, t), (pr, pz), h, flow)
                _add_closing(e, q, g, g.weight[e, q] * share, flow, hoop, out)
    _mirror(2 * nodes, out)


@inlined
def _add_stiffness(e: int, q: int, g: Grid, s: Array, hoop: Array, out: Array) -> None:
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


@inlined
def _add_coupling(e: int, q: int, g: Grid, h: Array, hoop: Array, out: Array) -> None:
    """Water pushed out by each displacement."""
    nodes, w = g.value.shape[1], g.weight[e, q]
    for i in range(nodes):
        nr, nz = g.slope[e, q, 0, i], g.slope[e, q, 1, i]
        radial, axial = w * (nr * h[0] + nz * h[1] + hoop[i] * h[4]), w * (nr * h[2] + nz * h[3])
        for n in range(g.pressure_value.shape[1]):
            out[e, i, 2 * nodes + n] -= g.pressure_value[q, n] * radial
            out[e, nodes + i, 2 * nodes + n] -= g.pressure_value[q, n] * axial


@inlined
def _add_flow(e: int, q: int, g: Grid, w: float, k: Three, out: Array) -> None:
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


@inlined
def _flow_slope(e: int, m: Matter, f: Five, slope: Two, h: Array, flow: Array) -> None:
    """Fills `flow` [2, 5] with how K grad mu changes with F at a given grad mu."""
    a, b, c, d, t = f
    r, z = slope
    det = a * d - b * c
    j = det * t
    krr, krz, kzz = conductance(e, m, a, b, c, d, t)
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


@inlined
def _add_closing(e: int, q: int, g: Grid, w: float, flow: Array, hoop: Array, out: Array) -> None:
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


@kernel
def _mirror(moved: int, out: Array) -> None:
    """The lower triangle from the upper one; what the first `moved` unknowns do to the water may be there already."""
    for e in range(out.shape[0]):
        for i in range(out.shape[1]):
            for k in range(i):
                there = out[e, i, k] if k < moved <= i else 0.0
                out[e, i, k] = there + out[e, k, i]
