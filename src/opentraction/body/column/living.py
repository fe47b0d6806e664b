"""A body ready to be marched: its levels, its curve, its weights, and the state it is in."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from opentraction.body.column.anatomy import (
    DISCS,
    Cut,
    Size,
    curve,
    disc_segment,
    flava_moment,
    upper_segment,
    usual_grade,
)
from opentraction.body.column.chosen import Chosen, lists
from opentraction.body.column.curve import Curve
from opentraction.body.column.loads import Weights, course_of
from opentraction.body.column.march import Accuracy, Loads, Told, march
from opentraction.body.column.packed import Levels, pack
from opentraction.body.column.scenario import Scenario, Somebody, Specimen, Stage
from opentraction.body.column.segment import State, at_rest

FloatArray = npt.NDArray[np.float64]
DAY, NIGHT = 16 * 3600.0, 8 * 3600.0
SETTLED = 15.0
"""Somebody is in the first posture so long before the first stage counts [s]."""
CORPSE_ANNULUS = 0.6
"""Its annulus has swelled by so much of what the nucleus has."""
ROUGH = Accuracy(2e-3, 5e-3)
"""For the days before a scenario."""


class NotSolved(ArithmeticError):
    """The equations of a body could not be solved; the message says when."""


@dataclass(frozen=True)
class Body:
    """The discs of a scenario first; a person has one more level, which stands for all discs above."""

    levels: Levels
    curve: Curve
    weights: Weights
    chosen: Chosen
    discs: tuple[int, ...]
    state: State

    @property
    def above(self) -> bool:
        """Whether there is a level for the discs above."""
        return bool(self.levels.numbers.shape[0] > len(self.discs))

    def march(self, loads: Loads, asked: FloatArray, accuracy: Accuracy | None = None) -> Told:
        """Move on from time 0 to the last of `asked` [s]; the state moves with it. Raises NotSolved."""
        accuracy = accuracy or Accuracy()
        told = march(self.levels, self.curve, len(self.discs), loads, self.state, 0.0, asked, accuracy)
        if told.done < asked.size:
            after = asked[told.done - 1] if told.done else 0.0
            raise NotSolved(f"no balance of forces between {after:g} s and {asked[told.done]:g} s")
        return told


def copied(body: Body) -> Body:
    """The same body with a state of its own."""
    return replace(body, state=State(*(array.copy() for array in body.state)))


def discs_of(who: Somebody | Specimen) -> tuple[int, ...]:
    """Which of `DISCS` a scenario has."""
    if isinstance(who, Specimen) and who.kind != "lumbar-column":
        return (DISCS.index(who.level),)
    return tuple(range(len(DISCS)))


def body_of(scenario: Scenario, c: Chosen) -> Body:
    """A specimen as it was cut; a person in the morning, already in the first stage's posture. Raises NotSolved."""
    body = _made(scenario.who, c)
    if isinstance(scenario.who, Somebody):
        _live(body, scenario.stages[0].posture)
    else:
        _lie_unloaded(body)
    return body


def _made(who: Somebody | Specimen, c: Chosen) -> Body:
    usual = usual_grade(who.age)
    size = Size(who.stature, who.sex, tuple(usual if grade is None else grade for grade in who.grades))
    discs = discs_of(who)
    if isinstance(who, Somebody):
        segments = [*(disc_segment(i, size, c) for i in discs), upper_segment(size, c)]
        weights = _weights(who.mass, c)
    else:
        cut = Cut(ligaments=who.kind != "disc", alive=False)
        segments = [disc_segment(i, size, c, cut) for i in discs]
        none, freed = np.zeros(len(discs)), 0.0 if cut.ligaments else flava_moment(discs[0], size, c)
        weights = Weights(0.0, none, none, np.ones(len(discs)), freed)
    state = at_rest(len(segments), segments[0].nucleus.cells, segments[0].annulus.cells)
    if isinstance(who, Specimen):
        state.nucleus[:] += c["disc"]["corpse_swell"]
        state.annulus[:] += CORPSE_ANNULUS * c["disc"]["corpse_swell"]
    return Body(pack(segments), curve(size, c), weights, c, discs, state)


def _weights(mass: float, c: Chosen) -> Weights:
    above = c["above"]
    lumbar = lists()["discs"]["load_above"]
    ones = [1.0] * len(lumbar)
    return Weights(
        mass,
        np.array([*lumbar, above["load"]]),
        np.array([*ones, above["muscle_share"]]),
        np.array([*ones, 1.0 - above["ribs"]]),
    )


def _lie_unloaded(body: Body) -> None:
    """Into balance with what it has swelled by, which its solid has long got used to."""
    course = course_of((Stage("unloaded", 1.0),), body.chosen, body.weights, len(body.discs), "unloaded")
    body.march(course.loads, course.starts[-1:])
    s = body.state
    s.memory[:, :, :4] = s.x[:, None, :4]
    s.memory[:, :, 4:] = s.bulge[:, None]


def _live(body: Body, posture: str) -> None:
    """Two days and nights, then up into the posture."""
    lived = (*(Stage("standing", DAY), Stage("supine", NIGHT)) * 2, Stage(posture, SETTLED))
    course = course_of(lived, body.chosen, body.weights, len(body.discs), "supine")
    try:
        body.march(course.loads, course.starts[-1:], ROUGH)
    except NotSolved:
        raise NotSolved("no balance of forces in the days before it") from None
