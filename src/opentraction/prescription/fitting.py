"""How many cycles fit into a session, and how long a filling hold lasts."""

from __future__ import annotations

import math
from itertools import pairwise

from opentraction.prescription.cycles import Cycle, Levels, cycles_of
from opentraction.prescription.limits import check_climb, check_cycle
from opentraction.prescription.parts import MOST_CYCLES
from opentraction.prescription.recipe import Prescription
from opentraction.prescription.trace import Trace, lay
from opentraction.prescription.words import clock
from opentraction.quantities import BadInput, quantity

_SLACK = 1e-6  # rounding allowed where times are compared [s]


class Fitting:
    """How long a session gets: cycles are checked against the bounds before anything is laid out in time."""

    def __init__(self, recipe: Prescription, levels: Levels, ceiling: float) -> None:
        self.recipe = recipe
        self.ceiling = ceiling
        self.levels = levels
        if recipe.hold is not None:
            self.levels = levels._replace(hold=recipe.hold)
        elif recipe.length is not None:
            self.levels = levels._replace(hold=self._filling_hold(recipe.length))

    def trace(self, cycles: list[Cycle]) -> Trace:
        """The cycles laid out, each checked first."""
        known: set[Cycle] = set()
        for before, cycle in pairwise(cycles):
            check_climb(before, cycle)
        for number, cycle in enumerate(cycles, start=1):
            if cycle not in known:
                check_cycle(self.recipe, cycle, number, self.levels.mass, self.ceiling)
                known.add(cycle)
        return lay(self.recipe, cycles, self.levels.mass)

    def session(self) -> list[Cycle]:
        """The cycles of the session: as many as written, or as many whole ones as fit."""
        recipe = self.recipe
        if recipe.cycles is not None or recipe.written or recipe.mode == "static":
            return self._fitting(cycles_of(recipe, self.levels, recipe.cycles or 1))
        least = recipe.steps.count if recipe.steps is not None else 1
        self._fitting(cycles_of(recipe, self.levels, least))
        return cycles_of(recipe, self.levels, self._most(least))

    def _filling_hold(self, length: float) -> float:
        """What is left of the session for one hold [s], in whole milliseconds."""
        rest = self.trace(cycles_of(self.recipe, self.levels, 1)).time - self.levels.hold
        left = math.floor((length - rest) * 1000.0) / 1000.0
        if left < 1.0:
            need = f"at least {clock(rest + 1.0)} for pretension, rise, hold and fall"
            raise BadInput("session.length", clock(length), need)
        return left

    def _longest(self) -> float:
        return self.recipe.length if self.recipe.length is not None else quantity("session_time").bounds.high

    def _fitting(self, cycles: list[Cycle]) -> list[Cycle]:
        need = self.trace(cycles).time
        if need > self._longest() + _SLACK:
            if self.recipe.length is None:
                raise self._too_long(cycles, need)
            many = f"{len(cycles)} whole cycles" if len(cycles) > 1 else "1 whole cycle"
            raise BadInput(
                "session.length", clock(self._longest()), f"at least {clock(need)} for pretension and {many}"
            )
        return cycles

    def _too_long(self, cycles: list[Cycle], need: float) -> BadInput:
        """No length was written, so what was written is too long: the list of cycles, their number, or the hold."""
        longest = f"the longest session, {clock(self._longest())}"
        if self.recipe.written:
            return BadInput("cycle", f"{clock(need)} in all", f"cycles that fit into {longest}, with the pretension")
        count = len(cycles)
        if count > 1 and self.recipe.steps is None and (most := self._most(0)) > 0:
            rule = f"at most {most} with these times, or shorter ones, to fit into {longest}"
            return BadInput("session.cycles", f"{count}, which take {clock(need)}", rule)
        one = f"{count} cycles take" if count > 1 else "one cycle takes"
        rule = f"a shorter hold: with this one {one} {clock(need)}, and the longest session is {clock(self._longest())}"
        return BadInput("hold.time", clock(self.levels.hold), rule)

    def _most(self, least: int) -> int:
        """The most whole cycles that fit, by halving: a session with more cycles is longer."""
        low, high = least, MOST_CYCLES
        while low < high:
            middle = (low + high + 1) // 2
            need = self.trace(cycles_of(self.recipe, self.levels, middle)).time
            low, high = (middle, high) if need <= self._longest() + _SLACK else (low, middle - 1)
        return low
