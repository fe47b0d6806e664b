"""The column in the loop: the table pulls levels with discs, water and memories instead of springs that creep.

The plant keeps a spring for what is quick. Each tenth of a second the column is marched under the force that the spring
carried, and what it is longer by than the spring becomes the chain's creep. So one session goes through `simulate`'s
body and the shipping control and guard.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from opentraction.body.behaviour import RATE_HZ
from opentraction.body.column.chosen import Chosen
from opentraction.body.column.follow import UP_BEFORE
from opentraction.body.column.lain import lie_down, move
from opentraction.body.column.living import body_of
from opentraction.body.column.scenario import Scenario, Somebody, Stage
from opentraction.body.column.spring import column_length, spring
from opentraction.body.person import Person
from opentraction.body.spine import Creep, Levels
from opentraction.twin.lockstep import run_ticks
from opentraction.twin.plant import NONE, Plant

EVERY = 20
"""The column moves on each so many ticks: a tenth of a second."""
FIRMER = 5.0
"""Pressed, a chain is so many times stiffer than pulled at no load (biomechanics reference, rows 51 and 52; weak)."""


class ColumnSpine:
    """One body's column, laid down after hours upright. Raises NotSolved, as everything that marches does."""

    def __init__(self, who: Somebody, posture: str, chosen: Chosen, angle: float = 0.0, up: float = UP_BEFORE) -> None:
        upright = Scenario(who, (Stage("standing", up),))
        self._angle = angle
        self._lain = lie_down(body_of(upright, chosen), posture, up)
        self._lain.felt = -math.inf  # a treated person brings behaviour of their own, guarding among it
        self.k1, self.k2 = spring(self._lain, angle)
        self._start = column_length(self._lain.body)

    @property
    def lengthening(self) -> float:
        """Of the straight column since it lay down [m]."""
        return column_length(self._lain.body) - self._start

    def in_place_of(self, person: Person) -> Person:
        """The same person with this column for a lumbar spine: a spring, whose creep `follow` says."""
        old = person.body.spine
        new = old._replace(k1=self.k1, k2=self.k2, compression=FIRMER * self.k1)
        new = new._replace(fast=NONE, slow=NONE, fast_tau=math.inf, slow_tau=math.inf)  # creep is `follow`'s
        return replace(person, body=person.body._replace(spine=new))

    def follow(self, plant: Plant) -> Plant:
        """The plant with the creep that the column has come to under what the chain carried."""
        move(self._lain, plant.spine, self._angle, EVERY / RATE_HZ)
        creep = self.lengthening - self._spring_stretch(plant.spine)
        return plant._replace(creep=Creep(NONE, Levels(*[creep / 5.0] * 5)))

    def run(self, inner: Callable[..., Any] = run_ticks) -> Callable[..., Any]:
        """`inner` with the column moved on at every `EVERY`th tick, however time is cut into pieces."""

        def ticks(first: int, world: Any, *given: Any) -> tuple[Any, Plant]:
            *fixed, state, plant, rows, steps = given
            at, count = 0, world.shape[0]
            while at < count:
                end = min(EVERY * ((first + at) // EVERY + 1) - first, count)
                state, plant = inner(first + at, world[at:end], *fixed, state, plant, rows[at:end], steps)
                if (first + end) % EVERY == 0:
                    plant = self.follow(plant)
                at = end
            return state, plant

        return ticks

    def _spring_stretch(self, force: float) -> float:
        """[m] where the spring carries `force` [N]."""
        if force < 0.0:
            return force / (FIRMER * self.k1)
        return 2.0 * force / (self.k1 + math.sqrt(self.k1 * self.k1 + 4.0 * self.k2 * force))
