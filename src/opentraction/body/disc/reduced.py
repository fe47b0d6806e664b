"""The disc in few unknowns: some 40 modes of displacement and 30 of potential, kept at some 300 points.

Derived from marches of the finite-element disc (`reduced_training.py`), within the forces and states it has seen there;
beyond them it refuses. What is read is what `Disc.read` reads. Forces as there: tension positive [N].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from opentraction.body.disc import reduced_march as compiled
from opentraction.body.disc.disc import Readings
from opentraction.body.disc.donnan import GAS_CONSTANT, Charges, osmotic_energy
from opentraction.body.disc.loading import Loading
from opentraction.body.disc.reduced_kernel import Outside, Points, evaluated
from opentraction.body.disc.reduced_reading import READ
from opentraction.body.disc.solid import Solid, energy, volume_ratio
from opentraction.body.disc.stage import NoConvergence
from opentraction.quantities import BadInput

FloatArray = npt.NDArray[np.float64]
MOST_STEPS: Final = 1_000_000
HALVES: Final = 2.0
"""The mesh is half a disc."""


@dataclass(frozen=True)
class State:
    """A moment: time [s], force [N], coordinates of displacement y and of potential z, water held by mode."""

    time: float
    force: float
    y: FloatArray
    z: FloatArray
    held: FloatArray


@dataclass(frozen=True)
class Work:
    """How much was done."""

    steps: int
    rejected: int
    iterations: int
    slopes: int


@dataclass(frozen=True)
class Played:
    """What a march gave: readings (t, 5) in the order of `Readings` at the times asked for, the end, the work."""

    table: FloatArray
    end: State
    work: Work

    @property
    def readings(self) -> list[Readings]:
        """One for each time."""
        return [Readings(*(float(value) for value in row)) for row in self.table]


@dataclass(frozen=True)
class Reduced:
    """A disc in few unknowns. `forces` [N]: lowest and highest it was derived for; `told`: from what."""

    points: Points
    outside: Outside
    forces: tuple[float, float]
    told: dict[str, object]

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Modes of displacement, of potential, points."""
        return self.outside.top.size, self.points.value.shape[1], self.points.weight.size

    def rest(self, force: float, time: float = 0.0) -> State:
        """In balance with a force [N], its water at rest, as after days of it. Raises BadInput, NoConvergence."""
        self._allow(np.array([force]))
        m, n, _ = self.sizes
        y, z, o = np.zeros(m), np.zeros(n), self.outside
        for share in (0.25, 0.5, 0.75, 1.0, 1.0):  # from the rest it was derived about, in parts
            for _ in range(12):
                forces, held, _, _, stiffness, _, _ = evaluated(y, z, self.points)
                start = float(self.told["lying"])  # type: ignore[arg-type]
                change = np.linalg.solve(stiffness, (start + share * (force - start)) * o.top - forces)
                y = y + change
                if np.abs(change).max() < 1e-11 * o.scale[0]:
                    break
        if not np.abs(change).max() < 1e-8 * o.scale[0]:
            raise NoConvergence(f"no balance found at {force:g} N")
        self._inside(y, f"rest at {force:g} N")
        held = evaluated(y, z, self.points)[1]
        return State(time, force, y, z, held)

    def march(
        self,
        start: State,
        loading: Loading,
        at: Sequence[float] | FloatArray = (),
        relative: float = 1e-3,
        smallest: float = 0.5,
    ) -> Played:
        """Through a loading, read at rising times `at` [s] within it; at a jump what is before it.

        A loading that begins at another force than the state's begins with a jump. relative: error of a step against
        the largest coordinate; smallest: first step after a bend [s]. Raises BadInput beyond the forces and states it
        was derived for, NoConvergence.
        """
        self._allow(loading.forces)
        rows = _rows(at, loading, start)
        if not (1e-6 <= relative <= 0.1 and 0.0 < smallest < np.inf):
            raise BadInput("relative", relative, "between 1e-6 and 0.1, and a smallest step above 0 s")
        times, forces = np.r_[start.time, loading.times], np.r_[start.force, loading.forces]
        x, held, work = np.r_[start.y, start.z], start.held.copy(), np.zeros(4, dtype=np.int64)
        how, when = compiled.march(
            x, held, times, forces, self.points, self.outside, relative, smallest, rows, MOST_STEPS, work
        )
        m = self.sizes[0]
        if how == compiled.OUTSIDE:
            self._inside(x[:m], f"{when:.6g} s into it")
        if how != compiled.DONE:
            why = "however short a step" if how == compiled.STUCK else f"in {MOST_STEPS} steps"
            raise NoConvergence(f"no balance found at {when:.6g} s, {why}")
        end = State(float(times[-1]), float(forces[-1]), x[:m].copy(), x[m:].copy(), held)
        return Played(rows, end, Work(*(int(one) for one in work)))

    def read(self, state: State) -> Readings:
        """What would be measured."""
        o = self.outside
        pressure, water = evaluated(state.y, state.z, self.points)[3]
        high, bulge = o.top_rest + o.top @ state.y, o.side_rest + o.side @ state.y
        return Readings(state.time, HALVES * float(high), float(bulge), float(pressure), HALVES * float(water))

    def stored(self, state: State) -> float:
        """Energy of solid and charges [J] of half the disc, as `Porous.stored`."""
        p = self.points
        f = p.rest + p.shape @ state.y
        solid = Solid(p.shear, p.lame, p.fibre, p.fibre_growth, np.arcsin(np.sqrt(p.axial)))
        charges = Charges(p.charge, p.water, p.salt, p.heat / GAS_CONSTANT)
        return float(np.sum(p.weight * (energy(f, solid) + osmotic_energy(volume_ratio(f), charges))))

    def warmth(self, state: State) -> float:
        """What moving the water costs just now [W], of half the disc: never negative."""
        return float(state.z @ evaluated(state.y, state.z, self.points)[2])

    def _allow(self, forces: FloatArray) -> None:
        low, high = self.forces
        beyond = forces[~((forces >= low) & (forces <= high))]
        if beyond.size:
            raise BadInput(
                "force", f"{beyond[0]:g} N", f"{low:g} to {high:g} N, which this reduced disc is derived for"
            )

    def _inside(self, y: FloatArray, where: str) -> None:
        low, high = self.outside.low, self.outside.high
        if not ((y >= low) & (y <= high)).all():
            allowed = "a shape near those that this reduced disc is derived from; ask the finite-element disc"
            raise BadInput("loading", where, allowed)


def _rows(at: Sequence[float] | FloatArray, loading: Loading, start: State) -> FloatArray:
    """Room for readings at the times asked for."""
    times = np.asarray(at, dtype=np.float64)
    first, last = loading.span
    if start.time != first:
        raise BadInput("loading", f"one that begins at {first:g} s", f"one that begins at {start.time:g} s")
    if times.ndim != 1 or not ((times >= first) & (times <= last)).all() or (np.diff(times) < 0.0).any():
        raise BadInput("at", "times out of it or out of order", f"rising times from {first:g} to {last:g} s")
    rows = np.zeros((times.size, READ))
    rows[:, 0] = times
    return rows
