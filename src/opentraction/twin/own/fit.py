"""Fit a person's twin to recorded sessions: each parameter with its band, and joint draws that the twin can play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from opentraction.quantities.streams import Streams
from opentraction.twin.own.descent import Found, descend
from opentraction.twin.own.prior import FloatArray, Known, values
from opentraction.twin.own.problem import Problem, problem_of
from opentraction.twin.own.sampling import draw
from opentraction.twin.own.told import told
from opentraction.twin.own.trace import Trace

COARSE: Final = (20.0, 5.0)
"""The comparison is first blurred so many times, so that no descent ends in a corner of the landscape."""
USUAL: Final = 0.1
"""Mean square of what a good fit leaves, whitened: far below 1, as neighbours are alike and many parameters bend."""
DRAWS: Final = 100


@dataclass(frozen=True)
class Fit:
    """A person as fitted.

    Attributes
    ----------
    names : tuple of str
        Shared parameters, `section.name` of the parameter files.
    likeliest : float64 [names]
        In numbers of standard deviations of the prior, as `draws`.
    draws : float64 [draws, names]
        Possible persons.
    """

    known: Known
    names: tuple[str, ...]
    likeliest: FloatArray
    draws: FloatArray
    scale: float
    sessions: tuple[Trace, ...]
    remarks: tuple[str, ...]

    def told(self) -> dict[str, FloatArray]:
        """Each quantity of `told.TOLD` over the draws [draws], in its own unit."""
        rows = [told(self.known, values(self.names, z)) for z in self.draws]
        return {key: np.array([row[key] for row in rows]) for key in rows[0]}


def fit(traces: Sequence[Trace], streams: Streams, draws: int = DRAWS) -> Fit:
    """Fit one person to one session or several. Raises BadInput where they are not of one person."""
    problem, found, scale = likeliest(traces)
    drawn = draw(problem, found, draws, streams.stream("own twin"))
    shared = len(problem.known.names)
    remarks = tuple(remark for trace in traces for remark in trace.remarks)
    return Fit(
        problem.known, problem.known.names, found.z[:shared], drawn[:, :shared], scale, tuple(traces), remarks
    )


def likeliest(traces: Sequence[Trace]) -> tuple[Problem, Found, float]:
    """The best fit; where the model is off by more than expected, errors are widened until it is not."""
    z = np.zeros(len(problem_of(traces).names))
    for blur in COARSE:
        z = descend(problem_of(traces, blur), z).z
    problem = problem_of(traces)
    found = descend(problem, z)
    scale = max(1.0, _excess(problem, found))
    if scale > 1.0:
        problem = problem_of(traces, scale)
        found = descend(problem, found.z)
    return problem, found, scale


def _excess(problem: Problem, found: Found) -> float:
    """How much larger what is left is than usual, root mean square."""
    left = problem.weighed(found.z)[: -found.z.size]
    return float(np.sqrt(np.mean(left * left) / USUAL))
