"""How near is the disc by finite elements to what its factorisations and solves cost alone, and how do others do?

First the march of a disc of 20,000 unknowns: two days of lying, a pull of 45 minutes, a day with its night. Factorising
and solving are timed inside the run; the rest is everything else. Then a charged disc that is squeezed by half a
millimetre within 10 s and held so for an hour, on one mesh, through the same steps: ours; the same equations assembled
by scikit-fem, with a tangent each iteration or each stage; and, where it is installed, by NGSolve. All must give the
same force and water. One core, seconds on the clock.
"""

from __future__ import annotations

import _one_core  # noqa: F401  before NumPy

# isort: split
import argparse
import importlib.util
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from _disc_skfem import ByForms

from opentraction.body.disc import factors
from opentraction.body.disc.disc import Cells, Disc
from opentraction.body.disc.held import Plate
from opentraction.body.disc.points import Point
from opentraction.body.disc.stepping import Accuracy, March

LARGE = Cells(33, 26, 26, 10)
HOUR, LYING, STANDING, PULLED, RISE = 3600.0, -120.0, -600.0, 180.0, 5.0
REST = 48.0 * HOUR
SQUEEZE, WITHIN = 2.5e-4, 10.0
"""Of half the disc [m], and how quickly [s]."""


class Timed:
    """A factorisation that knows how long it took, and its solves."""

    spent = 0.0
    plain = staticmethod(factors.splu)

    def __init__(self, *matrix: Any, **choices: Any) -> None:
        begun = time.perf_counter()
        self.made = Timed.plain(*matrix, **choices)
        Timed.spent += time.perf_counter() - begun
        self.perm_c = self.made.perm_c

    def solve(self, right: np.ndarray) -> np.ndarray:
        begun = time.perf_counter()
        found = self.made.solve(right)
        Timed.spent += time.perf_counter() - begun
        return found


def total_over_solves(cells: Cells, relative: float) -> None:
    """Print each course's total, factor-and-solve alone, and the ratio."""
    factors.splu = Timed
    disc = Disc(cells=cells)
    accuracy = Accuracy(relative=relative, smallest=0.1)

    def told(
        name: str, force: Callable[[float], float], start: Point | None, until: float, breaks: list[float]
    ) -> Point:
        march = disc.under(force, accuracy)
        Timed.spent, begun = 0.0, time.perf_counter()
        point = march.start(mu=disc.porous.thirst()) if start is None else start
        point = march.run(point, until, breaks=breaks)
        took, work = time.perf_counter() - begun, march.work
        print(
            f"{name:22} {took:8.2f} {Timed.spent:8.2f} {took / Timed.spent:6.2f}   "
            f"{work.steps} steps, {work.iterations} solves, {work.factorisations} factorisations"
        )
        return point

    print(f"{sum(disc.shapes.sizes):,} unknowns, {relative:g} allowed in a step")
    print(f"{'':22} {'total':>8} {'alone':>8} {'ratio':>6}   [s]")
    rested = told("two days of lying", lambda _t: LYING, None, REST, [])
    times = REST + np.array([0.0, RISE])
    told("45 min of pull", lambda t: float(np.interp(t, times, [LYING, PULLED])), rested, REST + 2700.0, [times[1]])
    day = REST + np.array([0.0, RISE, 16.0 * HOUR, 16.0 * HOUR + RISE])
    forces = [LYING, STANDING, STANDING, LYING]
    told("a day and its night", lambda t: float(np.interp(t, day, forces)), rested, REST + 24.0 * HOUR, list(day[1:]))
    factors.splu = Timed.plain


def squeezed(disc: Disc) -> March:
    """Led by its upper side, from its reference, thirsty."""
    held = disc._held(lambda _t: 0.0)
    plate = Plate(held.plates[0].dofs, path=lambda t: -SQUEEZE * min(t / WITHIN, 1.0))
    return March(disc.porous, replace(held, plates=(plate,)), Accuracy(relative=1e-3, smallest=0.1))


def beside(cells: Cells, repeat: int) -> None:
    """Print ours and theirs through the same steps."""
    disc = Disc(cells=cells)
    march, points = squeezed(disc), list[Point]()
    start = march.start(mu=disc.porous.thirst())
    march.run(start, HOUR, breaks=[WITHIN], each=points.append)
    times = [0.0, *(point.t for point in points)]
    top = disc._held(lambda _t: 0.0).plates[0].dofs
    ours = float(points[-1].balance.forces[top].sum()), float(points[-1].balance.held.sum())

    def once() -> float:
        begun, again = time.perf_counter(), squeezed(disc)
        again.run(again.start(mu=disc.porous.thirst()), HOUR, breaks=[WITHIN])
        return time.perf_counter() - begun

    took = statistics.median(once() for _ in range(repeat))
    print(f"\n{sum(disc.shapes.sizes):,} unknowns, {len(points)} steps")
    print(f"force {ours[0]:.4f} N, water {1e9 * ours[1]:.4f} mm3")
    print(f"{'way':44} {'seconds':>8} {'times ours':>11} {'iterations':>11} {'apart':>8}")
    print(f"{'ours':44} {took:8.2f} {1.0:11.1f} {march.work.iterations:11}")
    for once_a_stage in (False, True):
        theirs = ByForms(disc.porous, march.unknowns, once_a_stage)
        begun = time.perf_counter()
        _, forces, held = theirs.march(start.mu, times)
        said(
            "scikit-fem, a tangent each " + ("stage" if once_a_stage else "iteration"),
            time.perf_counter() - begun, took, theirs.iterations, (float(forces[top].sum()), float(held.sum())), ours,
        )  # fmt: skip
        shares = ", ".join(f"{what} {spent:.1f} s" for what, spent in theirs.spent.items())
        print(f"    ({shares})")
    if importlib.util.find_spec("ngsolve"):
        from _disc_ngsolve import ByNgsolve

        for once_a_stage in (False, True):
            other = ByNgsolve(disc, SQUEEZE, WITHIN, once_a_stage)
            begun = time.perf_counter()
            found = other.march(start.mu, times)
            said(
                "NGSolve, a tangent each " + ("stage" if once_a_stage else "iteration"),
                time.perf_counter() - begun, took, other.iterations, found, ours,
            )  # fmt: skip


def said(
    name: str, took: float, ours: float, iterations: int, found: tuple[float, float], wanted: tuple[float, float]
) -> None:
    """One line; how far force and water are from ours."""
    apart = max(abs(a / b - 1.0) for a, b in zip(found, wanted, strict=True))
    print(f"{name:44} {took:8.2f} {took / ours:11.1f} {iterations:11} {apart:8.1e}", flush=True)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--relative", type=float, default=1e-3)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--beside-only", action="store_true")
    chosen = parser.parse_args()
    if not chosen.beside_only:
        total_over_solves(LARGE, chosen.relative)
    beside(Cells(), chosen.repeat)


if __name__ == "__main__":
    main()
