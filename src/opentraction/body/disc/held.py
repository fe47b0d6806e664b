"""How a porous body is held: what moves together, what is given, where the water may leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Course = Callable[[float], float]


def nothing(_t: float) -> float:
    """No load."""
    return 0.0


@dataclass(frozen=True)
class Plate:
    """Unknowns of displacement that move as one: pushed with a force [N] or led along a path [m], as time [s] goes.

    The force is that on all of them together; a path, where given, makes the force an answer.
    """

    dofs: IntArray
    force: Course = nothing
    path: Course | None = None


@dataclass(frozen=True)
class Held:
    """Supports: unknowns of displacement that stay, plates, unknowns of pressure that the bath keeps at zero."""

    fixed: IntArray
    drained: IntArray
    plates: tuple[Plate, ...] = ()
    loads: FloatArray | None = None
    """A dead load for each unknown of displacement [N], times `loading`."""
    loading: Course = nothing


@dataclass(frozen=True)
class Unknowns:
    """What is solved for, and where each displacement and pressure of the mesh stands in it; below 0 where given."""

    column: IntArray
    count: tuple[int, int]
    led: tuple[tuple[IntArray, Course], ...]
    pushed: tuple[tuple[int, Course], ...]
    sizes: tuple[int, int]
    loads: FloatArray
    loading: Course

    @cached_property
    def open(self) -> IntArray:
        """Unknowns of pressure that are not drained."""
        return np.flatnonzero(self.column[self.sizes[0] :] >= 0)

    @cached_property
    def _free(self) -> IntArray:
        """Displacements of the mesh that are solved for."""
        return np.flatnonzero(self.column[: self.sizes[0]] >= 0)

    def spread(self, y: FloatArray, t: float) -> FloatArray:
        """Displacements of the mesh from those solved for."""
        u = np.append(y, 0.0)[self.column[: self.sizes[0]]]
        for dofs, path in self.led:
            u[dofs] = path(t)
        return u

    def gather(self, forces: FloatArray) -> FloatArray:
        """Forces on the mesh as forces on what is solved for."""
        sums = np.bincount(self.column[self._free], weights=forces[self._free], minlength=self.count[0])
        return np.asarray(sums, dtype=np.float64)

    def force(self, t: float) -> FloatArray:
        """Loads at `t` on the unknowns solved for [N]."""
        push = self.gather(self.loads * self.loading(t))
        for index, course in self.pushed:
            push[index] += course(t)
        return push


def unknowns_of(held: Held, sizes: tuple[int, int]) -> Unknowns:
    """Numbers what is free: each free displacement alone, one for each pushed plate, then the pressures."""
    column = np.full(sum(sizes), -1, dtype=np.int64)
    taken = np.zeros(sizes[0], dtype=bool)
    taken[held.fixed] = True
    for plate in held.plates:
        taken[plate.dofs] = True
    free = np.flatnonzero(~taken)
    column[free] = np.arange(free.size)
    count, pushed = free.size, []
    for plate in held.plates:
        if plate.path is None:
            column[plate.dofs] = count
            pushed.append((count, plate.force))
            count += 1
    open_ = np.setdiff1d(np.arange(sizes[1]), held.drained)
    column[sizes[0] + open_] = count + np.arange(open_.size)
    led = tuple((plate.dofs, plate.path) for plate in held.plates if plate.path is not None)
    loads = np.zeros(sizes[0]) if held.loads is None else held.loads
    return Unknowns(column, (count, open_.size), led, tuple(pushed), sizes, loads, held.loading)
