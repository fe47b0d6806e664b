"""What came of all runs with one fault alone, added up so that a campaign can go on another day.

Times are whole ticks, so counts of them lose nothing: any percentile is exact, and two halves add up to the whole.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np

from opentraction.quantities import vocabulary as v
from opentraction.twin.campaign.judge import TICK
from opentraction.twin.campaign.play import Judged


class Tally:
    """Counts for one fault."""

    def __init__(self) -> None:
        self.runs = 0
        self.broken = 0
        self.by_itself = 0
        """Runs in a pull in which nobody pressed a stop: those tell who notices."""
        self.ended = 0
        self.detect: Counter[int] = Counter()
        self.stop: Counter[int] = Counter()
        self.excess = -math.inf
        self.steepest = 0.0

    def take(self, one: Judged) -> None:
        """One more run."""
        o = one.outcome
        self.runs += 1
        self.broken += bool(o.broken)
        self.excess, self.steepest = max(self.excess, o.excess), max(self.steepest, o.steepest)
        if math.isfinite(o.stop):
            self.stop[round(o.stop / TICK)] += 1
        if one.run.pressed or not v.PRETENSION <= one.run.phase <= v.RESUME:
            return
        self.by_itself += 1
        self.ended += o.ended
        if o.ended and o.detect >= 0.0:
            self.detect[round(o.detect / TICK)] += 1

    def document(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "runs": self.runs,
            "broken": self.broken,
            "by_itself": self.by_itself,
            "ended": self.ended,
            "detect": sorted(self.detect.items()),
            "stop": sorted(self.stop.items()),
            "excess": self.excess,
            "steepest": self.steepest,
        }

    @classmethod
    def of(cls, data: dict[str, Any]) -> Tally:
        """From what `document` gave."""
        made = cls()
        made.runs, made.broken = data["runs"], data["broken"]
        made.by_itself, made.ended = data["by_itself"], data["ended"]
        made.detect = Counter(dict(data["detect"]))
        made.stop = Counter(dict(data["stop"]))
        made.excess, made.steepest = data["excess"], data["steepest"]
        return made


def percentile(ticks: Counter[int], share: float) -> float:
    """The time [s] that `share` [%] of the runs do not exceed; NaN without any."""
    if not ticks:
        return math.nan
    values = np.array(sorted(ticks))
    upto = np.cumsum([ticks[int(value)] for value in values])
    return float(values[np.searchsorted(upto, share / 100.0 * upto[-1])]) * TICK
