"""How many times real time, as typed."""

from __future__ import annotations

from opentraction.quantities import BadInput

SLOWEST = 0.1


def times_real_time(text: str, fastest: float, also: str = "") -> float:
    """A factor from 0.1 to `fastest`; `also` names what else the argument takes. Raises BadInput."""
    try:
        speed = float(text)
    except ValueError:
        speed = float("nan")
    if not SLOWEST <= speed <= fastest:
        raise BadInput("--speed", text, f"{also}a number from {SLOWEST:g} to {fastest:.0f}")
    return speed
