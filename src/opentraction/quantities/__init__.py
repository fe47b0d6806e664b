"""The language every room shares: quantities, units at the door, bounds, the clock, named random streams."""

from __future__ import annotations

from opentraction.quantities.bounds import Bounds, Verdict
from opentraction.quantities.clock import Clock, FakeClock, MonotonicClock
from opentraction.quantities.dictionary import QUANTITIES, Quantity, quantity
from opentraction.quantities.expressions import ForceExpression, parse_force
from opentraction.quantities.refusal import BadInput, State
from opentraction.quantities.streams import Streams
from opentraction.quantities.text import check_line
from opentraction.quantities.units import GRAVITY, display, parse_quantity

__all__ = [
    "GRAVITY",
    "QUANTITIES",
    "BadInput",
    "Bounds",
    "Clock",
    "FakeClock",
    "ForceExpression",
    "MonotonicClock",
    "Quantity",
    "State",
    "Streams",
    "Verdict",
    "check_line",
    "display",
    "parse_force",
    "parse_quantity",
    "quantity",
]
