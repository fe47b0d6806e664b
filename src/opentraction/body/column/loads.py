"""From a scenario to the loads on each level: weight and muscle by posture, the pull less what the couch holds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from opentraction.body.column.chosen import Chosen, lists
from opentraction.body.column.march import Loads
from opentraction.body.column.muscles import ANSWER, CLOSELY, LETTING_GO, TENSING, eased, guarding, kept
from opentraction.body.column.pull import NONE, Pull, cable, pulled_on, through, turns
from opentraction.body.column.scenario import LYING, POSTURES, Stage
from opentraction.quantities.units import GRAVITY

FloatArray = npt.NDArray[np.float64]
HANGING = ("suspended", "inverted")
WATCHED = 40
"""Times of a pull that are looked at, besides those of its rise and its profile."""
LEAST = 0.01
"""Less than this at the spine is none [N]."""
BETWEEN = 8
"""Times between two turns of a profile, both counted."""
SLIGHT = 1e-3
"""Muscles that have let go by less than this share are as they were."""
AXES = {"flexion": (0, 1.0), "extension": (0, -1.0), "lateral": (1, 1.0), "axial": (2, 1.0)}


@dataclass(frozen=True)
class Weights:
    """A body's mass [kg, 0 for a specimen] and, for each level, the share of it above, how far muscles press it, and
    what share of its load the disc bears: ribs carry some of it past the upper ones. `freed` is the moment [N m,
    forwards] that ligaments no longer hold on a disc they were cut from."""

    mass: float
    above: FloatArray
    muscle: FloatArray
    borne: FloatArray
    freed: float = 0.0

    @property
    def alive(self) -> bool:
        """A specimen has neither weight nor muscle."""
        return self.mass > 0.0


@dataclass(frozen=True)
class Course:
    """Loads over time, and what else is told of them at the same times."""

    loads: Loads
    cable: FloatArray  # [N] machine force
    friction: FloatArray  # [N] that the couch holds back
    emg: FloatArray  # [%] of maximum
    starts: FloatArray  # [s] of stages, and the end of the last
    pulls: tuple[tuple[float, float], ...] = ()  # [s] of each pull, stages that go on with it as one


@dataclass(frozen=True)
class Bearing:
    """What a posture puts on the levels by itself."""

    force: FloatArray  # [level] [N]
    moment: FloatArray  # [level, 3] [N m]
    emg: float

    def towards(self, other: Bearing, share: float) -> Bearing:
        """On the way from this posture to another."""
        return Bearing(
            self.force + share * (other.force - self.force),
            self.moment + share * (other.moment - self.moment),
            self.emg + share * (other.emg - self.emg),
        )


@dataclass(frozen=True)
class _Row:
    """Everything at one time."""

    time: float
    force: FloatArray
    moment: FloatArray
    line: float
    cable: float
    friction: float
    emg: float


_NOTHING = Stage("unloaded", 1.0)


def posture_load(posture: str, c: Chosen, w: Weights) -> FloatArray:
    """Force on each level [N], tension positive."""
    if not w.alive:
        return np.zeros_like(w.above)
    table = lists()["postures"]
    i = POSTURES.index(posture)
    bears = {1.0: w.above, -1.0: w.above - 1.0, -2.0: -w.above}.get(table["gravity"][i], np.zeros_like(w.above))
    muscle = table["muscle"][i] * c["posture"]["muscle"] * w.muscle
    return np.asarray(-w.mass * GRAVITY * w.borne * (bears + muscle))


def course_of(stages: Sequence[Stage], c: Chosen, w: Weights, chain: int, held: str) -> Course:
    """Loads of stages; the first `chain` levels feel pulls, `held` is the posture before the first stage."""
    bearing = bearing_of(held, c, w)
    rows, starts, start = [_Row(0.0, bearing.force, bearing.moment, 0.0, 0.0, 0.0, bearing.emg)], [0.0], 0.0
    before, going = _NOTHING, NONE
    pulls: list[tuple[float, float]] = []
    for stage in stages:
        going = going.into(before, stage)
        goes_on = pulled_on(before, stage)
        part, bearing, going = _stage(stage, c, w, chain, bearing, before, going, start)
        rows += [row for row in part if row.time > rows[-1].time + 1e-9]
        before, start = stage, start + stage.duration
        starts.append(start)
        if stage.traction is not None:
            begun = pulls.pop()[0] if goes_on else starts[-2]
            pulls.append((begun, start))
    return Course(
        loads=Loads(
            np.array([row.time for row in rows]),
            np.array([row.force for row in rows]),
            np.array([row.moment for row in rows]),
            np.array([row.line for row in rows]),
        ),
        cable=np.array([row.cable for row in rows]),
        friction=np.array([row.friction for row in rows]),
        emg=np.array([row.emg for row in rows]),
        starts=np.array(starts),
        pulls=tuple(one for run in pulls if (one := _pulled(run, rows)) is not None),
    )


def _pulled(run: tuple[float, float], rows: Sequence[_Row]) -> tuple[float, float] | None:
    """From when a machine pulls in a run of stages with a harness [s]; None where it never does."""
    times = np.array([row.time for row in rows])
    pulls = np.flatnonzero((np.array([row.cable for row in rows]) > 0.0) & (times > run[0]) & (times <= run[1]))
    return None if pulls.size == 0 else (float(times[max(pulls[0] - 1, 0)]), run[1])


def bearing_of(posture: str, c: Chosen, w: Weights) -> Bearing:
    """What a posture puts on the levels of a body by itself."""
    moment = np.zeros((w.above.size, 3))
    if not w.alive:
        moment[:, 0] = w.freed
        return Bearing(np.zeros(w.above.size), moment, 0.0)
    table, i = lists()["postures"], POSTURES.index(posture)
    moment[:, 0] = table["moment"][i] * c["posture"]["moment"]
    return Bearing(posture_load(posture, c, w), moment, table["emg"][i])


def _stage(
    stage: Stage, c: Chosen, w: Weights, chain: int, before: Bearing, last: Stage, going: Pull, start: float
) -> tuple[list[_Row], Bearing, Pull]:
    """Rows of a stage, what its posture has come to at its end, and its pull then; `last` is the stage before it."""
    own = bearing_of(stage.posture, c, w)
    settle = min(c["posture"]["settle"], 0.5 * stage.duration)
    at = _times(stage, settle, going, c, w)
    pull = cable(stage, at, going.cable, c)
    felt_force, held = through(stage, pull, going.through, c, w.mass)
    ease = eased(at, felt_force, going.eased)
    since = _since(at, felt_force, going)
    guard = np.zeros_like(at) if since is None or not w.alive else guarding(since, felt_force, c)
    left = kept(ease, c) if stage.posture in LYING else np.ones_like(at)
    rows, bearing = [], before
    for k, t in enumerate(at):
        way = min(t / settle, 1.0)
        bearing = before.towards(Bearing(own.force * left[k], own.moment, own.emg), way)
        force, moment = bearing.force.copy(), bearing.moment.copy()
        axial = last.axial_force + way * (stage.axial_force - last.axial_force)
        force[:chain] += felt_force[k] + axial - guard[k] * c["pull"]["guard_force"]
        for one, part in ((last, 1.0 - way), (stage, way)):
            axis, sign = AXES[one.direction]
            moment[:chain, axis] += sign * part * one.moment
        moment[:chain, 0] += felt_force[k] * _arm(stage, c)
        line = felt_force[k] + max(axial, 0.0)
        if stage.posture in HANGING:  # what hangs pulls between the ends; what presses follows the curve
            line += max(0.0, float(bearing.force[:chain].mean()))
        rows.append(_Row(start + t, force, moment, line, pull[k], held[k], bearing.emg + guard[k]))
    age = None if since is None else float(since[-1])
    return rows, bearing, Pull(float(pull[-1]), float(felt_force[-1]), float(ease[-1]), age)


def _since(at: FloatArray, pull: FloatArray, going: Pull) -> FloatArray | None:
    """How long a pull has been felt [s] at each time, 0 before; None where none is."""
    if going.since is not None:
        return at + going.since
    first = np.flatnonzero(pull > LEAST)
    return None if first.size == 0 else np.maximum(at - at[max(first[0] - 1, 0)], 0.0)


def _arm(stage: Stage, c: Chosen) -> float:
    """By which a pull bends the lumbar spine beyond straightening it [m]."""
    return 0.0 if stage.traction is None else arm(stage.traction.angle, c)


def arm(angle: float, c: Chosen) -> float:
    """The same [m], of a pull at `angle` [rad]."""
    return c["pull"]["line"] + c["pull"]["lever"] * math.tan(angle)


def _times(stage: Stage, settle: float, going: Pull, c: Chosen, w: Weights) -> FloatArray:
    """Closely at first, where the pull bends and where muscles answer it, then further apart."""
    points = [0.0, settle, stage.duration]
    if going.eased > SLIGHT and stage.traction is None:
        points += list(LETTING_GO * ANSWER)
    if stage.traction is None:
        return _tidy(points, stage)
    rise = min(c["pull"]["rise"], 0.5 * stage.duration)
    points += list(np.linspace(0.0, rise, 15))
    points += list(rise + np.geomspace(2.0, max(stage.duration - rise, 2.0), WATCHED))
    if stage.traction.times is not None:  # a few between: muscles answer there
        turns_at = pairwise(stage.traction.times)
        points += [t for a, b in turns_at for t in np.linspace(a, b, BETWEEN if b - a > 0.5 else 2)]
    at = _tidy(points, stage)
    pull = cable(stage, at, going.cable, c)
    at = _tidy(np.r_[at, turns(stage, at, pull, going.through, c, w.mass)], stage)
    felt_force, _ = through(stage, cable(stage, at, going.cable, c), going.through, c, w.mass)
    first = np.flatnonzero(felt_force > LEAST)
    if going.since is not None or first.size == 0:
        return at
    return _tidy(np.r_[at, at[max(first[0] - 1, 0)] + TENSING * CLOSELY], stage)


def _tidy(points: Sequence[float] | FloatArray, stage: Stage) -> FloatArray:
    """In order, to the microsecond; the last is the stage's end to the last bit, where the next begins."""
    made = np.round(points, 6)
    return np.unique(np.r_[made[made < stage.duration - 1e-6], stage.duration])
