"""How many times real time, as typed."""

from __future__ import annotations

from typing import Final

from opentraction.quantities import BadInput

SLOWEST: Final = 0.1
FASTEST_TREATMENT: Final = 1000.0
FASTEST_TABLE: Final = 20.0
"""A table that talks to consoles; beyond it a machine no longer keeps up."""


def times_real_time(text: str, fastest: float, also: str = "") -> float:
    """A factor from 0.1 to `fastest`; `also` names what else the argument takes. Raises BadInput."""
    try:
        speed = float(text)
    except ValueError:
        speed = float("nan")
    if not SLOWEST <= speed <= fastest:
        raise BadInput("--speed", text, also + factors(fastest))
    return speed


def factors(fastest: float) -> str:
    """What is allowed, in words; help and refusal say the same."""
    return f"a number from {SLOWEST:g} to {fastest:.0f}"
