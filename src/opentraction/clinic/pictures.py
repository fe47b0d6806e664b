"""The plan of a session for the live page: as numbers to draw ahead, and as the thin strip of the whole."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from opentraction.drawing import Axis, Series, chart
from opentraction.prescription import Plan, sample
from opentraction.prescription.segments import highest
from opentraction.prescription.waveform import CYCLE, DURATION, PHASE, START
from opentraction.quantities.vocabulary import HOLD, PHASE_NAMES, RISE

POINTS = 3000


def plan_curve(plan: Plan) -> dict[str, Any]:
    """The plan for the live page: newtons at even times from 0 to `total`, and phases as [start, end, name, cycle]."""
    _, forces = sample(plan.segments, min(10.0, POINTS / plan.total_time))
    return {
        "forces": [round(float(f), 1) for f in forces],
        "phases": phases_of(plan),
        "total": plan.total_time,
        "peak": plan.peak,
        "ahead": ahead(plan),
        "top": _top(plan),
        "cycles": plan.cycles,
        "sha256": plan.sha256,
    }


def ahead(plan: Plan) -> list[list[float]]:
    """The highest force [N] that the plan still asks for, as [until treatment time s, force], in order of time.

    After the last of them nothing but the base is left: a pull that is done counts no more.
    """
    highs: list[list[float]] = []
    for row in reversed([row for row in plan.rows if row[PHASE] in {RISE, HOLD}]):
        force = max([highest(row), *(later for _, later in highs[-1:])])
        if not highs or force > highs[-1][1]:
            highs.append([row[START] + row[DURATION], force])
    return highs[::-1]


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


def plan_strip(plan: Plan, limit: float | None = None, since: float = 0.0) -> str:
    """The whole session as a thin strip (SVG), stretched to its room so that the marker of now stands right.

    `limit` is the most that the table pulls from treatment time `since` [s] on [N], after a Reduce.
    """
    times, forces = sample(plan.segments, min(2.0, POINTS / plan.total_time))
    if limit is not None:
        forces = np.where(times < since, forces, np.minimum(forces, limit))
    y = Axis("", "", low=0.0, high=_top(plan))
    svg = chart([Series(times, forces, style="prescribed")], y=y, size=(960, 56), title="whole session", strip=True)
    return svg.replace("<svg ", '<svg preserveAspectRatio="none" ', 1)


def _top(plan: Plan) -> float:
    """Upper edge of the strip [N]; the page draws a reduced limit against it."""
    return 1.05 * plan.peak
