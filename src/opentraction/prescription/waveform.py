"""The waveform as a pure function of treatment time: what the table should pull at second `tau`.

A plan is a table of segments, float64 [n, 12], one row a segment, in order and without gaps. `force_at` is plain scalar
Python on `math` alone, so the control loop runs it as it is and the twin compiles it unchanged.

Shapes of a segment, with s = t / duration in [0, 1] (t since its start):

- LINE   F = from + (to - from) s
- LOG    F = from + (to - from) ln(1 + a s) / ln(1 + a); slope falls (1 + a) to 1. US 6,039,737 says "approximately
  logarithmic" and gives no coefficient, so `a` is ours (default 9)
- SCURVE F = from + (to - from) (3 s^2 - 2 s^3); steepest in the middle, 1.5 times the mean

A hold may carry an oscillation A sin(2 pi f t), its amplitude faded in and out linearly (after US 7,717,870).
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.quantities.vocabulary import END_RELEASE, PRETENSION

Array = npt.NDArray[np.float64]

# Columns of a segment.
START: Final = 0  # treatment time it begins [s]
DURATION: Final = 1  # [s], above 0
PHASE: Final = 2  # vocabulary code
SHAPE: Final = 3  # LINE, LOG or SCURVE
FROM: Final = 4  # force at its start [N]
TO: Final = 5  # force at its end [N]
CURVE: Final = 6  # a of LOG, 0 elsewhere
CYCLE: Final = 7  # 1 is the first pull, 0 before it
AMPLITUDE: Final = 8  # of the oscillation [N], 0 for none
FREQUENCY: Final = 9  # of the oscillation [Hz]
FADE: Final = 10  # of the oscillation, at each end [s]
PHASE_END: Final = 11  # treatment time its phase ends; a phase may take several segments [s]
COLUMNS: Final = 12

LINE: Final = 0
LOG: Final = 1
SCURVE: Final = 2


class Setpoint(NamedTuple):
    """What is asked of the table: force [N], its rate [N/s], where in the plan we are, seconds left in the phase."""

    force: float
    rate: float
    phase: int
    cycle: int
    phase_left: float
    index: int  # type: ignore[assignment]  # of the segment; hides tuple.index, which nobody needs here


def force_at(segments: Array, tau: float, hint: int) -> Setpoint:
    """Setpoint at treatment time `tau` [s]; `segments` float64 [n, 12]; `hint` the last `Setpoint.index` (0 at first).

    The hint changes the cost, never the answer. Before 0: 0 N in pretension. From the end on: phase END_RELEASE at the
    last force with rate 0, and the session releases. A NaN `tau` gives a NaN force, which no table accepts.
    """
    last = segments.shape[0] - 1
    index = min(max(hint, 0), last)
    while index < last and tau >= segments[index + 1, START]:
        index += 1
    while index > 0 and tau < segments[index, START]:
        index -= 1
    begin = float(segments[index, START])
    duration = float(segments[index, DURATION])
    low = float(segments[index, FROM])
    span = float(segments[index, TO]) - low
    cycle = int(segments[index, CYCLE])
    left = float(segments[index, PHASE_END]) - tau
    if tau < 0.0:
        return Setpoint(0.0, 0.0, PRETENSION, 0, left, 0)
    if index == last and tau >= begin + duration:
        return Setpoint(low + span, 0.0, END_RELEASE, cycle, 0.0, index)

    t = tau - begin
    s = t / duration
    shape = int(segments[index, SHAPE])
    if shape == LOG:
        a = float(segments[index, CURVE])
        scale = math.log1p(a)
        share = math.log1p(a * s) / scale
        slope = a / ((1.0 + a * s) * scale * duration)
    elif shape == SCURVE:
        share = s * s * (3.0 - 2.0 * s)
        slope = 6.0 * s * (1.0 - s) / duration
    else:
        share = s
        slope = 1.0 / duration
    force = low + span * share
    rate = span * slope

    amplitude = float(segments[index, AMPLITUDE])
    if amplitude > 0.0:
        omega = 2.0 * math.pi * float(segments[index, FREQUENCY])
        fade = float(segments[index, FADE])
        swell = 1.0
        growth = 0.0
        if t < fade:
            swell = t / fade
            growth = 1.0 / fade
        elif duration - t < fade:
            swell = (duration - t) / fade
            growth = -1.0 / fade
        force += amplitude * swell * math.sin(omega * t)
        rate += amplitude * (growth * math.sin(omega * t) + swell * omega * math.cos(omega * t))
    return Setpoint(force, rate, int(segments[index, PHASE]), cycle, left, index)


def sample(segments: Array, rate_hz: float) -> tuple[Array, Array]:
    """Times [s] and forces [N], each [m], at `rate_hz` from 0 to the end, for drawing. Calls the kernel."""
    end = float(segments[-1, START] + segments[-1, DURATION])
    times = np.linspace(0.0, end, max(2, round(end * rate_hz) + 1))
    forces = np.empty_like(times)
    index = 0
    for i, tau in enumerate(times):
        now = force_at(segments, float(tau), index)
        forces[i] = now.force
        index = now.index
    return times, forces
