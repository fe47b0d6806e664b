"""The planned release after the last rest, as a pure function of the seconds since it began.

A shape never falls faster than the prescribed rate. Stops, faults and pauses do not use it: they pay out at their own
bounded rates, as fast as allowed. Plain scalar Python, compiled by the twin as it stands. With T0 = start / rate:

- LINEAR       F = start - rate t, over T0
- S_CURVE      F = start (1 - 3 s^2 + 2 s^3), s = t / (1.5 T0); steepest in the middle, there at the rate
- EXPONENTIAL  F = start exp(-t / T0) until its slope is a fifth of the rate, then a straight line at that slope; it
               begins at the rate and ends softly, after (1 + ln 5) T0. The fifth is the project's
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

LINEAR: Final = 0
S_CURVE: Final = 1
EXPONENTIAL: Final = 2
NAMES: Final = ("linear", "s-curve", "exponential")
SOFTEST: Final = 5.0
"""An exponential release ends at the rate divided by this."""
LONGEST: Final = 45.0
"""A planned release takes at most this long [s]; control takes the torque away after 60 s."""


class Falling(NamedTuple):
    """Force of a release now [N], and its rate, never above 0 [N/s]."""

    force: float
    rate: float


def release_at(shape: int, start: float, rate: float, elapsed: float) -> Falling:
    """Where a release from `start` [N] stands `elapsed` [s] after it began; `rate` its steepest [N/s]. Ends at 0 N."""
    t = max(elapsed, 0.0)
    if not start > 0.0 or t >= release_time(shape, start, rate):
        return Falling(0.0, 0.0)
    plain = start / rate
    if shape == S_CURVE:
        s = t / (1.5 * plain)
        return Falling(start * (1.0 - s * s * (3.0 - 2.0 * s)), -4.0 * rate * s * (1.0 - s))
    if shape == EXPONENTIAL:
        turn = plain * math.log(SOFTEST)
        if t < turn:
            share = math.exp(-t / plain)
            return Falling(start * share, -rate * share)
        return Falling((start - rate * (t - turn)) / SOFTEST, -rate / SOFTEST)
    return Falling(start - rate * t, -rate)


def release_time(shape: int, start: float, rate: float) -> float:
    """Seconds a release from `start` [N] takes to reach zero [s]."""
    plain = start / rate
    if shape == S_CURVE:
        return 1.5 * plain
    if shape == EXPONENTIAL:
        return (1.0 + math.log(SOFTEST)) * plain
    return plain
