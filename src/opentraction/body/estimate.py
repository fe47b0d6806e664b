"""What the spine probably feels, from what the machine can measure.

The cable's pull reaches the spine less what friction, the return spring and the pull angle take. Friction turns round
when the cable does, so it is followed as a Dahl element (it builds with travel and saturates) and the band spans what
the couch could hold. Modelled, never measured: the console says so.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from opentraction.quantities.units import GRAVITY

LOWER_BODY_SHARE = 0.48
"""Mass caudal to L3-L4 as a share of body mass (Winter/Dempster segment masses, from memory; biomechanics row 68)."""


class EstimateSettings(NamedTuple):
    """Couch and angle as the estimate sees them; SI units."""

    cosine: float
    friction: float  # [N] at slip, expected
    friction_low: float
    friction_high: float
    presliding: float  # [m] travel that turns friction round
    spring: float  # [N/m] return spring seen at the cable
    gain_spread: float  # relative, harness geometry and load cell


NOT_COVERED = EstimateSettings(math.nan, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0)
"""A pull at the neck: the model ends at the lumbar spine, and what is not known is NaN."""


class EstimateState(NamedTuple):
    """Friction now as a share of its limit, -1 to 1, and the last travel [m]."""

    share: float
    travel: float


class SpineEstimate(NamedTuple):
    """Spine force [N] and the ends of its 90 % band."""

    force: float
    low: float
    high: float


def estimate_settings(mass: float, angle: float, split: bool) -> EstimateSettings:
    """For a body of `mass` [kg] pulled at `angle` [rad] on an open split table or a plain couch.

    Plain couch: 0.5 of the lower body's weight, about 26 % of body weight (Judovich 1955), 0.35-0.6 as the spread.
    """
    weight = LOWER_BODY_SHARE * mass * GRAVITY
    if split:
        return EstimateSettings(math.cos(angle), 0.01 * weight + 5.0, 2.0, 0.02 * weight + 12.0, 0.002, 150.0, 0.05)
    return EstimateSettings(math.cos(angle), 0.5 * weight, 0.35 * weight, 0.6 * weight, 0.012, 0.0, 0.05)


def estimate_step(force: float, travel: float, s: EstimateSettings, state: EstimateState) -> EstimateState:
    """Friction's share after the cable moved to `travel` [m]; a slack cable forgets."""
    if not math.isfinite(force) or not math.isfinite(travel):
        return state
    if force < 5.0:
        return EstimateState(0.0, travel)
    share = state.share + (travel - state.travel) / s.presliding
    return EstimateState(min(max(share, -1.0), 1.0), travel)


def estimate(force: float, s: EstimateSettings, state: EstimateState) -> SpineEstimate:
    """Spine force and band [N] from cable `force` [N]; NaN where the force is unknown or the pull not covered."""
    if not math.isfinite(force) or not math.isfinite(s.cosine):
        return SpineEstimate(math.nan, math.nan, math.nan)
    pull = max(force, 0.0) * s.cosine
    spread = s.gain_spread * pull
    middle = max(0.0, pull - _held(s.friction, pull, state.share))
    ends_a = pull - _held(s.friction_low, pull, state.share)
    ends_b = pull - _held(s.friction_high, pull, state.share)
    slack = 0.5 * (s.friction_high - s.friction_low)
    low = min(ends_a, ends_b) - spread - (slack if state.share < 1.0 else 0.0) * 0.5
    high = max(ends_a, ends_b) + spread
    return SpineEstimate(middle, max(0.0, min(low, middle)), max(high, middle))


def _held(limit: float, pull: float, share: float) -> float:
    """What friction holds back [N]: never more than the pull itself, in either direction."""
    return min(max(limit * share, -pull), pull)
