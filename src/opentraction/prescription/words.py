"""Forces and times as people say them."""

from __future__ import annotations

import math

from opentraction.quantities import display
from opentraction.quantities.units import FACTORS

DECIMALS = {"N": 0, "daN": 1, "kN": 3}
"""Of a force; a pound and a kilogram-force have one. Nothing is rounded by more than half a newton."""


def both_units(force: float) -> str:
    """A force in newtons and pounds, where a mistake would matter."""
    return f"{display(force, 'force', 'N', 0)} ({display(force, 'force', 'lb', 1)})"


def spoken(force: float, unit: str) -> str:
    """A force in the clinician's unit, and in newtons beside it."""
    shown = display(force, "force", unit, DECIMALS.get(unit, 1))
    return shown if unit == "N" else f"{shown} ({display(force, 'force', 'N', 0)})"


def spoken_rate(rate: float, unit: str) -> str:
    """A rate of force in the clinician's unit where people use one, and in newtons a second beside it."""
    newtons = display(rate, "force rate", "N/s", 0 if rate >= 10.0 else 1)
    own = f"{unit}/s"
    if unit == "N" or own not in FACTORS["force rate"]:
        return newtons
    return f"{display(rate, 'force rate', own, 1)} ({newtons})"


def spoken_dose(impulse: float) -> str:
    """A force-time integral [N s] as people say it: `"473 kN s"`, `"12.3 kN s"`."""
    thousands = impulse / 1000.0
    return f"{thousands:.0f} kN s" if thousands >= 100.0 else f"{thousands:.1f} kN s"


def clock(seconds: float) -> str:
    """Seconds as people say them: "25 min 30 s"."""
    whole = math.ceil(seconds - 1e-6)
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes and rest else f"{minutes} min" if minutes else f"{rest} s"
