"""How a body's lumbar column answers a quick pull: its straight length, and the spring that comes nearest to it."""

from __future__ import annotations

import numpy as np

from opentraction.body.column.curve import offsets
from opentraction.body.column.lain import Lain, move
from opentraction.body.column.living import Body, copied
from opentraction.body.column.packed import HEIGHT
from opentraction.body.column.segment import FLEX, UP

QUICKLY = 0.2
"""A pull that comes on within so long [s] meets the solid before water and memories have moved."""
PULLS = (25.0, 50.0, 100.0, 200.0, 300.0, 400.0)
"""At which the spring is taken [N]."""


def column_length(body: Body) -> float:
    """Straight distance from T12 to S1 [m]."""
    n = len(body.discs)
    rest, x = body.levels.numbers[:n, HEIGHT], body.state.x[:n]
    if n == 1:
        return float(rest[0] + x[0, UP])
    return float(offsets(body.curve, rest, x[:, UP].copy(), x[:, FLEX].copy(), np.empty(n)))


def spring(lain: Lain, angle: float) -> tuple[float, float]:
    """k1 [N/m] and k2 [N/m^2] of F = k1 s + k2 s^2 for a body as it lies now. Raises NotSolved."""
    before = column_length(lain.body)
    stretch = np.array([_stretched(lain, force, angle) - before for force in PULLS])
    k2 = max(float(np.polyfit(stretch, np.array(PULLS) / stretch, 1)[0]), 0.0)
    return float(np.mean(np.array(PULLS) / stretch - k2 * stretch)), k2


def _stretched(lain: Lain, force: float, angle: float) -> float:
    body = copied(lain.body)
    move(Lain(body, lain.bearing, lain.at, None, lain.force), force, angle, QUICKLY)
    return column_length(body)
