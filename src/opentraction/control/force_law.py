"""From force error to drum speed.

v = rate / g + lagged rate (1 / k - 1 / g) + (w e + I) / g: the rate is fed forward through the quick stiffness g at
once and through what else gives when pulled slowly (stiffness k) a little later; proportional and integral action go
through g, so that the loop's bandwidth w is the same for a soft and a stiff patient. The integral makes up for creep;
while the speed is capped it runs out (anti-windup). Too much force that the machine did not make is the patient's: give
way, gently at first because a cough is over before giving way helps, faster if it lasts. A force that is already
coming down by itself is not lasting: payout then would only leave a soft belt slack after the cough.
"""

from __future__ import annotations

from typing import NamedTuple

from opentraction.control.reference import Reference
from opentraction.control.types import ControlSettings

EXCESS_FORCE = 25.0  # [N]
EXCESS_SHARE = 0.08  # of the reference
INTEGRAL_MOST = 60.0  # [N/s]
UNWIND = 0.3  # [s] in which the integral runs out while the speed is capped on its side; project
STEEPEST = 460.0  # [N/s] fall that feedback may ask for; the limit for the patient is 500


BODY_LAG = 0.12
"""Seconds until the pelvis has followed, the slow part of the stretch [s]; project."""
FELT_LAG = 0.03
"""The force is compared with itself this much earlier to see whether it falls [s]."""
FALLING = 4.0
"""Below what it was by this much it falls [N]: about 130 N/s, well above sensor noise."""
AFTER_EXCESS = 1.0
"""So long after a cough the pelvis swings on the trunk and its swing is damped: the force is expected to go on as it
goes now [s].
"""
LEAD = 1.0
"""How far ahead, in lags of the felt force; project."""


class Loop(NamedTuple):
    """Integral action [N/s], lagged rate [N/s], speed asked [m/s], seconds with and since too much force [s], lagged
    force [N].
    """

    integral: float
    lagged: float
    speed: float
    excess: float
    since_excess: float
    felt: float


FRESH_LOOP = Loop(0.0, 0.0, 0.0, 0.0, 10.0, 0.0)


def is_excess(force: float, reference: float) -> bool:
    """Whether the force is above the reference by more than control itself ever makes it."""
    return force - reference > max(EXCESS_FORCE, EXCESS_SHARE * reference)


def force_law(
    loop: Loop,
    r: Reference,
    force: float,
    k: float,
    gain: float,
    pull: float,
    payout: float,
    releasing: bool,
    s: ControlSettings,
) -> Loop:
    """Drum speed for this tick; `k` slow and `gain` quick tangent stiffness [N/m], `pull` and `payout` the speed caps
    of this phase [m/s].
    """
    over = not releasing and is_excess(force, r.seen)
    lagged = loop.lagged + (r.rate - loop.lagged) * (s.dt / (BODY_LAG + s.dt))
    felt = loop.felt + (force - loop.felt) * (s.dt / (FELT_LAG + s.dt))
    falling = force - felt < -FALLING
    excess = 0.0
    if over:
        excess = loop.excess if falling and loop.excess > 0.0 else loop.excess + s.dt
    since = 0.0 if over else loop.since_excess + s.dt
    error = r.seen - force
    if not over and since < AFTER_EXCESS:
        error -= LEAD * (force - felt)
    cap = payout
    if over:
        pull = 0.0  # what was fed forward must never add to the patient's own force
        cap = s.yield_fast
        if excess < s.yield_delay:
            cap = 0.0 if falling else s.yield_speed
        cap = max(cap, min(payout, -1.5 * r.rate / k))
    steered = max(r.rate + s.bandwidth * error + loop.integral, -STEEPEST)
    wanted = steered / gain + lagged * (1.0 / k - 1.0 / gain)
    speed = min(max(wanted, -cap), pull)
    integral = loop.integral
    if speed == wanted and not over:
        integral += s.integral * s.bandwidth * s.bandwidth * error * s.dt
        integral = min(max(integral, -INTEGRAL_MOST), INTEGRAL_MOST)
    elif (wanted > speed) == (integral > 0.0):
        integral -= integral * (s.dt / UNWIND)
    return Loop(integral, lagged, speed, excess, since, felt)
