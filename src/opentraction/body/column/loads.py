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
from opentraction.body.column.scenario import LYING, PLAIN, POSTURES, Stage, Traction
from opentraction.quantities.units import GRAVITY

FloatArray = npt.NDArray[np.float64]
FELT = 20.0
"""More than this at the spine is felt [N]."""
LETTING_GO, TENSING = 120.0, 3.0
"""How quickly muscles let go under a pull, and tense at its start [s]."""
SOON = 2e-3
"""Between not felt and felt [s]."""
CLOSELY = np.array([0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0])
"""Times in which muscles tense that are looked at, as shares of how long that takes."""
WATCHED = 40
"""Times of a pull that are looked at, besides those of its rise and its profile."""
HANGING = ("suspended", "inverted")
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
    first = _Row(0.0, bearing.force, bearing.moment, 0.0, 0.0, 0.0, bearing.emg)
    rows, starts, start = [first], [0.0], 0.0
    before = _NOTHING
    for stage in stages:
        part, bearing = _stage(stage, c, w, chain, bearing, before, start)
        before = stage
        rows += [row for row in part if row.time > rows[-1].time + 1e-9]
        start += stage.duration
        starts.append(start)
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
    )


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
    stage: Stage, c: Chosen, w: Weights, chain: int, before: Bearing, last: Stage, start: float
) -> tuple[list[_Row], Bearing]:
    """Rows of a stage, and what its posture has come to at its end; `last` is the stage before it."""
    own = bearing_of(stage.posture, c, w)
    settle = min(c["posture"]["settle"], 0.5 * stage.duration)
    at = _with_felt(stage, _with_turns(stage, _times(stage, settle, c), c, w), c, w)
    pull = _cable(stage, at, c)
    through, held = _through(stage, pull, c, w)
    kept, guard = _kept(stage, at, through, c), _guard(at, through, c, w)
    rows, bearing = [], before
    for k, t in enumerate(at):
        way = min(t / settle, 1.0)
        bearing = before.towards(Bearing(own.force * kept[k], own.moment, own.emg), way)
        force, moment = bearing.force.copy(), bearing.moment.copy()
        axial = last.axial_force + way * (stage.axial_force - last.axial_force)
        force[:chain] += through[k] + axial - guard[k] * c["pull"]["guard_force"]
        for one, part in ((last, 1.0 - way), (stage, way)):
            axis, sign = AXES[one.direction]
            moment[:chain, axis] += sign * part * one.moment
        moment[:chain, 0] += through[k] * _arm(stage, c)
        line = through[k] + max(axial, 0.0)
        if stage.posture in HANGING:  # what hangs pulls between the ends; what presses follows the curve
            line += max(0.0, float(bearing.force[:chain].mean()))
        rows.append(_Row(start + t, force, moment, line, pull[k], held[k], bearing.emg + guard[k]))
    return rows, bearing


def _arm(stage: Stage, c: Chosen) -> float:
    """By which a pull bends the lumbar spine beyond straightening it [m]."""
    return 0.0 if stage.traction is None else arm(stage.traction.angle, c)


def arm(angle: float, c: Chosen) -> float:
    """The same [m], of a pull at `angle` [rad]."""
    return c["pull"]["line"] + c["pull"]["lever"] * math.tan(angle)


def _times(stage: Stage, settle: float, c: Chosen) -> FloatArray:
    """Closely at first and where the pull bends, then further apart."""
    points = [0.0, settle, stage.duration]
    if stage.traction is not None:
        rise = min(c["pull"]["rise"], 0.5 * stage.duration)
        points += list(np.linspace(0.0, rise, 11))
        points += list(rise + np.geomspace(2.0, max(stage.duration - rise, 2.0), WATCHED))
        if stage.traction.times is not None:  # a few between: muscles answer there
            points += [t for a, b in pairwise(stage.traction.times) for t in np.linspace(a, b, 4)]
    return _tidy(points, stage)


def _tidy(points: Sequence[float] | FloatArray, stage: Stage) -> FloatArray:
    """In order, to the microsecond; the last is the stage's end to the last bit, where the next begins."""
    made = np.round(points, 6)
    return np.unique(np.r_[made[made < stage.duration - 1e-6], stage.duration])


