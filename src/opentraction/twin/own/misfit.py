"""How far recorded travel may lie from the model's: smoothed over breaths, and with errors that know of one another."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.twin.own.prior import OWN, FloatArray
from opentraction.twin.own.trace import STEP, Trace

WINDOW: Final = 12.0
"""Travel is compared as a mean over so long [s], weighted by half a wave of a cosine: breaths of 5 s and less go."""
APART: Final = 4.0
"""Such means are taken every so many seconds [s]."""
_ENOUGH = 0.9
FORCES: Final = 80.0
"""Errors of the elastic curve are alike over so many newtons [N]."""


class Means(NamedTuple):
    """Which values go into which mean [k, w], with weights [k, w] that sum to 1; each mean's time [s] and force [N];
    the span of travel [m].
    """

    places: npt.NDArray[np.int64]
    weight: FloatArray
    t: FloatArray
    force: FloatArray
    span: float

    def of(self, values: FloatArray) -> FloatArray:
        """Means [k] of `values` [n]."""
        return np.asarray(np.sum(values[self.places] * self.weight, axis=1))


def means_of(trace: Trace) -> Means:
    """Where a session is compared."""
    half = round(0.5 * WINDOW / STEP)
    shape = np.hanning(2 * half + 3)[1:-1]
    centres = np.arange(half, trace.t.size - half, round(APART / STEP))
    index = centres[:, None] + np.arange(-half, half + 1)[None, :]
    weight = shape[None, :] * trace.told[index]
    whole = weight.sum(axis=1)
    enough = whole > _ENOUGH * shape.sum()
    index, weight = index[enough], weight[enough] / whole[enough, None]
    force = np.sum(trace.force[index] * weight, axis=1)
    means = Means(index, weight, trace.t[centres[enough]], force, 0.0)
    return means._replace(span=float(np.ptp(means.of(trace.travel))))


def covariance(means: Means, split: bool, scale: float = 1.0) -> FloatArray:
    """Covariance [k, k] of recorded less modelled means [m^2]; `scale` widens what the model is off, and
    a couch that is not `split` holds back so much that how it rubs shows.
    """
    own = OWN["misfit"]
    apart = np.abs(means.t[:, None] - means.t[None, :])
    levels = (means.force[:, None] - means.force[None, :]) / FORCES
    slow = own["slow"].value ** 2 * np.exp(-apart / own["slow_time"].value)
    curve = own["curve"].value ** 2 * np.exp(-0.5 * levels * levels)
    quick = own["quick"].value ** 2 * np.exp(-0.5 * (apart / (0.25 * WINDOW)) ** 2)
    rub = 0.0 if split else own["rub"].value ** 2 * np.exp(-0.5 * (apart / own["rub_time"].value) ** 2)
    unit = scale * max(means.span, own["least"].value)
    return np.asarray(unit * unit * (slow + curve + quick + rub + 1e-9 * np.eye(means.t.size)))
