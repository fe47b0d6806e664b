"""A few bodies kept in step with a treatment: what probably happens in the spine now, and what lying alone would do.

Each body lies twice, once with the pull and once without. Steps are asked for as the pull goes on; nothing looks ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.column.anatomy import SHOWN
from opentraction.body.column.chosen import Chosen
from opentraction.body.column.lain import Lain, lie_down, move
from opentraction.body.column.living import Body, body_of, copied
from opentraction.body.column.loads import bearing_of
from opentraction.body.column.packed import HEIGHT
from opentraction.body.column.scenario import Scenario, Somebody, Stage
from opentraction.body.column.segment import PRESSURE, UP

FloatArray = npt.NDArray[np.float64]
UP_BEFORE = 4 * 3600.0
"""A patient has been up for so long [s] before a session, unless told."""
BAND = (5.0, 50.0, 95.0)
BAND_END = 1.6449
"""Standard deviations from the middle of a 90 % band to its end."""


class Pull(NamedTuple):
    """At the spine [N]: the likely force and the ends of its 90 % band."""

    low: float
    likely: float
    high: float


NOTHING = Pull(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Now:
    """Median and band [3] of each disc of `SHOWN` [disc], since lying down; SI units."""

    opening: FloatArray  # [3, disc] height gained [m]
    lying: FloatArray  # [3, disc] what lying alone would have gained [m]
    against_lying: FloatArray  # [3, disc] more than lying alone [m]
    pressure: FloatArray  # [3, disc] change [Pa]
    pressure_lying: FloatArray  # [3, disc] what lying alone would have changed [Pa]


class Follower:
    """Bodies that lie on the table. Raises NotSolved, as everything that marches does.

    `scores` says for each body where it stands in the band of the force, in standard deviations; none: in the middle.
    """

    def __init__(
        self,
        who: Somebody,
        posture: str,
        bodies: Sequence[Chosen],
        up: float = UP_BEFORE,
        angle: float = 0.0,
        scores: Sequence[float] | None = None,
    ) -> None:
        self._scores = list(scores) if scores is not None else [0.0] * len(bodies)
        self._angle = angle
        upright = Scenario(who, (Stage("standing", up),))
        self._pulled = [lie_down(body_of(upright, c), posture, up) for c in bodies]
        self._left = [Lain(copied(one.body), one.bearing) for one in self._pulled]
        self._start = [(_heights(one.body), _pressures(one.body)) for one in self._pulled]

    def step(self, pull: Pull, dt: float) -> Now:
        """Move on by `dt` [s], the spine's pull going to `pull` in a straight line."""
        for one, score in zip(self._pulled, self._scores, strict=True):
            move(one, _at_score(pull, score), self._angle, dt)
        for one in self._left:
            move(one, 0.0, self._angle, dt)
        return self._now()

    def rise(self) -> None:
        """Get up: from now on both stand, and nothing pulls."""
        for one in (*self._pulled, *self._left):
            one.bearing = bearing_of("standing", one.body.chosen, one.body.weights)
            one.force, one.felt, one.at = 0.0, None, 0.0

    def _now(self) -> Now:
        rows: list[list[FloatArray]] = []
        for one, left, (height, before) in zip(self._pulled, self._left, self._start, strict=True):
            opened, lay = _heights(one.body) - height, _heights(left.body) - height
            rows.append([opened, lay, opened - lay, _pressures(one.body) - before, _pressures(left.body) - before])
        return Now(*np.moveaxis(np.percentile(np.array(rows), BAND, axis=0), 1, 0))


def _at_score(pull: Pull, score: float) -> float:
    """A force of the band [N]; its halves may differ in width."""
    half = pull.high - pull.likely if score > 0.0 else pull.likely - pull.low
    return max(pull.likely + score / BAND_END * half, 0.0)


def _heights(body: Body) -> FloatArray:
    n = len(body.discs)
    return np.asarray((body.levels.numbers[:n, HEIGHT] + body.state.x[:n, UP])[-len(SHOWN) :])


def _pressures(body: Body) -> FloatArray:
    return body.state.x[: len(body.discs), PRESSURE][-len(SHOWN) :].copy()
