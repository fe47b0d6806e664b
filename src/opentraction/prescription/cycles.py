"""The cycles of a session as a list of {high, low, high time, low time}, each with its own four values.

After US 2006/0142683: a profile is many cycles in which any of the four may change. Generators: constant, staircase,
pyramid, shrinking rest, progressive and regressive steps, or a list written by hand.
"""

from __future__ import annotations

from typing import NamedTuple

from opentraction.prescription.amount import Amount
from opentraction.prescription.recipe import Prescription


class Cycle(NamedTuple):
    """One pull and its rest: forces [N], times [s]."""

    high: float
    low: float
    hold: float
    rest: float


class Levels(NamedTuple):
    """What a prescription means for one body before the cycles are counted: mass [kg], high force [N], hold [s]."""

    mass: float
    high: float
    hold: float


def low_of(recipe: Prescription, written: Amount | None, levels: Levels, high: float) -> float:
    """Low force of a cycle [N]: as written, else the pretension."""
    amount = written or recipe.low
    return recipe.pretension.force if amount is None else amount.newtons(levels.mass, high)


def cycles_of(recipe: Prescription, levels: Levels, count: int) -> list[Cycle]:
    """The first to the last of `count` cycles."""
    if recipe.written:
        return _written(recipe, levels)
    if recipe.steps is not None:
        return _stepped(recipe, levels, count)
    if recipe.change is not None:
        return [_changed(recipe, levels, weight) for weight in _weights(recipe.change.kind, count)]
    return [Cycle(levels.high, low_of(recipe, None, levels, levels.high), levels.hold, recipe.rest)] * count


def _written(recipe: Prescription, levels: Levels) -> list[Cycle]:
    cycles: list[Cycle] = []
    for item in recipe.written:
        high = levels.high if item.high is None else item.high.newtons(levels.mass, levels.high)
        low = low_of(recipe, item.low, levels, high)
        hold = levels.hold if item.hold is None else item.hold
        rest = recipe.rest if item.rest is None else item.rest
        cycles += [Cycle(high, low, hold, rest)] * item.times
    return cycles


def _stepped(recipe: Prescription, levels: Levels, count: int) -> list[Cycle]:
    """Progressive: steps up to high, then high. Regressive: high, then steps down.

    Each falls to a share of itself, or to the next step where that is lower.
    """
    steps = recipe.steps
    if steps is None:
        return []
    first = steps.first.newtons(levels.mass, levels.high)
    rungs = max(steps.count - 1, 1)
    ladder = [first + (levels.high - first) * k / rungs for k in range(steps.count - 1)] + [levels.high]
    highs = ladder + [levels.high] * (count - steps.count)
    if recipe.mode == "regressive":
        highs.reverse()
    afters = [*highs[1:], levels.high]
    lows = [
        max(min(steps.fall_to * high, after), recipe.pretension.force)
        for high, after in zip(highs, afters, strict=True)
    ]
    return [Cycle(high, low, levels.hold, recipe.rest) for high, low in zip(highs, lows, strict=True)]


def _weights(kind: str, count: int) -> list[float]:
    """0 for the values a session starts from, 1 for the plain ones, one for each cycle."""
    if count == 1:
        return [1.0]
    ways = [k / (count - 1) for k in range(count)]
    return [1.0 - abs(2.0 * way - 1.0) for way in ways] if kind == "pyramid" else ways


def _changed(recipe: Prescription, levels: Levels, weight: float) -> Cycle:
    change = recipe.change
    if change is None:
        return Cycle(levels.high, levels.high, levels.hold, recipe.rest)
    start = levels.high if change.high is None else change.high.newtons(levels.mass, levels.high)
    high = _between(start, levels.high, weight)
    low = low_of(recipe, None, levels, high)
    if change.low is not None:
        low = _between(change.low.newtons(levels.mass, high), low, weight)
    hold = levels.hold if change.hold is None else _between(change.hold, levels.hold, weight)
    rest = recipe.rest if change.rest is None else _between(change.rest, recipe.rest, weight)
    return Cycle(high, low, hold, rest)


def _between(start: float, end: float, weight: float) -> float:
    return end if weight == 1.0 else start + (end - start) * weight
