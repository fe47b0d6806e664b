"""How the guard lets the cable out by itself, where control is silent or does not: by force while its cell is believed.

The force is to fall along a line; the payout that does it is not known, as nobody tells the guard how stiff belt and
body are, so it is found on the way: more while the force lags behind the line, less while it runs ahead. Without a
believable force cable is paid out slowly to well beyond where the pull began. The figures are the project's own, tuned
over bodies of 3 to 40 N/mm (tests/safety/test_guard_lets_out.py).
"""

from __future__ import annotations

from typing import NamedTuple

TIME = 2.0
"""A release takes so long [s], where that is within the rates."""
TIME_AT_ONCE = 1.6
STEEPEST_AT_ONCE = 400.0
STEEPEST = 250.0
GENTLEST = 150.0
"""[N/s]"""
GAIN = 0.00025
"""Payout for each newton above the line [m/s/N]."""
GROWTH = 0.0009
"""Growth of the payout for each newton above the line [m/s^2/N]."""
FIRST = 0.010
"""Payout to begin with [m/s]; on the stiffest belt and body 0.2 s of it take some 30 N off."""
FASTEST = 0.200
"""[m/s]"""
BLIND = 0.025
"""Payout without a force to go by [m/s]."""
BEYOND = 0.050
"""Paid out beyond where the pull began [m]."""
AIM = -20.0
"""The line ends below nothing, so that the last newtons do not linger [N]."""


class LetOut(NamedTuple):
    """The line, and the payout found so far; `rate` 0 means that nothing is let out."""

    rate: float  # [N/s]
    line: float  # [N]
    payout: float  # [m/s] grown so far
    speed: float  # [m/s] asked of the drum, never above 0


AT_REST = LetOut(0.0, 0.0, 0.0, 0.0)


def begin(force: float, at_once: bool) -> LetOut:
    """A line from `force` [N] down, steeper where the clinician has pressed."""
    time, steepest = (TIME, STEEPEST) if not at_once else (TIME_AT_ONCE, STEEPEST_AT_ONCE)
    return LetOut(min(max(force / time, GENTLEST), steepest), force, FIRST, 0.0)


def by_force(out: LetOut, force: float, dt: float) -> LetOut:
    """After one look of `dt` [s] at a believable `force` [N]."""
    line = max(out.line - out.rate * dt, AIM)
    above = force - line
    payout = min(max(out.payout + GROWTH * above * dt, 0.0), FASTEST)
    return LetOut(out.rate, line, payout, -min(max(payout + GAIN * above, 0.0), FASTEST))


def by_travel(out: LetOut, travel: float, start: float) -> LetOut:
    """Without a believable force: until `travel` [m] is beyond where the pull began; an unknown travel pays out too."""
    return LetOut(out.rate, out.line, 0.0, 0.0 if travel <= start - BEYOND else -BLIND)
