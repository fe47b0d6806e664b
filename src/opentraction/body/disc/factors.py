"""Factorisations at hand, and whether an old one will do.

A factorisation costs about as much as twenty solves, so an old one is used until the iterations that it took beyond the
usual number would have paid for a new one; one of half or twice the step serves as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse.linalg import splu

from opentraction.body.disc.scatter import Pattern

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
MOST_KEPT: Final = 6
"""Factorisations at a time, the newest: one of 20,000 unknowns takes tens of megabytes."""
USUAL: Final = 5
"""Iterations of a stage with a factorisation that is nearly new."""
WORTH: Final = 16
"""Iterations, each with its balances, that take as long as a factorisation of some thousand unknowns."""
FAR: Final = 2.1
"""Steps are at most this many times apart where a factorisation of one serves the other."""
CHOICES: Final = {"diag_pivot_thresh": 0.0, "relax": 8, "panel_size": 8, "options": {"SymmetricMode": True}}
"""No pivoting: without the closing of pores the matrix is quasi-definite, and that adds little."""


@dataclass(eq=False)
class Factor:
    """A factorisation for steps of about `step` [s], and how it has done: iterations beyond the usual, latest pace."""

    step: float
    lower_upper: Any
    order: IntArray | None
    spent: int = 0
    pace: float = 0.9

    def solve(self, right: FloatArray) -> FloatArray:
        """The unknowns that give the right-hand side."""
        if self.order is None:
            return np.asarray(self.lower_upper.solve(right))
        x = np.empty_like(right)
        x[self.order] = self.lower_upper.solve(right[self.order])
        return x

    @property
    def worn(self) -> bool:
        """A new one would have been the cheaper."""
        return self.spent > WORTH

    def served(self) -> None:
        """A stage is done."""
        self.spent = max(self.spent - USUAL, 0)


class Factors:
    """Of matrices of one pattern: `unknowns` [e, a] and `size` as in `Pattern`. The order is sought once."""

    def __init__(self, unknowns: IntArray, size: int) -> None:
        self._unknowns = unknowns
        self._pattern = Pattern(unknowns, size)
        self._order: IntArray | None = None
        self._kept: list[Factor] = []

    def __len__(self) -> int:
        return len(self._kept)

    def near(self, step: float) -> Factor | None:
        """The newest of those nearest to a step, if any is near enough."""
        near = [one for one in reversed(self._kept) if max(one.step / step, step / one.step) <= FAR]
        return min(near, key=lambda one: abs(math.log(one.step / step)), default=None)

    def make(self, elements: FloatArray, step: float) -> Factor:
        """A new one, of element matrices; the oldest goes where there are too many."""
        whole = self._pattern.matrix(elements)
        if self._order is None:
            made = Factor(step, splu(whole, permc_spec="MMD_AT_PLUS_A", **CHOICES), None)
            self._keep_order(np.asarray(made.lower_upper.perm_c, dtype=np.int64))
        else:
            made = Factor(step, splu(whole, permc_spec="NATURAL", **CHOICES), self._order)
        self._kept = [*self._kept[1 - MOST_KEPT :], made]
        return made

    def forget(self, one: Factor) -> None:
        """It did not serve."""
        self._kept = [other for other in self._kept if other is not one]

    def _keep_order(self, rank: IntArray) -> None:
        """The order that was found for the first serves all: matrices are summed up in it from now on."""
        self._order = np.argsort(rank)
        self._pattern = Pattern(np.where(self._unknowns >= 0, rank[self._unknowns], -1), rank.size)
