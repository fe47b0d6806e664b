"""A force on a disc as a list of knots: straight lines between them, jumps where two knots share a moment.

Steps, ramps, cycles and whole days are told so; both the finite-element disc and the reduced one march under it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from opentraction.quantities import BadInput

FloatArray = npt.NDArray[np.float64]
Stage = tuple[float, float]
"""How long [s], and at what force [N]."""


@dataclass(frozen=True)
class Loading:
    """Knots: times [s], rising, twice the same where the force jumps; forces [N] of the vertebra, tension positive."""

    times: FloatArray
    forces: FloatArray

    def __post_init__(self) -> None:
        for name in ("times", "forces"):
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), dtype=np.float64))
        t, f = self.times, self.forces
        if t.ndim != 1 or t.shape != f.shape or t.size < 2:
            raise BadInput("loading", t.shape, "as many times as forces, two at least")
        if not (np.isfinite(t).all() and np.isfinite(f).all()):
            raise BadInput("loading", "a time or force that is not a number", "finite times and forces")
        if (np.diff(t) < 0.0).any() or t[-1] <= t[0] or (t[2:] == t[:-2]).any():
            raise BadInput("loading", "times that do not rise", "rising times, at most two of them the same")

    @property
    def span(self) -> tuple[float, float]:
        """First and last moment [s]."""
        return float(self.times[0]), float(self.times[-1])

    @cached_property
    def marks(self) -> FloatArray:
        """Each moment at which the force jumps or bends, once [s]."""
        return np.unique(self.times)

    def __call__(self, t: float) -> float:
        """The force at `t` [N]; at a jump that before it; outside, that of the first or last knot."""
        after = int(np.searchsorted(self.times, t, side="left"))
        if after == 0:
            return float(self.forces[0])
        if after == self.times.size:
            return float(self.forces[-1])
        t0, t1, f0, f1 = *self.times[after - 1 : after + 1], *self.forces[after - 1 : after + 1]
        return float(f0 + (f1 - f0) * (t - t0) / (t1 - t0))


def stages(first: float, some: Sequence[Stage], rise: float = 5.0, start: float = 0.0) -> Loading:
    """From the force `first` through stages, each reached on a line of `rise` [s]; 0 is a jump."""
    times, forces, now = [start], [first], start
    for lasts, to in some:
        if not lasts > rise:
            raise BadInput("stage", f"{lasts:g} s", f"longer than the {rise:g} s in which its force is reached")
        times += [now + rise, now + lasts]
        forces += [to, to]
        now += lasts
    return Loading(np.array(times), np.array(forces))
