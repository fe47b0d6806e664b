"""Fewer points, the same picture: the lowest and highest value of every column are kept, so no peak is lost."""

from __future__ import annotations

import numpy as np

from opentraction.drawing.marks import Floats


def runs(y: Floats) -> list[slice]:
    """The stretches of finite values in `y` [n]."""
    finite = np.isfinite(y)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], finite, [False])).astype(np.int8)))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def envelope(x: Floats, y: Floats, columns: int, low: float, high: float) -> tuple[Floats, Floats]:
    """At most two points for each of `columns` columns of [low, high], and the last point; a gap stays a NaN.

    A series with at most two points a column is given back as it is. A gap narrower than a column closes.
    """
    inside = (x >= low) & (x <= high)
    x, y = x[inside], y[inside]
    if x.size <= 2 * columns:
        return x, y
    column = np.minimum(((x - low) * (columns / (high - low))).astype(np.int64), columns - 1)
    starts = np.flatnonzero(np.concatenate(([True], column[1:] != column[:-1])))
    least, most = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    first, last = y[starts], y[np.concatenate((starts[1:], [y.size])) - 1]
    rising = ~(first > last)
    out_y = np.column_stack((np.where(rising, least, most), np.where(rising, most, least))).ravel()
    ends = x[np.concatenate((starts[1:], [x.size])) - 1]
    out_x = np.column_stack((x[starts], ends)).ravel()
    return np.append(out_x, x[-1]), np.append(out_y, y[-1])


def thin(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The same polyline without the inner points of level stretches."""
    if x.size < 3:
        return x, y
    level = (y[1:-1] == y[:-2]) & (y[1:-1] == y[2:])
    keep = np.concatenate(([True], ~level, [True]))
    return x[keep], y[keep]
