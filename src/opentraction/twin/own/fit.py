"""Fit a person's twin to recorded sessions: each parameter with its band, and joint draws that the twin can play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from opentraction.quantities import BadInput, State
from opentraction.quantities.streams import Streams
from opentraction.twin.own.descent import Found, descend
from opentraction.twin.own.disturbances import breathing, calmed, startled, stepped
from opentraction.twin.own.prior import SESSION, FloatArray, Known, values
from opentraction.twin.own.problem import GIVE, TRAVEL, Problem, problem_of, values_of_slips
from opentraction.twin.own.sampling import draw
from opentraction.twin.own.told import told
from opentraction.twin.own.trace import Trace

COARSE: Final = (20.0, 5.0)
"""The comparison is first blurred so many times, so that no descent ends in a corner of the landscape."""
USUAL: Final = 0.1
"""Mean square of what a good fit leaves, whitened: far below 1, as neighbours are alike and many parameters bend."""
DRAWS: Final = 100
MOST_STEPS: Final = 6
FARTHEST_Z: Final = 6.0
"""A best fit so many standard deviations from everybody is no fit."""
MOST_SCALE: Final = 100.0
"""Nor is one that leaves so many times more than usual: some hundredths of the travel."""


class Used(NamedTuple):
    """What was taken from one session: seconds of pull [s], steps of travel (when [s], how far [m]), how often force
    was startled, what the best fit leaves of smoothed travel [m, root mean square].
    """

    name: str
    pulled: float
    steps: tuple[tuple[float, float], ...]
    startled: int
    left: float
    remarks: tuple[str, ...]


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
    scale : float
        How much wider errors were taken than the least there are.
    breathing : (float, float)
        Force [N] and rate [Hz].
    """

    known: Known
    names: tuple[str, ...]
    likeliest: FloatArray
    draws: FloatArray
    scale: float
    breathing: tuple[float, float]
    sessions: tuple[Used, ...]

    def told(self) -> dict[str, FloatArray]:
        """Each quantity of `told.TOLD` over the draws [draws], in its own unit."""
        rows = [told(self.known, values(self.names, z)) for z in self.draws]
        return {key: np.array([row[key] for row in rows]) for key in rows[0]}


def fit(traces: Sequence[Trace], streams: Streams, draws: int = DRAWS) -> Fit:
    """Fit one person to one session or several. Raises BadInput where they are not of one person."""
    problem, found, scale = likeliest([calmed(trace) for trace in traces])
    _check_a_person(problem, found.z, scale)
    drawn = draw(problem, found, draws, streams.stream("own twin"))
    shared = len(problem.known.names)
    return Fit(
        known=problem.known,
        names=problem.known.names,
        likeliest=found.z[:shared],
        draws=drawn[:, :shared],
        scale=scale,
        breathing=_breathing(problem, found),
        sessions=tuple(_used(problem, found, i, trace) for i, trace in enumerate(traces)),
    )


def _check_a_person(problem: Problem, z: FloatArray, scale: float = 1.0) -> None:
    """Raises BadInput for travel that no person of these spreads makes: a drum that stood, a sign, noise."""
    if np.isfinite(z).all() and np.abs(z).max() < FARTHEST_Z and scale < MOST_SCALE:
        return
    names = ", ".join(one.trace.name for one in problem.sessions)
    raise BadInput("travel", State("such as no modelled person makes"), "force and travel of a pull on a person", names)


def likeliest(traces: Sequence[Trace]) -> tuple[Problem, Found, float]:
    """The best fit; slips are looked for first, and where more is left than is usual, errors are widened."""
    z, traces = _coarse(traces)
    for blur in COARSE[1:]:
        z = descend(problem_of(traces, blur), z).z
    problem = problem_of(traces)
    found = descend(problem, z)
    scale = max(1.0, _excess(problem, found))
    if scale > 1.0:
        problem = problem_of(traces, scale)
        found = descend(problem, found.z)
    return problem, found, scale


def _coarse(traces: Sequence[Trace]) -> tuple[FloatArray, list[Trace]]:
    """A blurred fit, again with one more step wherever what is left jumps."""
    traces = list(traces)
    while True:
        problem = problem_of(traces, COARSE[0])
        found = descend(problem, np.zeros(len(problem.names)))
        _check_a_person(problem, found.z)
        left = problem.left(found.z)
        more = [
            stepped(trace, one) if len(trace.steps) < MOST_STEPS else None
            for trace, one in zip(traces, left, strict=True)
        ]
        if not any(more):
            return found.z, traces
        traces = [new or old for new, old in zip(more, traces, strict=True)]


def _breathing(problem: Problem, found: Found) -> tuple[float, float]:
    seen = []
    for i, one in enumerate(problem.sessions):
        travel, out = problem.played(i, found.z)
        seen.append(breathing(one.trace.told, travel - out[:, TRAVEL], out[:, GIVE]))
    return float(np.median([force for force, _ in seen])), float(np.median([rate for _, rate in seen]))


def _used(problem: Problem, found: Found, i: int, given: Trace) -> Used:
    one = problem.sessions[i]
    z = found.z[problem.slices()[i]][len(SESSION) :]
    steps = tuple(sorted(zip((step.t for step in one.trace.steps), values_of_slips(z), strict=True)))
    left = one.means.of(problem.left_of(i, found.z))
    rms = float(np.sqrt(np.mean(left * left)))
    return Used(given.name, given.pulled, steps, len(startled(given)), rms, given.remarks)


def _excess(problem: Problem, found: Found) -> float:
    """How much larger what is left is than usual, root mean square."""
    left = problem.weighed(found.z)[: -found.z.size]
    return float(np.sqrt(np.mean(left * left) / USUAL))
