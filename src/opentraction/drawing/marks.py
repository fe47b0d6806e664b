"""What a chart is made of: lines and bands of numbers, stretches of time, moments, axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Style = Literal["prescribed", "measured", "spine", "spine-band", "limit", "plain"]


class Series:
    """One line, or with `high` one band between `y` and `high`.

    Parameters
    ----------
    x, y, high : array [n]
        `x` never decreases; a NaN in `y` (or `high`) breaks the line.
    label : str
        Written right of the plot, at the height the line has at `named_at`; empty for none.
    named_at : float or None
        The x at which the line is told from the others; None for its end.
    """

    def __init__(
        self,
        x: ArrayLike,
        y: ArrayLike,
        label: str = "",
        style: Style = "plain",
        high: ArrayLike | None = None,
        named_at: float | None = None,
    ) -> None:
        self.x: Floats = np.atleast_1d(np.asarray(x, dtype=np.float64))
        self.y: Floats = np.atleast_1d(np.asarray(y, dtype=np.float64))
        self.high: Floats | None = None if high is None else np.atleast_1d(np.asarray(high, dtype=np.float64))
        self.label = label
        self.style = style
        self.named_at = named_at
        if self.x.shape != self.y.shape or (self.high is not None and self.high.shape != self.y.shape):
            raise ValueError("x, y and high must be of one length")


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of the x axis, such as a phase; `strong` for the one that matters (hold)."""

    x0: float
    x1: float
    label: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Marker:
    """A moment: a stop is a square, alarm (red) and warning (amber) a triangle, an event a dot, `now` a bare line."""

    x: float
    label: str
    kind: Literal["stop", "alarm", "warning", "event", "now"] = "event"


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis; without `low` and `high` it takes what the data need.

    `clock` writes seconds as minutes and seconds;
    `whole` is a count, such as the number of a session: ticks at whole numbers, the first and the last among them.
    """

    label: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    clock: bool = False
    whole: bool = False
