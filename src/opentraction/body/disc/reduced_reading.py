"""What is read of a disc in few unknowns, at its steps and on parabolas between them, compiled."""

from __future__ import annotations

from typing import Final

import numpy as np

from opentraction.body.compiling import kernel
from opentraction.body.disc.reduced_kernel import Array, Outside

READ: Final = 5
"""What is read: time, height, bulge, pressure, water."""


@kernel
def parabola(times: Array, values: Array, t: float, out: Array) -> None:
    """Through three points [3, s], at `t`."""
    a, b, c = times[0], times[1], times[2]
    la = (t - b) * (t - c) / ((a - b) * (a - c))
    lb = (t - a) * (t - c) / ((b - a) * (b - c))
    lc = (t - a) * (t - b) / ((c - a) * (c - b))
    for k in range(out.size):
        out[k] = la * values[0, k] + lb * values[1, k] + lc * values[2, k]


@kernel
def note(row: Array, t: float, y: Array, seen: Array, o: Outside) -> None:
    """One row of what is read, as `Disc.read`."""
    high, out = o.top_rest, o.side_rest
    for k in range(y.size):
        high += o.top[k] * y[k]
        out += o.side[k] * y[k]
    row[0], row[1], row[2], row[3], row[4] = t, 2.0 * high, out, seen[0], 2.0 * seen[1]


@kernel
def note_between(rows: Array, first: int, until: float, times: Array, states: Array, m: int, o: Outside) -> int:
    """Reads the rows from `first` whose moments are not after `until`, on the parabola through three states.

    times [3], states [3, m + 2]: y, then what is seen. Returns the first row after them.
    """
    state = np.empty(m + 2)
    while first < rows.shape[0] and rows[first, 0] <= until:
        t = rows[first, 0]
        parabola(times, states, t, state)
        note(rows[first], t, state[:m], state[m:], o)
        first += 1
    return first
