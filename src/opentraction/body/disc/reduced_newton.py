"""Newton's iteration of one implicit stage of a disc in few unknowns, compiled.

Displacement is condensed out of its matrix once for many steps; what a step's length changes is as small as the water.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from opentraction.body.compiling import kernel, summing
from opentraction.body.disc.reduced_kernel import Array, Outside, Points, Wide, balances, slopes

TURNS: Final = 12
UNKNOWN: Final = 0.3
"""How fast corrections are taken to shrink before that is seen."""


class Tangent(NamedTuple):
    """Slopes of both balances at a state, condensed to the water.

    stiffness [m, m]: dforces/dy, factored; coupling [n, m]: dheld/dy; moved [n, m]: displacement by each potential;
    stored [n, n]: water that each potential lets in so; flow [n, n]: dleaving/dz; whole [n, n]: of a stage, factored.
    """

    stiffness: Array
    coupling: Array
    moved: Array
    stored: Array
    flow: Array
    whole: Array
    room: Wide


class Room(NamedTuple):
    """Forces, water held and leaving by mode; what is seen [2]; a right side [m + n]; pace [1] of the iteration."""

    forces: Array
    held: Array
    leaving: Array
    seen: Array
    right: Array
    pace: Array


@summing
def factor(a: Array) -> None:
    """L D L^T in the lower triangle of `a`, no pivoting: the matrix is positive definite."""
    for i in range(a.shape[0]):
        for k in range(i):
            s = a[i, k]
            for v in range(k):
                s -= a[i, v] * a[k, v]
            a[i, k] = s
        for k in range(i):
            s = a[i, k]
            a[i, k] = s / a[k, k]
            a[i, i] -= s * a[i, k]


@summing
def solve(a: Array, x: Array) -> None:
    """Turns the right side `x` into the solution."""
    size = x.size
    for i in range(size):
        s = x[i]
        for k in range(i):
            s -= a[i, k] * x[k]
        x[i] = s
    for i in range(size):
        x[i] /= a[i, i]
    for i in range(size - 1, -1, -1):
        for k in range(i):
            x[k] -= a[i, k] * x[i]


@kernel
def empty(m: int, n: int, points: int) -> tuple[Tangent, Room]:
    """Room for m modes of displacement, n of potential."""
    wide = Wide(np.empty((5 * points, m)), np.empty((points, m)), np.empty((2 * points, n)))
    tangent = Tangent(
        np.empty((m, m)), np.empty((n, m)), np.empty((n, m)), np.empty((n, n)), np.empty((n, n)), np.empty((n, n)), wide
    )
    return tangent, Room(np.empty(m), np.empty(n), np.empty(n), np.empty(2), np.empty(m + n), np.full(1, 0.5))


@kernel
def renew(x: Array, p: Points, to: Tangent) -> None:
    """Slopes at x = (y, z), condensed."""
    m = to.stiffness.shape[0]
    slopes(x[:m], x[m:], p, to.room, to.stiffness, to.coupling, to.flow)
    condense(to)


@kernel
def condense(to: Tangent) -> None:
    """Factors the stiffness and takes displacement out of the water's balance."""
    factor(to.stiffness)
    to.moved[:] = to.coupling
    for k in range(to.moved.shape[0]):
        solve(to.stiffness, to.moved[k])
    np.dot(to.coupling, to.moved.T, to.stored)


@kernel
def aim(of: Tangent, share: float) -> None:
    """The matrix of a stage of `share` [s], factored."""
    for i in range(of.whole.shape[0]):
        for k in range(i + 1):
            of.whole[i, k] = of.stored[i, k] + share * of.flow[i, k]
    factor(of.whole)


@summing
def correct(right: Array, by: Tangent) -> None:
    """Turns what is missing of forces [m] and water [n] into corrections of y and z."""
    n, m = by.moved.shape
    force, water = right[:m], right[m:]
    for k in range(n):
        s = -water[k]
        for i in range(m):
            s -= by.moved[k, i] * force[i]
        water[k] = s
    solve(by.whole, water)
    solve(by.stiffness, force)
    for k in range(n):
        for i in range(m):
            force[i] += by.moved[k, i] * water[k]


@kernel
def stage(
    x: Array, base: Array, share: float, load: float, p: Points, o: Outside, tolerance: float, by: Tangent, r: Room
) -> int:
    """Solve forces(x) = load, held + share leaving = base. Turns needed, or -1.

    Done when what is still wrong is small enough, as told by how fast corrections shrink (`r.pace`).
    """
    m, n = r.forces.size, r.held.size
    before = math.inf
    r.pace[0] = max(r.pace[0], UNKNOWN)
    for turn in range(TURNS):
        balances(x[:m], x[m:], p, r.forces, r.held, r.leaving, r.seen)
        for k in range(m):
            r.right[k] = load * o.top[k] - r.forces[k]
        for k in range(n):
            r.right[m + k] = r.held[k] - base[k] + share * r.leaving[k]
        correct(r.right, by)
        size = total = 0.0
        for k in range(m + n):
            size = max(size, abs(r.right[k]) / o.scale[0 if k < m else 1])
            total += r.right[k]
            x[k] += r.right[k]
        if not math.isfinite(total) or (turn > 0 and size > 0.9 * before):
            return -1
        if turn > 0:
            r.pace[0] = min(size / before, 0.9)
        if size * r.pace[0] / (1.0 - r.pace[0]) < tolerance:
            return turn + 1
        before = size
    return -1
