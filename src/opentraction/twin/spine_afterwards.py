"""A recorded session played through the modelled spine, then an hour upright: with the pull, and lying without it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from opentraction.body.column.follow import NOTHING, Follower, Pull
from opentraction.session.measures import held
from opentraction.session.rows import RATE_HZ
from opentraction.twin.spine_view import follower_of, told

FloatArray = npt.NDArray[np.float64]
WITHIN = 4.0
"""The force is followed within this [N]."""
LONGEST = 20.0
"""And by steps of at most this [s]."""
UPRIGHT = (10.0, 20.0, 30.0, 60.0, 120.0, 180.0, 300.0, 600.0, 1080.0, 1200.0)
"""Steps of the hour after getting up [s]."""
BANDS = ("spine_low", "spine", "spine_high")


def afterwards(
    start: Mapping[str, Any], rows: Mapping[str, FloatArray], heard: Callable[[float], None] = lambda share: None
) -> dict[str, Any] | None:
    """By time `told` of each moment, and when the patient got up [s]; None for a neck. Raises NotSolved."""
    follower = follower_of(start)
    if follower is None:
        return None
    t, force = seconds(rows)
    at = knots(t, force[:, 1], WITHIN, LONGEST)
    moments = []
    for k, (a, b) in enumerate(itertools.pairwise(at)):
        now = follower.step(Pull(*force[b]), float(t[b] - t[a]))
        moments.append({"t_s": float(t[b]), "levels": told(now)})
        heard((k + 1) / (len(at) + len(UPRIGHT)))
    end = float(t[-1])
    return {"up_s": end, "moments": moments + _upright(follower, end)}


def _upright(follower: Follower, end: float) -> list[dict[str, Any]]:
    follower.rise()
    made, t = [], end
    for dt in UPRIGHT:
        now = follower.step(NOTHING, dt)
        t += dt
        made.append({"t_s": t, "levels": told(now)})
    return made


def seconds(rows: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Whole seconds [s], and the force at the spine then [second, 3] [N]: its mean; unknown stays what it was."""
    whole = len(rows["t"]) // RATE_HZ
    if not whole:
        return np.zeros(1), np.zeros((1, 3))
    force = np.stack([np.nan_to_num(held(rows[name][: whole * RATE_HZ])) for name in BANDS], axis=1)
    mean = force.reshape(whole, RATE_HZ, 3).mean(axis=1)
    return np.arange(whole + 1.0), np.vstack([np.zeros((1, 3)), mean])


def knots(t: FloatArray, f: FloatArray, within: float, longest: float) -> list[int]:
    """Which points to keep so that straight lines between them stay `within` of all, none longer than `longest`."""
    kept = [0]
    for end in range(1, t.size):
        a = kept[-1]
        line = f[a] + (f[end] - f[a]) * (t[a:end] - t[a]) / (t[end] - t[a])
        if end > a + 1 and (t[end] - t[a] > longest or np.max(np.abs(f[a:end] - line)) > within):
            kept.append(end - 1)
    if kept[-1] != t.size - 1:
        kept.append(t.size - 1)
    return kept
