"""Steps of an iteration with an old slope, hurried on by what its last steps have shown (Anderson acceleration).

An old factorisation gives corrections d(x) that shrink slowly. Each step taken tells how d changed along it; the mix of
those changes that comes nearest to the newest d is taken off (Anderson 1965, doi:10.1145/321296.321305, in the form of
Carlson and Miller 1998, doi:10.1137/S106482759426955X, which forgets a step that says nearly what newer ones say).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

FloatArray = npt.NDArray[np.float64]
DEPTH: Final = 8
"""Steps remembered."""
ALIKE: Final = 0.03
"""A step whose change is within this (sine of the angle) of the span of newer ones is forgotten."""


class Mixing:
    """The memory of one iteration. `scale` weighs the unknowns, so that metres and pascals compare."""

    def __init__(self, scale: FloatArray, depth: int = DEPTH) -> None:
        self._weight = scale**2
        self._ways = np.zeros((depth, scale.size))
        self._turns = np.zeros((depth, scale.size))
        self._products = np.eye(depth)
        self._newest: list[int] = []
        self._last: tuple[FloatArray, FloatArray] | None = None

    def step(self, correction: FloatArray) -> FloatArray:
        """The step to take for a correction d(x), from the place where the last step led."""
        if self._last is not None:
            self._remember(*self._last, correction)
        taken = correction
        if self._newest:
            seen = self._turns @ (self._weight * correction)
            share, apart = shares(self._products, np.array(self._newest), seen, ALIKE)
            self._newest = [row for row, kept in zip(self._newest, apart, strict=True) if kept]
            taken = correction - share @ self._ways - share @ self._turns
        self._last = taken, correction
        return taken

    def _remember(self, way: FloatArray, before: FloatArray, after: FloatArray) -> None:
        """How the correction turned along a way, in place of the oldest such where there are too many."""
        turn = after - before
        size = float(np.sqrt(self._weight @ (turn * turn)))
        if not size > 0.0:
            return
        depth = self._products.shape[0]
        self._newest = self._newest[: depth - 1]
        row = next(i for i in range(depth) if i not in self._newest)
        self._ways[row], self._turns[row] = way / size, turn / size
        self._products[row] = self._products[:, row] = self._turns @ (self._weight * self._turns[row])
        self._newest.insert(0, row)


@njit(cache=True)
def shares(products, rows, seen, alike):  # type: ignore[no-untyped-def]
    """How much of each unit vector a correction holds (least squares), and which of `rows`, newest first, stand apart.

    products [i, k] of the vectors with one another, seen [i] with the correction; alike: sine of an angle.
    """
    n = rows.size
    lower, half, kept = np.zeros((n, n)), np.zeros(n), np.zeros(n, dtype=np.bool_)
    for i in range(n):
        left, own = products[rows[i], rows[i]], seen[rows[i]]
        for k in range(i):
            if kept[k]:
                value = products[rows[i], rows[k]]
                for j in range(k):
                    value -= lower[i, j] * lower[k, j]
                lower[i, k] = value / lower[k, k]
                left -= lower[i, k] ** 2
                own -= lower[i, k] * half[k]
        if left > alike**2:
            kept[i], lower[i, i] = True, np.sqrt(left)
            half[i] = own / lower[i, i]
        else:
            lower[i, :] = 0.0
    share = np.zeros(seen.size)
    for i in range(n - 1, -1, -1):
        if kept[i]:
            value = half[i]
            for k in range(i + 1, n):
                value -= lower[k, i] * share[rows[k]]
            share[rows[i]] = value / lower[i, i]
    return share, kept
