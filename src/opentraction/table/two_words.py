"""What a drive makes of two words, control's and the guard's: the lesser speed, and no pull without a fresh permission.

The simulated drive obeys this, on the bus and beside the physics alike; a real one has to be given it (decision 0014).
"""

from __future__ import annotations

import math
from typing import NamedTuple

ASKED_LASTS = 0.150
"""[s] that a word of control is good for."""
PERMITTED_LASTS = 0.100
"""[s] that a word of the guard is good for."""


class Moving(NamedTuple):
    """What the drive does."""

    speed: float  # [m/s] pull positive
    torque: bool


def lesser(asked: float, torque: bool, asked_age: float, fastest: float, pull: bool, permitted_age: float) -> Moving:
    """From control's speed [m/s] and torque, the guard's fastest speed [m/s] and whether it lets pull, with ages [s].

    A word that is too old is none. Without control's, the guard's alone lets out; without either the torque goes. A
    speed that is no number moves nothing.
    """
    heard, permitted = asked_age <= ASKED_LASTS, permitted_age <= PERMITTED_LASTS
    if not heard and not permitted:
        return Moving(0.0, False)
    speed = asked if heard and math.isfinite(asked) else 0.0
    if not (permitted and pull and heard):
        speed = min(speed, 0.0)
    lets_out = permitted and fastest < 0.0
    if permitted:
        speed = min(speed, fastest if math.isfinite(fastest) else 0.0)
    holds = torque if heard else True
    return Moving(speed, holds or lets_out)
