"""A harness that pulls: what the machine does, what the couch holds back, and what a stage hands on to the next."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.column.chosen import Chosen
from opentraction.body.column.scenario import LYING, PLAIN, Stage, Traction
from opentraction.quantities.units import GRAVITY

FloatArray = npt.NDArray[np.float64]
OVER = 3.0
"""From one pull to a profile that follows it at once [s]."""


class Pull(NamedTuple):
    """A pull at some time, and how muscles have answered it."""

    cable: float = 0.0  # [N] machine force
    through: float = 0.0  # [N] what reaches the spine
    eased: float = 0.0  # [-] how far muscles have let go, 0 to 1
    since: float | None = None  # [s] it has been felt for

    def into(self, last: Stage, stage: Stage) -> Pull:
        """What of it is left as `stage` begins: all, muscles alone, or nothing."""
        if pulled_on(last, stage):
            return self
        return Pull(eased=self.eased) if last.posture == stage.posture and stage.posture in LYING else NONE


NONE = Pull()


def pulled_on(last: Stage, stage: Stage) -> bool:
    """Whether a stage goes on with the pull of the one before it."""
    return last.traction is not None and stage.traction is not None and last.posture == stage.posture


def cable(stage: Stage, at: FloatArray, before: float, c: Chosen) -> FloatArray:
    """What the machine pulls [N] at times `at` [s] of the stage, coming from `before` [N]."""
    pull = stage.traction
    if pull is None:
        return np.zeros_like(at)
    if pull.times is not None and pull.forces is not None:
        own = np.interp(at, pull.times, pull.forces)
        return np.asarray(own + (before - pull.forces[0]) * np.clip(1.0 - at / OVER, 0.0, 1.0))
    rise = min(c["pull"]["rise"], 0.5 * stage.duration)
    return np.asarray(before + (pull.force - before) * np.clip(at / rise, 0.0, 1.0))


def through(stage: Stage, pull: FloatArray, before: float, c: Chosen, mass: float) -> tuple[FloatArray, FloatArray]:
    """What reaches the spine [N] and what the couch holds: dry friction, which turns round when the pull does."""
    t = stage.traction
    if t is None:
        return np.zeros_like(pull), np.zeros_like(pull)
    reaching, held = np.zeros_like(pull), np.zeros_like(pull)
    now = before
    for k, force in enumerate(pull):
        along, limit = force * math.cos(t.angle), couch_friction(t, force, c, mass)
        now = max(min(max(now, along - limit), along + limit), 0.0)
        reaching[k], held[k] = now, along - now
    return reaching, held


def couch_friction(t: Traction, force: float, c: Chosen, mass: float) -> float:
    """The most the couch can hold back [N]."""
    p = c["pull"]
    weight = max(0.0, p["lower_body"] * mass * GRAVITY - force * math.sin(t.angle))
    return float(weight * (p["friction"] if t.couch == PLAIN else p["rollers"]))


def turns(stage: Stage, at: FloatArray, pull: FloatArray, before: float, c: Chosen, mass: float) -> list[float]:
    """Times [s] at which the couch gives way, or the pull is back at what it held: what reaches the spine bends."""
    t = stage.traction
    if t is None:
        return []
    reaching, _ = through(stage, pull, before, c, mass)
    found = []
    for k in range(1, at.size):
        side = math.copysign(1.0, pull[k] * math.cos(t.angle) - reaching[k - 1])
        beyond = [_beyond(t, force, reaching[k - 1], side, c, mass) for force in pull[k - 1 : k + 1]]
        if beyond[0] < 0.0 < beyond[1]:
            found.append(at[k - 1] + (at[k] - at[k - 1]) * beyond[0] / (beyond[0] - beyond[1]))
    return found


def _beyond(t: Traction, force: float, now: float, side: float, c: Chosen, mass: float) -> float:
    """How much more than the couch holds [N] a pull is above (`side` 1) or below (-1) what reaches the spine."""
    return side * (force * math.cos(t.angle) - now) - couch_friction(t, force, c, mass)
