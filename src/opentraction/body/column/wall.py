"""A sector of the annulus between two rigid endplates: what it stores as it is stretched, bulges, twists and swells.

The sector is a thin piece of a ring of fibre-reinforced matrix. At height z (-1 to 1 over the disc's height) a bulge b
moves it outwards by b (1 - z^2), so its fibres are lengthened around by 1 + b (1 - z^2) / radius and along by the slope
of the bulge. What is left for the radial direction follows from its water, J.

Matrix: neo-Hookean. Fibres: two families, k1 / (2 k2) (exp(k2 (I4 - 1)^2) - 1), in tension only (Holzapfel 2000,
doi:10.1023/A:1010835316564), until they are uncrimped; from there on their stiffness stays. The inner wall is the side
of the nucleus, whose volume comes with it.

Local unknowns, in this order: stretch along the axis lz [-], bulge b [m], twist shear [-], volume J [-], height of the
nucleus beside it [m].
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from opentraction.body.compiling import kernel

HEIGHTS = (0.2113248654051871, 0.7886751345948129)
"""Two Gauss points over the upper half of the disc."""

NARROW = 0.3
"""From so much of its distance to the middle at rest on, a wall that thickens inwards is slowed."""


class Wall(NamedTuple):
    """A disc's ring, SI units; angles are of the fibres to the horizontal."""

    shear: float  # [Pa] matrix
    fibre: float  # [Pa] k1
    growth: float  # [-] k2
    ventral: float  # [rad] fibre angle in front
    dorsal: float  # [rad] fibre angle behind
    radius: float  # [m] of the outer wall, as a circle
    thickness: float  # [m]
    height: float  # [m]
    volume: float  # [m^3] of the whole ring
    nucleus: float  # [m^3] within it
    taut: float = 1.0  # [-] I4 - 1 from which a fibre is uncrimped: it grows no stiffer


