"""A few bodies kept in step with a treatment: what probably happens in the spine now, and what lying alone would do.

Each body lies twice, once with the pull and once without. Steps are asked for as the pull goes on; nothing looks ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opentraction.body.column.anatomy import SHOWN
from opentraction.body.column.chosen import Chosen
from opentraction.body.column.living import Body, body_of, copied
from opentraction.body.column.loads import posture_load
from opentraction.body.column.march import Accuracy, Loads
from opentraction.body.column.packed import HEIGHT
from opentraction.body.column.scenario import Scenario, Somebody, Stage
from opentraction.body.column.segment import PRESSURE, UP

FloatArray = npt.NDArray[np.float64]
UP_BEFORE = 4 * 3600.0
"""A patient has been up for so long [s] before a session, unless told."""
QUICK = Accuracy(5e-4, 2e-3)
BAND = (5.0, 50.0, 95.0)


@dataclass(frozen=True)
class Now:
    """Median and band [3] of each disc of `SHOWN` [disc], since lying down; SI units."""

    opening: FloatArray  # [3, disc] height gained [m]
    against_lying: FloatArray  # [3, disc] of it, more than lying alone [m]
    pressure: FloatArray  # [3, disc] change [Pa]


class Follower:
    """Bodies that lie on the table. Raises NotSolved, as everything that marches does."""

    def __init__(self, who: Somebody, posture: str, bodies: Sequence[Chosen], up: float = UP_BEFORE) -> None:
        self.posture = posture
        lain = Scenario(who, (Stage("standing", up),))
        self._pulled = [_lying(lain, c, posture, up) for c in bodies]
        self._left = [copied(body) for body in self._pulled]
        self._start = [(_heights(body), _pressures(body)) for body in self._pulled]
        self._force = 0.0

    def step(self, force: float, dt: float) -> Now:
        """Move on by `dt` [s], the spine's pull going to `force` [N] in a straight line."""
        for body in self._pulled:
            _move(body, self.posture, self._force, force, dt)
        for body in self._left:
            _move(body, self.posture, 0.0, 0.0, dt)
        self._force = force
        return self._now()

    def _now(self) -> Now:
        opening, more, pressure = [], [], []
        for body, left, (height, before) in zip(self._pulled, self._left, self._start, strict=True):
            opening.append(_heights(body) - height)
            more.append(_heights(body) - _heights(left))
            pressure.append(_pressures(body) - before)
        return Now(*(np.percentile(one, BAND, axis=0) for one in (opening, more, pressure)))


def _lying(before: Scenario, c: Chosen, posture: str, up: float) -> Body:
    """Up for a while, then on the table."""
    body = body_of(before, c)
    force = posture_load("standing", c, body.weights)
    _settle(body, force, up)
    _settle(body, posture_load(posture, c, body.weights), 10.0)
    return body


def _settle(body: Body, force: FloatArray, dt: float) -> None:
    levels = force.size
    loads = Loads(np.array([0.0, dt]), np.stack([force, force]), np.zeros((2, levels, 3)), np.zeros(2))
    body.march(loads, np.array([dt]), QUICK)


def _move(body: Body, posture: str, was: float, now: float, dt: float) -> None:
    base = posture_load(posture, body.chosen, body.weights)
    pulls = np.zeros((2, base.size))
    pulls[:, : len(body.discs)] = np.array([[was], [now]])
    loads = Loads(
        np.array([0.0, dt]), base + pulls, np.zeros((2, base.size, 3)), np.array([max(was, 0.0), max(now, 0.0)])
    )
    body.march(loads, np.array([dt]), QUICK)


def _heights(body: Body) -> FloatArray:
    n = len(body.discs)
    return np.asarray((body.levels.numbers[:n, HEIGHT] + body.state.x[:n, UP])[-len(SHOWN) :])


def _pressures(body: Body) -> FloatArray:
    return body.state.x[: len(body.discs), PRESSURE][-len(SHOWN) :].copy()