def _with_turns(stage: Stage, at: FloatArray, c: Chosen, w: Weights) -> FloatArray:
    """Times with those at which the couch gives way, or the pull is back at what it held: force bends there."""
    t = stage.traction
    if t is None:
        return at
    pull = _cable(stage, at, c)
    through, _ = _through(stage, pull, c, w)
    turns = []
    for k in range(1, at.size):
        side = math.copysign(1.0, pull[k] * math.cos(t.angle) - through[k - 1])
        beyond = [_beyond(t, force, through[k - 1], side, c, w.mass) for force in pull[k - 1 : k + 1]]
        if beyond[0] < 0.0 < beyond[1]:
            turns.append(at[k - 1] + (at[k] - at[k - 1]) * beyond[0] / (beyond[0] - beyond[1]))
    return _tidy(np.r_[at, turns], stage)


def _with_felt(stage: Stage, at: FloatArray, c: Chosen, w: Weights) -> FloatArray:
    """Times with those around which a pull begins or ceases to be felt, and closely while muscles tense."""
    if stage.traction is None:
        return at
    through, _ = _through(stage, _cable(stage, at, c), c, w)
    over = through > FELT
    k = np.flatnonzero(over[1:] != over[:-1])
    cross = at[k] + (at[k + 1] - at[k]) * (FELT - through[k]) / (through[k + 1] - through[k])
    tensing = cross[0] + TENSING * CLOSELY if cross.size else []
    return _tidy(np.r_[at, cross - SOON, cross + SOON, tensing], stage)


def _beyond(t: Traction, force: float, now: float, side: float, c: Chosen, mass: float) -> float:
    """How much more than the couch holds [N] a pull is above (`side` 1) or below (-1) what reaches the spine."""
    return side * (force * math.cos(t.angle) - now) - couch_friction(t, force, c, mass)


def _cable(stage: Stage, at: FloatArray, c: Chosen) -> FloatArray:
    """What the machine pulls [N]."""
    pull = stage.traction
    if pull is None:
        return np.zeros_like(at)
    if pull.times is not None and pull.forces is not None:
        return np.interp(at, pull.times, pull.forces)
    rise = min(c["pull"]["rise"], 0.5 * stage.duration)
    return np.asarray(pull.force * np.clip(at / rise, 0.0, 1.0))


def _through(stage: Stage, pull: FloatArray, c: Chosen, w: Weights) -> tuple[FloatArray, FloatArray]:
    """What reaches the spine [N] and what the couch holds: dry friction, which turns round when the pull does."""
    t = stage.traction
    if t is None:
        return np.zeros_like(pull), np.zeros_like(pull)
    through, held = np.zeros_like(pull), np.zeros_like(pull)
    now = 0.0
    for k, force in enumerate(pull):
        along, limit = force * math.cos(t.angle), couch_friction(t, force, c, w.mass)
        now = max(min(max(now, along - limit), along + limit), 0.0)
        through[k], held[k] = now, along - now
    return through, held


def couch_friction(t: Traction, force: float, c: Chosen, mass: float) -> float:
    """The most the couch can hold back [N]."""
    p = c["pull"]
    weight = max(0.0, p["lower_body"] * mass * GRAVITY - force * math.sin(t.angle))
    return float(weight * (p["friction"] if t.couch == PLAIN else p["rollers"]))


def _kept(stage: Stage, at: FloatArray, pull: FloatArray, c: Chosen) -> FloatArray:
    """Share of the lying muscle tone that is left under a pull."""
    if stage.traction is None or stage.posture not in LYING:
        return np.ones_like(at)
    return kept_tone(at, pull, c)


def kept_tone(at: FloatArray, pull: FloatArray, c: Chosen) -> FloatArray:
    """The same while lying, `at` [s] after lying down under `pull` [N]."""
    gone = (1.0 - np.exp(-at / LETTING_GO)) * (pull > FELT)
    return np.asarray(1.0 - (1.0 - c["pull"]["let_go"]) * gone)


def _guard(at: FloatArray, pull: FloatArray, c: Chosen, w: Weights) -> FloatArray:
    """Activity on top [% of maximum] since the pull is felt; it wears off in minutes."""
    felt = np.flatnonzero(pull > FELT)
    if felt.size == 0 or not w.alive:
        return np.zeros_like(at)
    return guarding(np.maximum(at - at[felt[0]], 0.0), pull, c)


def guarding(since: FloatArray, pull: FloatArray, c: Chosen) -> FloatArray:
    """The same, `since` [s] a `pull` [N] was felt first."""
    p = c["pull"]
    worn = (1.0 - np.exp(-since / TENSING)) * np.exp(-since / p["guard_time"])
    return np.asarray(p["guard"] * worn * (pull > FELT))
