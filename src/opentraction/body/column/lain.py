"""A body on the table: laid down after being up, then moved on under whatever pulls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opentraction.body.column.living import Body
from opentraction.body.column.loads import Bearing, arm, bearing_of
from opentraction.body.column.march import Accuracy, Loads
from opentraction.body.column.muscles import eased, guarding, kept

LAIN_DOWN = 10.0
"""From standing to lying [s]."""
QUICK = Accuracy(5e-4, 2e-3)


@dataclass
class Lain:
    """A body in a posture, what it bears there, and since when it has felt a pull."""

    body: Body
    bearing: Bearing
    at: float = 0.0  # [s] in this posture
    felt: float | None = None  # [s] when a pull was felt first
    force: float = 0.0  # [N] at the spine now
    eased: float = 0.0  # [-] how far muscles have let go under it


def lie_down(body: Body, posture: str, up: float) -> Lain:
    """Up for a while, then on the table."""
    standing = bearing_of("standing", body.chosen, body.weights)
    lain = bearing_of(posture, body.chosen, body.weights)
    _bear(body, standing, standing, up)
    _bear(body, standing, lain, LAIN_DOWN)
    return Lain(body, lain)


def _bear(body: Body, first: Bearing, last: Bearing, dt: float) -> None:
    forces, moments = np.stack([first.force, last.force]), np.stack([first.moment, last.moment])
    _march(body, dt, Loads(np.array([0.0, dt]), forces, moments, np.zeros(2)))


def move(one: Lain, force: float, angle: float, dt: float) -> None:
    """By `dt` [s], the pull going to `force` [N]: muscles tense at first and let go with time, as in a scenario."""
    if one.felt is None and max(force, one.force) > 0.0:
        one.felt = one.at
    c, n = one.body.chosen, len(one.body.discs)
    pull, at = np.array([one.force, force]), one.at + np.array([0.0, dt])
    tense = np.zeros(2) if one.felt is None else guarding(at - one.felt, pull, c)
    ease = eased(at, pull, one.eased)
    forces = one.bearing.force * kept(ease, c)[:, None]
    forces[:, :n] += (pull - tense * c["pull"]["guard_force"])[:, None]
    moments = np.repeat(one.bearing.moment[None], 2, axis=0)
    moments[:, :n, 0] += (pull * arm(angle, c))[:, None]
    _march(one.body, dt, Loads(np.array([0.0, dt]), forces, moments, pull))
    one.force, one.at, one.eased = force, one.at + dt, float(ease[-1])


def _march(body: Body, dt: float, loads: Loads) -> None:
    body.march(loads, np.array([dt]), QUICK)