@kernel
def sector(
    s: float, c: float, share: float, local: np.ndarray, pressure: float, w: Wall, g: np.ndarray, h: np.ndarray,
    v: np.ndarray,
) -> float:  # fmt: skip
    """Volume of nucleus in a sector [m^3]; slope `g` [5] and curvature `h` [5, 5], upper half, of stored energy less
    pressure times that volume, and the volume's slope `v` [5], are written.

    `s` and `c` are sine and cosine of its fibres' angle, `share` its share of the ring, `local` its five unknowns.
    """
    g[:] = 0.0
    h[:] = 0.0
    v[:] = 0.0
    lz, b, twist, swell, high = local[0], local[1], local[2], local[3], local[4]
    middle, inner = w.radius - 0.5 * w.thickness, w.radius - w.thickness
    part = 0.5 * share * w.volume
    ground = 0.5 * share * w.nucleus / w.height
    held = 0.0
    for z in HEIGHTS:
        out, lean = (1.0 - z * z) / middle, -4.0 * z / w.height
        e, slope = 1.0 + out * b, lean * b
        lr = swell / (lz * e)
        r0, r1, r3 = -lr / lz, -lr * out / e, lr / swell
        r00, r11, r01 = 2.0 * lr / (lz * lz), 2.0 * lr * out * out / (e * e), lr * out / (lz * e)
        r03, r13 = -lr / (lz * swell), -lr * out / (e * swell)
        m = w.shear
        g0, g1, g2, g3 = (
            m * (lr * r0 + lz),
            m * (lr * r1 + e * out + slope * lean),
            m * twist,
            m * (lr * r3 - 1.0 / swell),
        )
        h00, h11, h22 = m * (r0 * r0 + lr * r00 + 1.0), m * (r1 * r1 + lr * r11 + out * out + lean * lean), m
        h33 = m * (r3 * r3 + 1.0 / (swell * swell))
        h01, h03, h13, h02, h12 = m * (r0 * r1 + lr * r01), m * (r0 * r3 + lr * r03), m * (r1 * r3 + lr * r13), 0.0, 0.0
        for turn in (-s, s):
            flat = e * c + turn * twist
            longer = slope * slope * s * s + flat * flat + lz * lz * s * s - 1.0
            if longer <= 0.0:
                continue
            crimped = min(longer, w.taut)
            power = w.fibre * math.exp(min(w.growth * crimped * crimped, 60.0))
            f2 = power * (1.0 + 2.0 * w.growth * crimped * crimped)
            f1 = power * crimped + f2 * (longer - crimped)
            i0, i1, i2 = 2.0 * lz * s * s, 2.0 * slope * lean * s * s + 2.0 * flat * out * c, 2.0 * flat * turn
            g0 += f1 * i0
            g1 += f1 * i1
            g2 += f1 * i2
            h00 += f2 * i0 * i0 + f1 * 2.0 * s * s
            h11 += f2 * i1 * i1 + f1 * 2.0 * (lean * lean * s * s + out * out * c * c)
            h22 += f2 * i2 * i2 + f1 * 2.0 * turn * turn
            h01 += f2 * i0 * i1
            h02 += f2 * i0 * i2
            h12 += f2 * i1 * i2 + f1 * 2.0 * out * c * turn
        # The inner wall goes out with half the wall's thinning less.
        k = -0.5 * w.thickness / inner
        a = 1.0 + (out * middle * b) / inner + k * (lr - 1.0)
        a0, a1, a3 = k * r0, out * middle / inner + k * r1, k * r3
        square, first, second = _inside(a)
        held += square * ground * high
        q, q2 = first * ground * high, second * ground * high
        p = pressure
        v[0] += q * a0
        v[1] += q * a1
        v[3] += q * a3
        v[4] += square * ground
        g[0] += part * g0
        g[1] += part * g1
        g[2] += part * g2
        g[3] += part * g3
        h[0, 0] += part * h00 - p * (q2 * a0 * a0 + q * k * r00)
        h[1, 1] += part * h11 - p * (q2 * a1 * a1 + q * k * r11)
        h[2, 2] += part * h22
        h[3, 3] += part * h33 - p * q2 * a3 * a3
        h[0, 1] += part * h01 - p * (q2 * a0 * a1 + q * k * r01)
        h[0, 3] += part * h03 - p * (q2 * a0 * a3 + q * k * r03)
        h[1, 3] += part * h13 - p * (q2 * a1 * a3 + q * k * r13)
        h[0, 2] += part * h02
        h[1, 2] += part * h12
        h[0, 4] -= p * first * ground * a0
        h[1, 4] -= p * first * ground * a1
        h[3, 4] -= p * first * ground * a3
    for i in range(5):
        g[i] -= pressure * v[i]
    return held


@kernel
def _inside(a: float) -> tuple[float, float, float]:
    """Square of how far the inner wall is from the middle, as a share of what it is at rest, its slope and curvature.

    A wall pressed flat thickens inwards until it would meet the wall opposite: it comes near the middle, and no nearer
    than that. Smooth to the second slope.
    """
    if a >= NARROW:
        return a * a, 2.0 * a, 2.0
    t = 1.0 - a / NARROW
    under = 1.0 + t + t * t
    rise = 1.0 + 2.0 * t
    f, f1 = NARROW / under, rise / (under * under)
    f2 = (2.0 * rise * rise / under - 2.0) / (NARROW * under * under)
    return f * f, 2.0 * f * f1, 2.0 * (f1 * f1 + f * f2)


def fibre_angle(around: float, w: Wall) -> float:
    """Angle of the fibres to the horizontal [rad] at an angle around the ring from its front [rad]."""
    return w.ventral + (w.dorsal - w.ventral) * 0.5 * (1.0 - math.cos(around))


def uncrimped(fibre: float, growth: float, modulus: float) -> float:
    """I4 - 1 at which a fibre of k1 [Pa] and k2 has come to a tensile modulus [Pa], four times dW'/dI4 along it."""
    low, high = 0.0, 1.0
    for _ in range(50):
        x = 0.5 * (low + high)
        if 4.0 * fibre * (1.0 + 2.0 * growth * x * x) * math.exp(growth * x * x) < modulus:
            low = x
        else:
            high = x
    return low
