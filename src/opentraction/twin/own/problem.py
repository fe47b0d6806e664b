"""The fit as a sum of squares: what is compared, what was known before, and the slopes of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from scipy.linalg import solve_triangular

from opentraction.quantities import BadInput, State
from opentraction.twin.own.march import compiled_march
from opentraction.twin.own.misfit import Means, covariance, means_of
from opentraction.twin.own.prior import SESSION, SHOWING, FloatArray, Known, twin_of, values
from opentraction.twin.own.trace import STEP, Trace
from opentraction.twin.plant import PlantParameters

NUDGE: Final = 1e-3
"""Slopes are taken over so many standard deviations of the prior."""
TRAVEL, GIVE, ON_SPINE, PELVIS = range(4)


@dataclass(frozen=True)
class Seen:
    """One session ready to be compared: its means, and what undoes their covariance [k, k], lower triangle."""

    trace: Trace
    means: Means
    root: FloatArray

    @property
    def names(self) -> tuple[str, ...]:
        """What is fitted of this session alone."""
        return (*SESSION, *("session.slip" for _ in self.trace.steps))


@dataclass(frozen=True)
class Problem:
    """Sessions of one person; `z` is laid out as shared parameters, then those of each session."""

    known: Known
    sessions: tuple[Seen, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each entry of `z`."""
        return (*self.known.names, *(name for one in self.sessions for name in one.names))

    def slices(self) -> list[slice]:
        """Where each session's own entries lie."""
        edges = len(self.known.names) + np.concatenate(([0], np.cumsum([len(one.names) for one in self.sessions])))
        return [slice(int(a), int(b)) for a, b in pairwise(edges)]

    def left(self, z: FloatArray) -> list[FloatArray]:
        """Recorded less modelled travel [m] of each session [n], five a second."""
        return [self.left_of(i, z) for i in range(len(self.sessions))]

    def left_of(self, i: int, z: FloatArray) -> FloatArray:
        """The same of session `i` alone."""
        travel, out = self.played(i, z)
        return np.asarray(travel - out[:, TRAVEL])

    def played(self, i: int, z: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Corrected travel [n] and what `march` made of session `i` [n, 4]."""
        shared = values(self.known.names, z[: len(self.known.names)])
        plant = _as_shown(twin_of(self.known, shared)[1], shared[SHOWING[self.known.split]])
        trace, own = self.sessions[i].trace, z[self.slices()[i]]
        alone = values(SESSION, own[: len(SESSION)])
        slips = values_of_slips(own[len(SESSION) :])
        force = (trace.force - alone["cell_error.zero"] - alone["cell_error.drift"] * trace.t) / (
            1.0 + shared["cell_error.gain"]
        )
        force = force + shared["cell_error.late"] * np.gradient(force, STEP)
        travel = trace.travel - alone["session.offset"]
        slipped = np.zeros(trace.t.size)
        for step, size in zip(trace.steps, slips, strict=True):
            if step.slipped:
                slipped[int(np.searchsorted(trace.t, step.t))] += size
            else:
                travel = travel - size * (trace.t >= step.t)
        out = np.empty((trace.t.size, 4))
        tone, tau = shared["behaviour.tone"], shared["behaviour.tone_tau"]
        compiled_march()(trace.t, force, travel, slipped, plant, tone, tau, shared["couch.shaking"], out)
        return travel, out

    def weighed(self, z: FloatArray) -> FloatArray:
        """Everything whose squares are summed: whitened misfits, then `z` itself for the prior."""
        return np.concatenate([*(self._weighed(i, z) for i in range(len(self.sessions))), z])

    def _weighed(self, i: int, z: FloatArray) -> FloatArray:
        one = self.sessions[i]
        return _whitened(one.root, one.means.of(self.left_of(i, z)))

    def slopes(self, z: FloatArray) -> FloatArray:
        """Derivative of `weighed` by `z`, by central differences."""
        shared, slices = len(self.known.names), self.slices()
        parts = []
        for i, own in enumerate(slices):
            slope = np.zeros((self.sessions[i].means.t.size, z.size))
            for j in [*range(shared), *range(own.start, own.stop)]:
                slope[:, j] = self._slope(i, j, z)
            parts.append(slope)
        return np.concatenate([*parts, np.eye(z.size)])

    def _slope(self, i: int, j: int, z: FloatArray) -> FloatArray:
        up, down = z.copy(), z.copy()
        up[j] += NUDGE
        down[j] -= NUDGE
        return (self._weighed(i, up) - self._weighed(i, down)) / (2.0 * NUDGE)


def _as_shown(plant: PlantParameters, showing: float) -> PlantParameters:
    """The plant with as much friction as shows in means."""
    couch = plant.table.carriage
    couch = couch._replace(coulomb=couch.coulomb * showing, breakaway=couch.breakaway * showing)
    return plant._replace(table=plant.table._replace(carriage=couch))


def values_of_slips(z: FloatArray) -> list[float]:
    """Sizes of a session's slips [m]."""
    return [values(("session.slip",), (one,))["session.slip"] for one in z]


def problem_of(traces: Sequence[Trace], scale: float = 1.0) -> Problem:
    """The problem with misfits as they are expected, times `scale`. Raises BadInput for sessions of two persons."""
    first = traces[0].known
    for trace in traces[1:]:
        if trace.known != first:
            allowed = f"sessions of one person, one couch and one angle of pull; {traces[0].name} is of {first.words}"
            raise BadInput("session", State(f"of {trace.known.words}"), allowed, trace.name)
    return Problem(first, tuple(_seen(trace, scale) for trace in traces))


def _seen(trace: Trace, scale: float) -> Seen:
    means = means_of(trace)
    root = np.linalg.cholesky(covariance(means, trace.known.split, scale))
    return Seen(trace, means, np.asarray(root, dtype=np.float64))


def _whitened(root: FloatArray, values_: FloatArray) -> FloatArray:
    return np.asarray(solve_triangular(root, values_, lower=True, check_finite=False))
