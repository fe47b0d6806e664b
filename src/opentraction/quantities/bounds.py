"""A bound is a value: an absolute range that refuses and a recommended range that warns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """What a bound says of a value."""

    OK = "ok"
    UNUSUAL = "unusual"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Absolute and recommended range of a quantity, in its SI unit, ends included."""

    low: float
    high: float
    recommended_low: float
    recommended_high: float

    def judge(self, value: float) -> Verdict:
        """NaN and infinities are refused by construction: only a finite value inside passes."""
        if not math.isfinite(value) or not (self.low <= value <= self.high):
            return Verdict.REFUSED
        if self.recommended_low <= value <= self.recommended_high:
            return Verdict.OK
        return Verdict.UNUSUAL
