"""The disc's equations as a user of scikit-fem would assemble them: forms over its bases, a Newton step an assembly.

The constitutive laws are the readable ones of `tissue.py` (numpy, all quadrature points at once); mesh, elements,
quadrature, time stages and steps are ours, so that the answers can be compared digit by digit.
"""

from __future__ import annotations

import itertools
import math
import time
from typing import Any

import numpy as np
import numpy.typing as npt
import skfem
from scipy.sparse import bmat
from scipy.sparse.linalg import splu
from skfem.helpers import grad

from opentraction.body.disc.held import Unknowns
from opentraction.body.disc.porous import Porous
from opentraction.body.disc.solid import cofactor, volume_ratio
from opentraction.body.disc.stage import GAMMA

FloatArray = npt.NDArray[np.float64]
LEAST_CHANGE = 1e-10


def components(v: Any, w: Any) -> list[Any]:
    """The five components of grad v that an axisymmetric body has."""
    g = grad(v)
    return [g[0, 0], g[0, 1], g[1, 0], g[1, 1], v[0] / w.x[0]]


class ByForms:
    """A porous body assembled by scikit-fem; `once` keeps the first tangent of a stage for as long as it serves."""

    def __init__(self, porous: Porous, unknowns: Unknowns, once: bool) -> None:
        self.porous, self.unknowns, self.once = porous, unknowns, once
        self.moved, self.pressed = porous.shapes.displacement, porous.shapes.pressure
        self.spent = {"assembly": 0.0, "factor and solve": 0.0}
        self.iterations = 0

    def state(self, u: FloatArray, mu: FloatArray) -> dict[str, Any]:
        """Everything at the quadrature points [e, q, ...], as fields of a form."""
        tissue, f = self.porous.tissue, self.porous.deformations(u)
        field = self.pressed.interpolate(mu)
        p, slope = np.asarray(field), np.asarray(field.grad)
        conductance = np.moveaxis(tissue.conductance(f), (-2, -1), (0, 1))
        return {
            "f": f, "p": p, "conductance": conductance, "normal": np.moveaxis(cofactor(f), -1, 0),
            "stress": np.moveaxis(tissue.total(f, p), -1, 0), "filled": volume_ratio(f) - 1.0,
            "flow": np.einsum("ijeq,jeq->ieq", conductance, slope),
        }  # fmt: skip

    def balances(self, s: dict[str, Any]) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Inner forces, water held, water leaving."""
        stress, flow, filled = s["stress"], s["flow"], s["filled"]

        def push(v: Any, w: Any) -> Any:
            return 2.0 * np.pi * w.x[0] * sum(p * e for p, e in zip(stress, components(v, w), strict=True))

        forces = skfem.LinearForm(push).assemble(self.moved)
        held = skfem.LinearForm(lambda q, w: 2.0 * np.pi * w.x[0] * filled * q).assemble(self.pressed)
        leaving = skfem.LinearForm(
            lambda q, w: 2.0 * np.pi * w.x[0] * (flow[0] * grad(q)[0] + flow[1] * grad(q)[1])
        ).assemble(self.pressed)
        return forces, held, leaving

    def slopes(self, s: dict[str, Any], dt: float) -> Any:
        """The matrix of a stage on all unknowns."""
        slope = np.moveaxis(self.porous.tissue.total_slope(s["f"], s["p"]), (-2, -1), (0, 1))
        normal, k = s["normal"], s["conductance"]

        def stiffness(u: Any, v: Any, w: Any) -> Any:
            left, right = components(v, w), components(u, w)
            return 2.0 * np.pi * w.x[0] * sum(left[x] * slope[x, y] * right[y] for x in range(5) for y in range(5))

        def coupling(u: Any, q: Any, w: Any) -> Any:
            return -2.0 * np.pi * w.x[0] * q * sum(n * e for n, e in zip(normal, components(u, w), strict=True))

        def flow(p: Any, q: Any, w: Any) -> Any:
            a, b = grad(p), grad(q)
            return -GAMMA * dt * 2.0 * np.pi * w.x[0] * sum(b[i] * k[i, j] * a[j] for i in (0, 1) for j in (0, 1))

        a = skfem.BilinearForm(stiffness).assemble(self.moved)
        b = skfem.BilinearForm(coupling).assemble(self.moved, self.pressed)
        h = skfem.BilinearForm(flow).assemble(self.pressed)
        return bmat([[a, b.T], [b, h]], format="csc")

    def stage(
        self, u: FloatArray, mu: FloatArray, t: float, base: FloatArray, dt: float
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
        """Displacement, potential, forces, water held and leaving at the end of a stage."""
        n, solver = self.unknowns, None
        free = np.flatnonzero(n.column >= 0)
        u, mu, previous = u.copy(), mu.copy(), math.inf
        for dofs, path in n.led:
            u[dofs] = path(t)
        for _ in range(40):
            begun = time.perf_counter()
            s = self.state(u, mu)
            forces, held, leaving = self.balances(s)
            residual = np.r_[forces, -(held - base + GAMMA * dt * leaving)][free]
            matrix = self.slopes(s, dt)[free][:, free].tocsc() if solver is None or not self.once else None
            middle = time.perf_counter()
            solver = splu(matrix) if matrix is not None else solver
            change = np.zeros(n.column.size)
            change[free] = solver.solve(-residual)
            self.spent["assembly"] += middle - begun
            self.spent["factor and solve"] += time.perf_counter() - middle
            self.iterations += 1
            du, dmu = change[: u.size], change[u.size :]
            u, mu = u + du, mu + dmu
            size = max(np.abs(du).max() / np.abs(u).max(), np.abs(dmu).max() / np.abs(mu).max())
            if size < LEAST_CHANGE:
                break
            solver, previous = None if size > 0.5 * previous else solver, size
        else:
            raise ArithmeticError("no balance found")
        begun = time.perf_counter()
        forces, held, leaving = self.balances(self.state(u, mu))
        self.spent["assembly"] += time.perf_counter() - begun
        return u, mu, forces, held, leaving

    def march(self, mu: FloatArray, times: list[float]) -> tuple[FloatArray, FloatArray, FloatArray]:
        """SDIRK2 through given times; displacement, forces and water held at the end."""
        u = np.zeros(self.porous.shapes.sizes[0])
        _, held, _ = self.balances(self.state(u, mu))
        forces = np.zeros_like(u)
        for t, end in itertools.pairwise(times):
            dt = end - t
            u, mu, forces, _, leaving = self.stage(u, mu, t + GAMMA * dt, held, dt)
            u, mu, forces, held, _ = self.stage(u, mu, end, held - dt * (1.0 - GAMMA) * leaving, dt)
        return u, forces, held
