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
from opentraction.body.column.living import Body, body_of, copied
from opentraction.body.column.loads import FELT, Bearing, arm, bearing_of, guarding, kept_tone
from opentraction.body.column.march import Accuracy, Loads
from opentraction.body.column.packed import HEIGHT
from opentraction.body.column.scenario import Scenario, Somebody, Stage
from opentraction.body.column.segment import PRESSURE, UP

FloatArray = npt.NDArray[np.float64]
UP_BEFORE = 4 * 3600.0
"""A patient has been up for so long [s] before a session, unless told."""
LAIN_DOWN = 10.0
"""From standing to lying [s]."""
QUICK = Accuracy(5e-4, 2e-3)
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


@dataclass
class _Lain:
    """A body in a posture, what it bears there, and since when it has felt a pull."""

    body: Body
    bearing: Bearing
    at: float = 0.0  # [s] in this posture
    felt: float | None = None  # [s] when a pull was felt first
    force: float = 0.0  # [N] at the spine now


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
        self._pulled = [_lying(body_of(upright, c), posture, up) for c in bodies]
        self._left = [_Lain(copied(one.body), one.bearing) for one in self._pulled]
        self._start = [(_heights(one.body), _pressures(one.body)) for one in self._pulled]

    def step(self, pull: Pull, dt: float) -> Now:
        """Move on by `dt` [s], the spine's pull going to `pull` in a straight line."""
        for one, score in zip(self._pulled, self._scores, strict=True):
            _move(one, _at_score(pull, score), self._angle, dt)
        for one in self._left:
            _move(one, 0.0, self._angle, dt)
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


def _lying(body: Body, posture: str, up: float) -> _Lain:
    """Up for a while, then on the table."""
    standing = bearing_of("standing", body.chosen, body.weights)
    lain = bearing_of(posture, body.chosen, body.weights)
    _bear(body, standing, standing, up)
    _bear(body, standing, lain, LAIN_DOWN)
    return _Lain(body, lain)


def _bear(body: Body, first: Bearing, last: Bearing, dt: float) -> None:
    forces, moments = np.stack([first.force, last.force]), np.stack([first.moment, last.moment])
    _march(body, dt, Loads(np.array([0.0, dt]), forces, moments, np.zeros(2)))


def _move(one: _Lain, force: float, angle: float, dt: float) -> None:
    """By `dt` [s], the pull going to `force` [N]: muscles tense at first and let go with time, as in a scenario."""
    if one.felt is None and max(force, one.force) > FELT:
        one.felt = one.at
    c, n = one.body.chosen, len(one.body.discs)
    pull, at = np.array([one.force, force]), one.at + np.array([0.0, dt])
    tense = np.zeros(2) if one.felt is None else guarding(at - one.felt, pull, c)
    forces = one.bearing.force * kept_tone(at, pull, c)[:, None]
    forces[:, :n] += (pull - tense * c["pull"]["guard_force"])[:, None]
    moments = np.repeat(one.bearing.moment[None], 2, axis=0)
    moments[:, :n, 0] += (pull * arm(angle, c))[:, None]
    _march(one.body, dt, Loads(np.array([0.0, dt]), forces, moments, pull))
    one.force, one.at = force, one.at + dt


def _march(body: Body, dt: float, loads: Loads) -> None:
    body.march(loads, np.array([dt]), QUICK)


def _heights(body: Body) -> FloatArray:
    n = len(body.discs)
    return np.asarray((body.levels.numbers[:n, HEIGHT] + body.state.x[:n, UP])[-len(SHOWN) :])


def _pressures(body: Body) -> FloatArray:
    return body.state.x[: len(body.discs), PRESSURE][-len(SHOWN) :].copy()
