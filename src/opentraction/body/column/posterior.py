"""Ligaments and facet joints of a segment: what they store when the upper vertebra moves.

Motion q of the upper vertebra: up u [m], flexion, bending to the right, twist [rad], about the disc's middle; x to the
front, y to the left. Ligaments follow f = k e^2 / (2 toe), then k (e - toe / 2) (Blankevoort 1991,
doi:10.1016/0021-9290(91)90009-Y); facets are springs of the same shape that wait behind a gap.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from opentraction.body.compiling import kernel


class Facets(NamedTuple):
    """A pair of joints at (-back, +-side) [m]: stiffness [N/m], toe [m], gaps before they close and turn [m].

    In twist their faces meet; in extension their tips do, and the thin arch below them bends: they are softer then.
    """

    back: float
    side: float
    stiffness: float  # in twist
    closing_stiffness: float  # in extension
    toe: float
    closing: float
    turning: float
    tilt: float  # [-] share of their force that lies along the spine


X, Y, LENGTH, STIFFNESS, SLACK, TOE = range(6)
"""Columns of a table of ligaments: place [m], neutral length [m], stiffness [N per unit strain], how much
longer than that they are when just taut [-], end of the toe [-]."""


@kernel
def toe_law(x: float, stiffness: float, toe: float) -> tuple[float, float]:
    """Force and its slope: quadratic up to `toe`, then linear; nothing below 0."""
    if x <= 0.0:
        return 0.0, 0.0
    if x < toe:
        return 0.5 * stiffness * x * x / toe, stiffness * x / toe
    return stiffness * (x - 0.5 * toe), stiffness


@kernel
def add_ligaments(q: np.ndarray, bands: np.ndarray, g: np.ndarray, h: np.ndarray) -> None:
    """Add slope and curvature of their energy by q to `g` [4..] and `h` [4.., 4..]."""
    d = np.empty(4)
    for n in range(bands.shape[0]):
        x, y, length = bands[n, X], bands[n, Y], bands[n, LENGTH]
        rise = length + q[0] - q[1] * x + q[2] * y
        far = math.sqrt(x * x + y * y)
        aside = q[3] * far
        now = math.sqrt(rise * rise + aside * aside)
        rest = length * (1.0 + bands[n, SLACK])
        f, k = toe_law(now / rest - 1.0, bands[n, STIFFNESS], bands[n, TOE])
        if f == 0.0:
            continue
        up, over = rise / now, aside / now
        d[0], d[1], d[2], d[3] = up, -x * up, y * up, far * over
        bend = f / now
        for i in range(4):
            g[i] += f * d[i]
            for j in range(4):
                h[i, j] += (k / rest - bend) * d[i] * d[j]
        d[0], d[1], d[2], d[3] = 1.0, -x, y, 0.0
        for i in range(3):
            for j in range(3):
                h[i, j] += bend * d[i] * d[j]
        h[3, 3] += bend * far * far


@kernel
def add_facets(q: np.ndarray, f: Facets, g: np.ndarray, h: np.ndarray) -> None:
    """Add slope and curvature of their energy by q."""
    d = np.empty(3)
    for side in (-f.side, f.side):
        d[0], d[1], d[2] = -f.tilt, -f.back, -side
        closed = d[0] * q[0] + d[1] * q[1] + d[2] * q[2] - f.closing
        force, slope = toe_law(closed, f.closing_stiffness, f.toe)
        for i in range(3):
            g[i] += force * d[i]
            for j in range(3):
                h[i, j] += slope * d[i] * d[j]
    for turn in (-1.0, 1.0):
        force, slope = toe_law(turn * q[3] * f.back - f.turning, f.stiffness, f.toe)
        g[3] += turn * force * f.back
        h[3, 3] += slope * f.back * f.back
