"""What a single segment does between its ends: its steepest rate, its highest force, its force-time integral.

A segment is one row of twelve numbers, as in `waveform.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from opentraction.prescription.waveform import (
    AMPLITUDE,
    CURVE,
    DURATION,
    FADE,
    FREQUENCY,
    FROM,
    LOG,
    SCURVE,
    SHAPE,
    TO,
)

Row = Sequence[float]


def steepest(row: Row) -> float:
    """Largest |dF/dt| of a segment [N/s]; with an oscillation, a bound that it does not pass."""
    mean = abs(row[TO] - row[FROM]) / row[DURATION]
    return mean * _steepness(row) + _swing_rate(row)


def _steepness(row: Row) -> float:
    if row[SHAPE] == LOG:
        return row[CURVE] / math.log1p(row[CURVE])
    return 1.5 if row[SHAPE] == SCURVE else 1.0


def _swing_rate(row: Row) -> float:
    if row[AMPLITUDE] <= 0.0:
        return 0.0
    return row[AMPLITUDE] * (2.0 * math.pi * row[FREQUENCY] + 1.0 / row[FADE])


def highest(row: Row) -> float:
    """Largest force of a segment [N], oscillation included."""
    return max(row[FROM], row[TO]) + row[AMPLITUDE]


def impulse(row: Row) -> float:
    """Integral of force over a segment [N s], in closed form."""
    span = row[TO] - row[FROM]
    return row[DURATION] * (row[FROM] + span * _mean_share(row)) + _swing_impulse(row)


def _mean_share(row: Row) -> float:
    if row[SHAPE] != LOG:
        return 0.5
    a, scale = row[CURVE], math.log1p(row[CURVE])
    return ((1.0 + a) * scale - a) / (a * scale)


def _swing_impulse(row: Row) -> float:
    """Integral of A e(t) sin(w t): fade in, full swing, fade out [N s]."""
    if row[AMPLITUDE] <= 0.0:
        return 0.0
    d, fade, w = row[DURATION], row[FADE], 2.0 * math.pi * row[FREQUENCY]

    def plain(t: float) -> float:
        return -math.cos(w * t) / w

    def weighted(t: float) -> float:
        return -t * math.cos(w * t) / w + math.sin(w * t) / (w * w)

    out = d - fade
    rising = (weighted(fade) - weighted(0.0)) / fade
    falling = (d * (plain(d) - plain(out)) - (weighted(d) - weighted(out))) / fade
    return row[AMPLITUDE] * (rising + plain(out) - plain(fade) + falling)
