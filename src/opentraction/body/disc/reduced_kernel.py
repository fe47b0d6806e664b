"""The balances of a disc in few unknowns at few points, and their derivatives, compiled.

The same tissue as `kernel.py`; a test holds the two equal. Displacement is that at rest plus modes times `y`, the
water's potential modes times `z`; both balances are tested with the same modes (Galerkin), and integrals are weighted
sums over `Points`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.compiling import outermost, summing

Array = npt.NDArray[np.float64]


class Points(NamedTuple):
    """Few points q of a disc, m modes of displacement, n of potential.

    rest [q, 5]: F at rest; shape [q, 5, m]: dF/dy; value [q, n], slope [q, 2, n]: modes of the potential; weight [q]
    [m^3]; nucleus [q]: share in the mean over the nucleus; then matter by point, as `kernel.Matter`.
    """

    rest: Array
    shape: Array
    value: Array
    slope: Array
    weight: Array
    nucleus: Array
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


class Outside(NamedTuple):
    """What is seen from outside, linear in y: the vertebra and the middle of the side, with their values at rest [m].

    low, high [m]: how far each coordinate may go; scale [2]: what errors of y and of z are told against.
    """

    top: Array
    top_rest: float
    side: Array
    side_rest: float
    low: Array
    high: Array
    scale: Array


class Wide(NamedTuple):
    """Room for what `slopes` sums up: stress [5 q, m] and volume [q, m] by each dy, flow [2 q, n] by each dz."""

    turned: Array
    volume: Array
    driven: Array


@summing
def _gradient(y: Array, p: Points, q: int) -> tuple[float, float, float, float, float]:
    """Deformation gradient at a point: in its plane a, b, c, d, around the axis t."""
    a, b, c, d, t = p.rest[q, 0], p.rest[q, 1], p.rest[q, 2], p.rest[q, 3], p.rest[q, 4]
    for k in range(y.size):
        a += p.shape[q, 0, k] * y[k]
        b += p.shape[q, 1, k] * y[k]
        c += p.shape[q, 2, k] * y[k]
        d += p.shape[q, 3, k] * y[k]
        t += p.shape[q, 4, k] * y[k]
    return a, b, c, d, t


@summing
def _opened(j: float, p: Points, q: int) -> float:
    """Permeability at a volume ratio j."""
    pores = max((j - p.solid[q]) / (1.0 - p.solid[q]), 1e-6)
    # the usual power is 2, and a general one costs as much as the rest
    opened = pores * pores if p.power[q] == 2.0 else pores ** p.power[q]
    return float(p.conduct[q] * opened * math.exp(0.5 * p.growth[q] * (j * j - 1.0)))


@summing
def balances(y: Array, z: Array, p: Points, forces: Array, held: Array, leaving: Array, seen: Array) -> None:
    """Fills inner forces [N], water held [m^3] and leaving [m^3/s] by mode; `seen`: pressure [Pa], water [m^3]."""
    m, n = y.size, z.size
    forces[:] = 0.0
    held[:] = 0.0
    leaving[:] = 0.0
    seen[:] = 0.0
    for q in range(p.weight.size):
        a, b, c, d, t = _gradient(y, p, q)
        mu = pr = pz = 0.0
        for k in range(n):
            mu += p.value[q, k] * z[k]
            pr += p.slope[q, 0, k] * z[k]
            pz += p.slope[q, 1, k] * z[k]
        w, det = p.weight[q], a * d - b * c
        j = det * t
        fixed = p.charge[q] * p.water[q] / (p.water[q] - 1.0 + j)
        push = mu + p.heat * (math.sqrt(fixed * fixed + 4.0 * p.salt * p.salt) - 2.0 * p.salt)
        first = 0.0
        if p.fibre[q] > 0.0:
            over = p.axial[q] * (b * b + d * d) + p.around[q] * t * t - 1.0
            if over > 0.0:
                first = 2.0 * p.fibre[q] * math.exp(min(p.fibre_growth[q] * over * over, 60.0)) * over
        side = (p.lame[q] * math.log(j) - p.shear[q]) / j - push
        up = p.shear[q] + first * p.axial[q]
        s0, s1 = w * (p.shear[q] * a + side * d * t), w * (up * b - side * c * t)
        s2, s3 = w * (p.shear[q] * c - side * b * t), w * (up * d + side * a * t)
        s4 = w * ((p.shear[q] + first * p.around[q]) * t + side * det)
        flow = w * _opened(j, p, q) * t / det
        cross = a * b + c * d
        qr = flow * ((d * d + b * b) * pr - cross * pz)
        qz = flow * ((a * a + c * c) * pz - cross * pr)
        more = w * (j - 1.0)
        for k in range(m):
            forces[k] += (
                p.shape[q, 0, k] * s0
                + p.shape[q, 1, k] * s1
                + p.shape[q, 2, k] * s2
                + p.shape[q, 3, k] * s3
                + p.shape[q, 4, k] * s4
            )
        for k in range(n):
            held[k] += p.value[q, k] * more
            leaving[k] += p.slope[q, 0, k] * qr + p.slope[q, 1, k] * qz
        seen[0] += p.nucleus[q] * push
        seen[1] += more


@summing
def slopes(y: Array, z: Array, p: Points, room: Wide, stiffness: Array, coupling: Array, flow: Array) -> None:
    """Fills dforces/dy [m, m], dheld/dy [n, m] and dleaving/dz [n, n].

    How the conductance depends on y is left out, as in the large model.
    """
    m, n, points = y.size, z.size, p.weight.size
    turned, volume, driven = room
    h, s = np.empty(5), np.empty((5, 5))
    for q in range(points):
        a, b, c, d, t = _gradient(y, p, q)
        mu = 0.0
        for k in range(n):
            mu += p.value[q, k] * z[k]
        w, det = p.weight[q], a * d - b * c
        j = det * t
        room = p.water[q] - 1.0 + j
        fixed = p.charge[q] * p.water[q] / room
        root = math.sqrt(fixed * fixed + 4.0 * p.salt * p.salt)
        push, thinner = mu + p.heat * (root - 2.0 * p.salt), -p.heat * fixed / root * fixed / room
        first = second = 0.0
        if p.fibre[q] > 0.0:
            over = p.axial[q] * (b * b + d * d) + p.around[q] * t * t - 1.0
            if over > 0.0:
                grown = p.fibre[q] * math.exp(min(p.fibre_growth[q] * over * over, 60.0))
                first, second = 2.0 * grown * over, 4.0 * grown * (1.0 + 2.0 * p.fibre_growth[q] * over * over)
        log = p.lame[q] * math.log(j) - p.shear[q]
        side, square = w * (log / j - push), w * ((p.lame[q] - log) / (j * j) - thinner)
        h[0], h[1], h[2], h[3], h[4] = d * t, -c * t, -b * t, a * t, det
        for x in range(5):
            for v in range(5):
                s[x, v] = square * h[x] * h[v]
            s[x, x] += w * p.shear[q]
        ab, ad, at = p.axial[q] * b, p.axial[q] * d, p.around[q] * t
        s[1, 1] += w * (second * ab * ab + first * p.axial[q])
        s[3, 3] += w * (second * ad * ad + first * p.axial[q])
        s[4, 4] += w * (second * at * at + first * p.around[q])
        s[1, 3] += w * second * ab * ad
        s[1, 4] += w * second * ab * at - side * c
        s[3, 4] += w * second * ad * at + side * a
        s[0, 3] += side * t
        s[1, 2] -= side * t
        s[0, 4] += side * d
        s[2, 4] -= side * b
        for x in range(5):
            for v in range(x):
                s[x, v] = s[v, x]
        for x in range(5):
            for k in range(m):
                turned[5 * q + x, k] = (
                    s[x, 0] * p.shape[q, 0, k]
                    + s[x, 1] * p.shape[q, 1, k]
                    + s[x, 2] * p.shape[q, 2, k]
                    + s[x, 3] * p.shape[q, 3, k]
                    + s[x, 4] * p.shape[q, 4, k]
                )
        for k in range(m):
            volume[q, k] = w * (
                h[0] * p.shape[q, 0, k]
                + h[1] * p.shape[q, 1, k]
                + h[2] * p.shape[q, 2, k]
                + h[3] * p.shape[q, 3, k]
                + h[4] * p.shape[q, 4, k]
            )
        f = w * _opened(j, p, q) * t / det
        rr, zz, rz = f * (d * d + b * b), f * (a * a + c * c), -f * (a * b + c * d)
        for k in range(n):
            driven[2 * q, k] = rr * p.slope[q, 0, k] + rz * p.slope[q, 1, k]
            driven[2 * q + 1, k] = rz * p.slope[q, 0, k] + zz * p.slope[q, 1, k]
    np.dot(p.shape.reshape(5 * points, m).T, turned, stiffness)
    np.dot(p.value.T, volume, coupling)
    np.dot(p.slope.reshape(2 * points, n).T, driven, flow)


@outermost
def evaluated(y: Array, z: Array, p: Points) -> tuple[Array, ...]:
    """Forces, water held and leaving, what is seen, and the slopes: everything of one state."""
    m, n, points = y.size, z.size, p.weight.size
    forces, held, leaving, seen = np.empty(m), np.empty(n), np.empty(n), np.empty(2)
    balances(y, z, p, forces, held, leaving, seen)
    stiffness, coupling, flow = np.empty((m, m)), np.empty((n, m)), np.empty((n, n))
    room = Wide(np.empty((5 * points, m)), np.empty((points, m)), np.empty((2 * points, n)))
    slopes(y, z, p, room, stiffness, coupling, flow)
    return forces, held, leaving, seen, stiffness, coupling, flow
