"""The force asked for now: follows a target under a rate limit with rounded corners, so that nothing is ever a step."""

from __future__ import annotations

from typing import NamedTuple

CORNER = 0.1
"""Seconds from standing still to full rate while treating [s]."""
APPROACH = 6.0
"""Share of the remaining distance closed each second [1/s]."""


class Reference(NamedTuple):
    """Force [N], its rate [N/s], and the force as the sensor should be seeing it [N]."""

    force: float
    rate: float
    seen: float


def follow(
    r: Reference, target: float, target_rate: float, up: float, down: float, corner: float, lag: float, dt: float
) -> Reference:
    """One tick towards `target` [N] moving at `target_rate` [N/s], rising at most at `up`, falling at most at `down`
    [N/s].
    """
    wanted = target_rate + APPROACH * (target - r.force)
    wanted = min(max(wanted, -down), up)
    limit = down if wanted < r.rate else up
    step = limit * dt / corner
    rate = r.rate + min(max(wanted - r.rate, -step), step)
    force = r.force + rate * dt
    return Reference(force, rate, r.seen + (force - r.seen) * (dt / (lag + dt)))


def restart(force: float) -> Reference:
    """Standing still at `force` [N], as after a slip: climb again from where we really are."""
    return Reference(force, 0.0, force)


def falling(force: float, rate: float) -> Reference:
    """At `force` [N], going on at `rate` [N/s] if that is a fall."""
    return Reference(force, min(rate, 0.0), force)


def release_corner(start: float) -> float:
    """Seconds from standing still to the full rate of a release from `start` [N].

    Softer from a high force, so that a stiff belt and a heavy pelvis do not ring; quicker from a low one, so that it
    falls at once.
    """
    return CORNER + 0.13 * min(start / 500.0, 1.0)
