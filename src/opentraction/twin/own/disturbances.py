"""What no steady model plays: coughs and spasms are left out of a session, slips are found and fitted."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from opentraction.twin.own.prior import FloatArray
from opentraction.twin.own.trace import STEP, Mask, Step, Trace

STARTLED: Final = 15.0
"""Force this far off a level prescription [N], or a twentieth of it, is somebody's doing."""
_LEVEL = 1.0  # [N/s]
_BEFORE, _AFTER, _ONE = 1.0, 4.0, 12.0  # [s]
JUMP: Final = 0.0015
"""A step of travel from which on it is fitted by itself [m]."""
_BESIDE, _APART = 9.0, 1.0  # [s]
_UNSURE = 1.5
"""So long before and after a step [s] travel is not compared."""
CLOSEST: Final = 15.0
"""Two steps lie at least so far apart [s]."""


def startled(trace: Trace) -> list[tuple[float, float]]:
    """When force left a level prescription: begin and end of each time [s]; one that comes within 12 s goes on."""
    prescribed = trace.prescribed
    level = np.isfinite(prescribed) & (np.abs(np.gradient(np.nan_to_num(prescribed), STEP)) < _LEVEL)
    settled = level & np.roll(level, round(2.0 / STEP))
    off = np.abs(trace.force - np.nan_to_num(prescribed)) > np.maximum(STARTLED, 0.05 * np.nan_to_num(prescribed))
    found: list[tuple[float, float]] = []
    for t in trace.t[settled & off]:
        if found and t - found[-1][1] < _ONE:
            found[-1] = (found[-1][0], float(t))
        else:
            found.append((float(t), float(t)))
    return found


def calmed(trace: Trace) -> Trace:
    """Without the moments around coughs and spasms."""
    mask: Mask = np.zeros(trace.t.size, dtype=bool)
    for begin, end in startled(trace):
        mask |= (trace.t > begin - _BEFORE) & (trace.t < end + _AFTER)
    return trace.without(mask)


def stepped(trace: Trace, left: FloatArray) -> Trace | None:
    """With one more step where what is left [m] jumps farthest; None where nothing jumps."""
    jumps = _jumps(trace, left)
    for step in trace.steps:
        jumps[np.abs(trace.t - step.t) < CLOSEST] = 0.0
    jumps[trace.t < trace.t[trace.told][0] + _BESIDE] = 0.0
    usual = 1.4826 * float(np.median(np.abs(jumps[jumps != 0.0]))) if np.any(jumps != 0.0) else 0.0
    worst = int(np.argmax(np.abs(jumps)))
    if abs(jumps[worst]) < max(JUMP, 6.0 * usual):
        return None
    at = _sharpest(left, worst)
    around = np.abs(trace.t - trace.t[at]) < _UNSURE
    step = Step(float(trace.t[at]), _let_go(trace, at))
    return replace(trace, steps=(*trace.steps, step), told=trace.told & ~around)


def _let_go(trace: Trace, at: int) -> bool:
    """Whether force fell at once: a harness slips in a moment, a patient moves over within a second or two."""
    reach = round(0.6 / STEP)
    begin = max(at - reach - 1, 0)
    return float(trace.force[begin] - np.min(trace.force[begin : at + reach + 1])) > STARTLED


def _sharpest(left: FloatArray, near: int) -> int:
    """Where within 4 s of index `near` what is left changes fastest: the very moment of a slip."""
    reach = round(4.0 / STEP)
    begin = max(near - reach, 0)
    return begin + int(np.argmax(np.abs(np.diff(left[begin : near + reach])))) + 1


def _jumps(trace: Trace, left: FloatArray) -> FloatArray:
    """Mean of what is left over 9 s after each moment less that before, a second apart; 0 where too little is told."""
    count, apart = round(_BESIDE / STEP), round(_APART / STEP)
    told = trace.told.astype(float)
    sums = np.concatenate(([0.0], np.cumsum(np.where(trace.told, left, 0.0))))
    seen = np.concatenate(([0.0], np.cumsum(told)))
    n = np.arange(trace.t.size)
    out = np.zeros(trace.t.size)
    fits = (n >= count + apart) & (n + count + apart < trace.t.size)
    n = n[fits]
    after, before = (n + apart, n + apart + count), (n - apart - count, n - apart)
    parts = [(sums[b] - sums[a], seen[b] - seen[a]) for a, b in (after, before)]
    whole = (parts[0][1] > 0.8 * count) & (parts[1][1] > 0.8 * count)
    jump = parts[0][0] / np.maximum(parts[0][1], 1.0) - parts[1][0] / np.maximum(parts[1][1], 1.0)
    out[fits] = np.where(whole, jump, 0.0)
    return out


def breathing(told: Mask, left: FloatArray, give: FloatArray) -> tuple[float, float]:
    """Force [N] and rate [Hz] of breathing, from what is left of travel [m] and the body's give [m/N]."""
    window = round(12.0 / STEP)
    shape = np.hanning(window + 2)[1:-1]
    share = np.convolve(told.astype(float), shape, "same")
    calm = told & (share > 0.9 * shape.sum())
    mean = np.convolve(np.where(told, left, 0.0), shape, "same") / np.maximum(share, 1e-9)
    force = np.where(calm, (left - mean) / give, 0.0)
    power = np.abs(np.fft.rfft(force)) ** 2
    rate = np.fft.rfftfreq(force.size, STEP)
    power[(rate < 0.12) | (rate > 0.6)] = 0.0
    around = np.abs(rate - rate[int(np.argmax(power))]) < 0.05
    spread = float(np.sqrt(np.mean(force[calm] ** 2))) if calm.any() else 0.0
    return spread / _SHAPE, float(np.sum(rate * power * around) / max(np.sum(power * around), 1e-30))


_SHAPE = 0.656
"""Root mean square of the twin's breath (`body.behaviour`) for a force of 1."""
