"""How a body's lumbar column answers a quick pull: its straight length, and a spring about as soft."""

from __future__ import annotations

import math

import numpy as np

from opentraction.body.column.curve import offsets
from opentraction.body.column.lain import Lain, move
from opentraction.body.column.living import Body, copied
from opentraction.body.column.packed import HEIGHT
from opentraction.body.column.segment import FLEX, UP

QUICKLY = 0.2
"""A pull that comes on within so long [s] meets the solid before water and memories have moved."""
AT_FIRST, TAUT = (0.0, 50.0), (200.0, 400.0)
"""Between these pulls [N] its stiffness is taken."""
SOFTEST, STIFFEST = 4e3, 4e5
"""Stiffness of a spring [N/m]: an angled pull may bend a column so that it hardly grows longer, or shrinks."""


def column_length(body: Body) -> float:
    """Straight distance from T12 to S1 [m]."""
    n = len(body.discs)
    rest, x = body.levels.numbers[:n, HEIGHT], body.state.x[:n]
    if n == 1:
        return float(rest[0] + x[0, UP])
    return float(offsets(body.curve, rest, x[:, UP].copy(), x[:, FLEX].copy(), np.empty(n)))


def spring(lain: Lain, angle: float) -> tuple[float, float]:
    """k1 [N/m] > 0 and k2 [N/m^2] >= 0 of F = k1 s + k2 s^2, about as stiff as a body as it lies now. Raises NotSolved.

    Its tangent is k(F)^2 = k1^2 + 4 k2 F.
    """
    first, taut = (_stiffness(lain, pulls, angle) for pulls in (AT_FIRST, TAUT))
    where = [0.5 * sum(pulls) for pulls in (AT_FIRST, TAUT)]
    k2 = max(taut * taut - first * first, 0.0) / (4.0 * (where[1] - where[0]))
    return math.sqrt(max(first * first - 4.0 * k2 * where[0], 0.25 * first * first)), k2


def _stiffness(lain: Lain, pulls: tuple[float, float], angle: float) -> float:
    a, b = (_pulled(lain, force, angle) for force in pulls)
    give = (b - a) / (pulls[1] - pulls[0])
    return 1.0 / min(max(give, 1.0 / STIFFEST), 1.0 / SOFTEST)


def _pulled(lain: Lain, force: float, angle: float) -> float:
    body = copied(lain.body)
    move(Lain(body, lain.bearing, lain.at, None, lain.force), force, angle, QUICKLY)
    return column_length(body)
