"""Where the rims of two vertebrae come near each other, bone takes the load.

The plates of a disc are rigid and stand at its wedge to each other; their gap is told and borne on their rims, at `RIM`
of the way out. Below a share of the disc's height the gap holds only what cannot be pressed out of it, and what that
bears grows without end as the gap closes: no rim passes through the other. A project's choice, set to act beyond what
has been measured.
"""

from __future__ import annotations

import numpy as np

from opentraction.body.compiling import kernel

RIM = 0.8
"""Heights in front and behind are taken at so much of the way to the rim."""
MEET, NEAREST = 0.25, 0.05
"""Shares of the disc's height: rims begin to bear; nearer than that their stiffness stays."""
BORNE = 1000.0
"""What each of eight places on the rim bears at half of `MEET` [N]."""
FRONT = (1.0, 0.7071067811865476, 0.0, -0.7071067811865476, -1.0)
ASIDE = (0.0, 0.7071067811865476, 1.0, 0.7071067811865476, 0.0)
"""Where these places lie, as shares of half the depth and half the width; the latter on both sides."""


@kernel
def add_rims(
    q: np.ndarray, height: float, depth: float, width: float, wedge: float, g: np.ndarray, h: np.ndarray
) -> None:
    """Add slope and curvature of their energy by motion q (up [m], flexion, bending to the right [rad]).

    `height` [m] at rest, half the `depth` and `width` [m], `wedge` [rad] taller in front.
    """
    lean = wedge - q[1]
    if height + q[0] - RIM * (depth * abs(lean) + width * abs(q[2])) >= MEET * height:
        return
    for n in range(len(FRONT)):
        front, left = RIM * depth * FRONT[n], RIM * width * ASIDE[n]
        middle = height + q[0] + front * lean
        f, k = met(middle + left * q[2], height)
        f2, k2 = met(middle - left * q[2], height) if left > 0.0 else (0.0, 0.0)
        both, stiff, odd = f + f2, k + k2, left * (k - k2)
        g[0] -= both
        g[1] += front * both
        g[2] -= left * (f - f2)
        h[0, 0] += stiff
        h[0, 1] -= front * stiff
        h[1, 0] -= front * stiff
        h[1, 1] += front * front * stiff
        h[0, 2] += odd
        h[2, 0] += odd
        h[1, 2] -= front * odd
        h[2, 1] -= front * odd
        h[2, 2] += left * left * stiff


@kernel
def met(gap: float, height: float) -> tuple[float, float]:
    """What a place on the rim bears [N] at a gap [m], and how that grows as the gap closes [N/m]."""
    share = gap / height
    if share >= MEET:
        return 0.0, 0.0
    near = max(share, NEAREST)
    closed = (MEET - near) / near
    grows = 2.0 * BORNE * closed * MEET / (near * near)
    return BORNE * closed * closed + grows * (near - share), grows / height
