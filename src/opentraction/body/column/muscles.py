"""How muscles answer a pull: they tense when it is felt first, and let go of their lying tone over minutes.

Both grow with the pull, without a step: what is hardly felt changes hardly anything.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from opentraction.body.column.chosen import Chosen

FloatArray = npt.NDArray[np.float64]
FELT = 60.0
"""A pull of this much at the spine is answered by two thirds of what muscles do [N]; our choice."""
LETTING_GO, TENSING = 120.0, 3.0
"""How quickly muscles let go under a pull, and tense at its start [s]."""
CLOSELY = np.array([0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0])
"""Times in which muscles tense that are looked at, as shares of how long that takes."""
ANSWER = np.array([0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0])
"""The same, while they take up again what they had let go of."""


def feeling(pull: FloatArray) -> FloatArray:
    """How much of muscles' answer a pull at the spine [N] calls for, 0 to 1."""
    return np.asarray(1.0 - np.exp(-np.maximum(pull, 0.0) / FELT))


def eased(at: FloatArray, pull: FloatArray, start: float) -> FloatArray:
    """How far muscles have let go at times `at` [s] under `pull` [N] at the spine, from `start`, 0 to 1."""
    ease = np.full(at.size, start)
    called, between = feeling(pull), feeling(0.5 * (pull[1:] + pull[:-1]))
    for k in range(1, at.size):
        wanted = (called[k - 1] + 4.0 * between[k - 1] + called[k]) / 6.0
        ease[k] = wanted + (ease[k - 1] - wanted) * np.exp(-(at[k] - at[k - 1]) / LETTING_GO)
    return ease


def kept(ease: FloatArray, c: Chosen) -> FloatArray:
    """Share of the lying muscle tone that is left."""
    return np.asarray(1.0 - (1.0 - c["pull"]["let_go"]) * ease)


def guarding(since: FloatArray, pull: FloatArray, c: Chosen) -> FloatArray:
    """Activity on top [% of maximum], `since` [s] a `pull` [N] was felt first; it wears off in minutes."""
    p = c["pull"]
    worn = (1.0 - np.exp(-since / TENSING)) * np.exp(-since / p["guard_time"])
    return np.asarray(p["guard"] * worn * feeling(pull))
