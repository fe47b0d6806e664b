"""Charts of the console: a plan before it is pulled, a course over sessions. Drawn by `opentraction.drawing`."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from opentraction.drawing import Axis, Band, Series, chart
from opentraction.prescription import Plan, sample
from opentraction.prescription.waveform import CYCLE, DURATION, PHASE, START
from opentraction.quantities.units import FACTORS
from opentraction.quantities.vocabulary import HOLD, PHASE_NAMES

POINTS = 3000


def plan_curve(plan: Plan) -> dict[str, Any]:
    """The plan for the live page: seconds, newtons, and phases as [start, end, name, cycle]."""
    times, forces = sample(plan.segments, min(10.0, POINTS / plan.total_time))
    return {
        "t": [round(float(t), 2) for t in times],
        "f": [round(float(f), 1) for f in forces],
        "phases": phases_of(plan),
        "total": plan.total_time,
        "peak": plan.peak,
        "cycles": plan.cycles,
    }


def phases_of(plan: Plan) -> list[list[Any]]:
    """Stretches of one phase: [start s, end s, name, cycle]."""
    rows = plan.segments
    edges = [0] + [i + 1 for i, (a, b) in enumerate(pairwise(rows)) if a[PHASE] != b[PHASE] or a[CYCLE] != b[CYCLE]]
    out = []
    for first, after in zip(edges, [*edges[1:], len(rows)], strict=True):
        end = rows[after - 1, START] + rows[after - 1, DURATION]
        name = PHASE_NAMES[int(rows[first, PHASE])]
        out.append([float(rows[first, START]), float(end), name, int(rows[first, CYCLE])])
    return out


def plan_strip(plan: Plan) -> str:
    """The whole session as a thin strip (SVG)."""
    times, forces = sample(plan.segments, min(2.0, POINTS / plan.total_time))
    return chart([Series(times, forces, style="prescribed")], size=(960, 56), title="whole session", strip=True)


def plan_chart(plan: Plan, unit: str) -> str:
    """The whole session in the reader's unit, with its phases and the ceiling (SVG)."""
    factor = FACTORS["force"][unit]
    times, forces = sample(plan.segments, min(4.0, POINTS / plan.total_time))
    lines = [
        Series(times, forces / factor, "prescribed", "prescribed"),
        Series([0.0, plan.total_time], np.full(2, plan.ceiling / factor), "ceiling", "limit"),
    ]
    bands = [Band(start, end, name, name == PHASE_NAMES[HOLD]) for start, end, name, _ in phases_of(plan)]
    y = Axis("force", unit, low=0.0)
    return chart(lines, bands, x=Axis("time", "min:s", clock=True), y=y, size=(960, 340), title="prescribed force")
