"""A scenario played: by the typical body, by one that is given, or by many drawn from the spreads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np
import numpy.typing as npt

from opentraction.body.column.chosen import Chosen, drawn, typical
from opentraction.body.column.living import NotSolved, body_of
from opentraction.body.column.loads import AXES, course_of
from opentraction.body.column.scenario import Scenario
from opentraction.body.column.seen import Seen, look
from opentraction.quantities.streams import Streams

FloatArray = npt.NDArray[np.float64]
ENOUGH = 0.95
"""Of the bodies that are drawn, so many have to be told."""
__all__ = ["NotSolved", "Seen", "middle", "play", "play_many", "quantiles"]


def play(scenario: Scenario, asked: FloatArray, c: Chosen) -> Seen:
    """One body through a scenario; `asked` [s] are times since it began. Raises NotSolved; BadInput for such times."""
    scenario.check_times(asked)
    body = body_of(scenario, c)
    course = course_of(scenario.stages, c, body.weights, len(body.discs), scenario.stages[0].posture)
    times = np.unique(np.r_[0.0, asked, [start for start, _ in course.pulls]])
    told = body.march(course.loads, times)
    return look(body, course, told, times, np.searchsorted(times, asked), _ways(scenario, course.starts, asked))


def _ways(scenario: Scenario, starts: FloatArray, asked: FloatArray) -> list[tuple[int, float]]:
    """Axis and sign of the moment at each time; where one stage ends and another begins, a time that is asked for twice
    is the first's end and then the second's beginning."""
    again = np.r_[False, asked[1:] == asked[:-1]]
    ends, begins = (np.searchsorted(starts, asked, side=side) - 1 for side in ("left", "right"))
    which = np.clip(np.where(again, begins, ends), 0, len(scenario.stages) - 1)
    return [AXES[scenario.stages[i].direction] for i in which]


def middle(scenario: Scenario, asked: FloatArray) -> Seen:
    """The typical body. Raises NotSolved."""
    return play(scenario, asked, typical())


def play_many(
    scenario: Scenario,
    asked: FloatArray,
    samples: int,
    streams: Streams,
    step: Callable[[int, int], None] | None = None,
) -> list[Seen]:
    """Bodies drawn from the spreads, side by side; `step` hears how many of how many are done.

    A body that finds no balance is left out. Raises NotSolved, of the first such, where fewer than `ENOUGH` are left.
    """
    made: list[Seen] = []
    trouble: list[NotSolved] = []
    with ThreadPoolExecutor() as pool:  # a compiled march lets others run beside it
        for one in pool.map(lambda c: _tried(scenario, asked, c), drawn(samples, streams)):
            if isinstance(one, NotSolved):
                trouble.append(one)
            else:
                made.append(one)
            if step is not None:
                step(len(made) + len(trouble), samples)
    if len(made) < ENOUGH * samples:
        raise NotSolved(f"{len(trouble)} of {samples} bodies, the first of them: {trouble[0]}")
    return made


def _tried(scenario: Scenario, asked: FloatArray, c: Chosen) -> Seen | NotSolved:
    try:
        return play(scenario, asked, c)
    except NotSolved as trouble:
        return trouble


def quantiles(of: Sequence[Seen]) -> dict[str, FloatArray]:
    """5th, 50th and 95th percentile of everything [3, time, ...]."""
    return {f.name: np.percentile([getattr(one, f.name) for one in of], [5, 50, 95], axis=0) for f in fields(Seen)}
