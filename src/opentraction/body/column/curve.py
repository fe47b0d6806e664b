"""The lumbar curve from the side: where each disc lies, and how far from the line of a pull.

Chain from the sacrum up: disc, vertebra, disc ... Each disc turns the chain by its wedge less the flexion it has taken,
each vertebra by its own wedge. A pull between the ends tries to straighten the chain: at each disc it bends with its
force times the distance of the disc from the line between the ends (in front of it: flexion).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from opentraction.body.compiling import kernel


class Curve(NamedTuple):
    """Sagittal shape of the neutral chain; one value for each disc, from the top down."""

    wedge: np.ndarray  # [rad] lordotic angle of each disc
    vertebra: np.ndarray  # [rad] lordotic wedge of the vertebra above each disc
    tall: np.ndarray  # [m] height of the vertebra above each disc
    sacrum: float  # [rad] slope of the sacrum's plate to the line across the body


@kernel
def places(c: Curve, height: np.ndarray, up: np.ndarray, flex: np.ndarray, at: np.ndarray) -> tuple[float, float]:
    """Middles of the discs from the sacrum's plate, to `at` [disc, 2] (forwards, upwards) [m]; the chain's top."""
    n = height.size
    tilt = c.sacrum
    x, z = 0.0, 0.0
    for i in range(n - 1, -1, -1):
        turn = c.wedge[i] - flex[i]
        tilt -= 0.5 * turn
        step = 0.5 * (height[i] + up[i])
        x += step * math.sin(tilt)
        z += step * math.cos(tilt)
        at[i, 0], at[i, 1] = x, z
        x += step * math.sin(tilt)
        z += step * math.cos(tilt)
        tilt -= 0.5 * turn
        if i > 0:
            tilt -= 0.5 * c.vertebra[i]
            x += c.tall[i] * math.sin(tilt)
            z += c.tall[i] * math.cos(tilt)
            tilt -= 0.5 * c.vertebra[i]
    return x, z


@kernel
def offsets(c: Curve, height: np.ndarray, up: np.ndarray, flex: np.ndarray, out: np.ndarray) -> float:
    """How far each disc lies in front of the line between the chain's ends [m]; the length of that line [m]."""
    at = np.empty((height.size, 2))
    x, z = places(c, height, up, flex, at)
    long = math.sqrt(x * x + z * z)
    for i in range(height.size):
        out[i] = (at[i, 0] * z - at[i, 1] * x) / long
    return long


@kernel
def tightness(c: Curve, height: np.ndarray, up: np.ndarray, flex: np.ndarray, out: np.ndarray) -> None:
    """No less than what a unit of pull between the ends resists any flexion with, for each disc [m].

    Of a straight chain: a disc's turn moves another by the string's influence of one place on the other, and the sum of
    those with all others bounds the stiffest of all shapes (Gershgorin).
    """
    at = np.empty((height.size, 2))
    x, z = places(c, height, up, flex, at)
    long = math.sqrt(x * x + z * z)
    for i in range(height.size):
        out[i] = 0.0
        for j in range(height.size):
            a, b = (at[i, 0] * x + at[i, 1] * z) / long, (at[j, 0] * x + at[j, 1] * z) / long
            out[i] += min(a, b) * (long - max(a, b)) / long
