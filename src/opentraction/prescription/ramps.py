"""Ramps as pieces: how force gets from one level to another, never with a step."""

from __future__ import annotations

import math
from typing import NamedTuple

from opentraction.prescription.recipe import Ramp
from opentraction.prescription.waveform import LINE, LOG, SCURVE
from opentraction.quantities import BadInput

SHORTEST = 1.0  # a ramp given by its rate still takes this long [s]


class Piece(NamedTuple):
    """One piece of a waveform: how long [s], its shape, where it ends [N], and the curvature of a logarithm."""

    duration: float
    shape: int
    to: float
    curve: float = 0.0


def ramp(way: Ramp, start: float, end: float) -> list[Piece]:
    """The pieces of a ramp from `start` to `end` [N]; none when they are equal. Raises BadInput."""
    if start == end:
        return []
    if way.shape == "stepped":
        return _stepped(way, start, end)
    total = _total(way, abs(end - start))
    if way.shape == "logarithmic":
        return _logarithmic(total, start, end, way.curvature)
    return [Piece(total, SCURVE if way.shape == "s-curve" else LINE, end)]


def quick_share(a: float) -> float:
    """Time of the quick half over time of the logarithmic half, so that their slopes meet: ln(1 + a) / a."""
    return math.log1p(a) / a


def steepness(way: Ramp) -> float:
    """Steepest over mean slope of a ramp."""
    if way.shape == "logarithmic":
        share = quick_share(way.curvature)
        return 0.5 * (1.0 + share) / share
    return 1.5 if way.shape == "s-curve" else 1.0


def _total(way: Ramp, span: float) -> float:
    if way.time is not None:
        return way.time
    return max(SHORTEST, span * steepness(way) / (way.rate or 1.0))


def _logarithmic(total: float, start: float, end: float, a: float) -> list[Piece]:
    """Quick straight rise to half of the way, then F1 + (Fmax - F1) ln(1 + a s) / ln(1 + a).

    US 6,039,737 has the quick rise "up to 50 % of maximum above baseline"; read here as half of the way from base to
    maximum, which never overshoots. The quick half takes the time that makes the slopes meet.
    """
    share = quick_share(a)
    quick = total * share / (1.0 + share)
    middle = start + 0.5 * (end - start)
    return [Piece(quick, LINE, middle), Piece(total - quick, LOG, end, a)]


def _stepped(way: Ramp, start: float, end: float) -> list[Piece]:
    """Equal steps, each a short straight ramp, with a hold after each but the last."""
    move = _step_time(way, abs(end - start))
    pieces: list[Piece] = []
    for step in range(1, way.steps + 1):
        level = end if step == way.steps else start + (end - start) * step / way.steps
        pieces.append(Piece(move, LINE, level))
        if step < way.steps and way.step_hold > 0.0:
            pieces.append(Piece(way.step_hold, LINE, level))
    return pieces


def _step_time(way: Ramp, span: float) -> float:
    """Time to move one step [s]."""
    if way.time is None:
        return max(SHORTEST, span / way.steps / (way.rate or 1.0))
    holds = (way.steps - 1) * way.step_hold
    move = (way.time - holds) / way.steps
    if move < SHORTEST:
        least = f"at least {holds + way.steps:g} s, the step holds and 1 s for each step"
        raise BadInput(f"{way.where}.time", f"{way.time:g} s", least)
    return move
