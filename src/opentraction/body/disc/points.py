"""A moment of a body's march, and parabolas through three of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opentraction.body.disc.porous import Evaluated

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Point:
    """A moment of the march: time [s], unknowns, both balances, water that has left by the drains [m^3].

    due: water that should be held by unknown [m^3]; what an iteration left out is caught up in the next step.
    """

    t: float
    y: FloatArray
    u: FloatArray
    mu: FloatArray
    balance: Evaluated
    left: float
    due: FloatArray | None = None


def guess(past: Sequence[Point], point: Point, t: float) -> tuple[FloatArray, FloatArray]:
    """Unknowns at `t`, on the parabola through three points or as they were."""
    if len(past) < 3:
        return point.y, point.mu
    a, b, c = past[-3:]
    times = (a.t, b.t, c.t)
    return parabola(times, (a.y, b.y, c.y), t), parabola(times, (a.mu, b.mu, c.mu), t)


def parabola(times: tuple[float, float, float], values: Sequence[FloatArray], t: float) -> FloatArray:
    """The parabola through three points, at `t` (Lagrange)."""
    a, b, c = times
    la = (t - b) * (t - c) / ((a - b) * (a - c))
    lb = (t - a) * (t - c) / ((b - a) * (b - c))
    lc = (t - a) * (t - b) / ((c - a) * (c - b))
    return la * values[0] + lb * values[1] + lc * values[2]
