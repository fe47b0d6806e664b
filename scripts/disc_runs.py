"""What docs/researcher/disc.json keeps of each run of the disc, and how far runs are from the finest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

DOCS = Path(__file__).parents[1] / "docs"
MARCHED = DOCS / "researcher" / "disc.json"
SEEN = ("height [mm]", "pressure [kPa]", "bulge [mm]", "water [mm3]")
MOMENTS = ("rested", "pulled", "after 45 min", "up", "evening", "down", "morning")
Runs = dict[str, dict[str, Any]]


def power(value: float) -> str:
    """`1e-3`."""
    return f"{value:.0e}".replace("e-0", "e-")


def finest(runs: Runs) -> dict[str, Any]:
    """Most unknowns, then the shortest steps."""
    return max(runs.values(), key=lambda run: (run["unknowns"], -run["relative"]))


def errors(runs: Runs) -> dict[str, dict[str, float]]:
    """Largest difference at any moment from the finest run, in % of what that reading goes through; finest left out."""
    best = finest(runs)
    spans = {what: np.ptp([best["moments"][moment][what] for moment in MOMENTS]) for what in SEEN}
    return {
        name: {what: 100.0 * _apart(run, best, what) / float(spans[what]) for what in SEEN}
        for name, run in sorted(runs.items(), key=lambda item: (item[1]["unknowns"], -item[1]["relative"]))
        if run is not best
    }


def _apart(run: dict[str, Any], best: dict[str, Any], what: str) -> float:
    return max(abs(run["moments"][moment][what] - best["moments"][moment][what]) for moment in MOMENTS)
