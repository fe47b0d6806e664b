"""The disc's equations as a user of NGSolve would write them: an energy, a flow, both differentiated by the library."""

from __future__ import annotations

import itertools
import math
from typing import Any

import ngsolve as ng
import numpy as np
from ngsolve.meshes import MakeStructured2DMesh

from opentraction.body.disc.disc import NAMES, PARAMETERS, Disc
from opentraction.body.disc.donnan import BODY_TEMPERATURE, GAS_CONSTANT, SALINE
from opentraction.body.disc.stage import GAMMA

LEAST_CHANGE = 1e-10


class ByNgsolve:
    """The healthy disc, led by its upper side by `squeeze` [m] within `within` [s], on our mesh."""

    def __init__(self, disc: Disc, squeeze: float, within: float, once: bool) -> None:
        self.disc, self.squeeze, self.within, self.once = disc, squeeze, within, once
        self.iterations = 0
        across, up = (np.unique(np.round(axis, 12)) for axis in disc.shapes.displacement.mesh.p)
        whole = [np.linspace(0.0, 1.0, lines.size) for lines in (across, up)]
        self.mesh = MakeStructured2DMesh(
            quads=True, nx=across.size - 1, ny=up.size - 1,
            mapping=lambda x, y: (float(np.interp(x, whole[0], across)), float(np.interp(y, whole[1], up))),
        )  # fmt: skip
        moved = ng.VectorH1(self.mesh, order=2, dirichletx="left|top", dirichlety="bottom|top")
        self.space = ng.FESpace([moved, ng.H1(self.mesh, order=1, dirichlet="right|top")])
        self.share = ng.Parameter(1.0)
        self._write()
        lift = ng.GridFunction(self.space)
        lift.components[0].Set(ng.CF((0, 1)), definedon=self.mesh.Boundaries("top"))
        self.lift = lift.vec

    def each(self, name: str) -> Any:
        """A parameter by region."""
        g, sets = self.disc.geometry, [PARAMETERS[f"healthy_{part}"] for part in NAMES]
        nucleus, annulus, plate = (float(one[name].value) if name in one else 0.0 for one in sets)
        inside = ng.IfPos(g["nucleus"] - ng.x, nucleus, annulus)
        return ng.IfPos(ng.y - (self.disc.half - g["endplate"]), plate, inside)

    def _write(self) -> None:
        """Energy, balances and flow."""
        (u, mu), (_, q) = self.space.TnT()
        slope, each, turn = ng.Grad(u), self.each, 2.0 * math.pi * ng.x
        a, b, c, d = 1.0 + slope[0, 0], slope[0, 1], slope[1, 0], 1.0 + slope[1, 1]
        t = 1.0 + u[0] / ng.x
        det = a * d - b * c
        j = det * t
        log = ng.log(j)
        matrix = 0.5 * each("shear") * (a * a + b * b + c * c + d * d + t * t - 3.0 - 2.0 * log)
        matrix += 0.5 * each("lame") * log * log
        axial, around = ng.sin(each("angle")) ** 2, ng.cos(each("angle")) ** 2
        over = axial * (b * b + d * d) + around * t * t - 1.0
        growth = ng.IfPos(each("fibre_growth"), each("fibre_growth"), 1.0)
        fibres = ng.IfPos(over, each("fibre") / (2.0 * growth) * (ng.exp(growth * over * over) - 1.0), 0.0)
        water = each("water") - 1.0 + j
        fixed = each("charge") * each("water")
        root = ng.sqrt(fixed * fixed + 4.0 * SALINE**2 * water * water)
        ratio = fixed / (2.0 * SALINE * water)
        gathered = root - fixed * ng.log(ratio + ng.sqrt(ratio * ratio + 1.0)) - 2.0 * SALINE * water
        energy = matrix + fibres - GAS_CONSTANT * BODY_TEMPERATURE * gathered - mu * (j - 1.0)
        k = each("permeability") * ((j - 1.0 + each("water")) / each("water")) ** 2
        k = k * ng.exp(0.5 * each("growth") * (j * j - 1.0)) * t / det
        p = ng.grad(mu)
        flow = ng.CF(((d * d + b * b) * p[0] - (a * b + c * d) * p[1], (a * a + c * c) * p[1] - (a * b + c * d) * p[0]))
        leaving = turn * k * ng.InnerProduct(flow, ng.grad(q))
        self.balance = ng.BilinearForm(self.space)
        self.balance += ng.Variation((turn * energy).Compile() * ng.dx)
        self.flow = ng.BilinearForm(self.space)
        self.flow += leaving.Compile() * ng.dx
        self.both = ng.BilinearForm(self.space)
        self.both += ng.Variation((turn * energy).Compile() * ng.dx)
        self.both += (-self.share * leaving).Compile() * ng.dx

    def stage(self, x: Any, t: float, base: Any, dt: float) -> None:
        """Newton from where it stood; `x` becomes the stage's end. base: -held as wanted, but for its own flow."""
        self.share.Set(GAMMA * dt)
        path = -self.squeeze * min(t / self.within, 1.0)
        x.data += (
            path - float(ng.InnerProduct(x, self.lift)) / float(ng.InnerProduct(self.lift, self.lift))
        ) * self.lift
        residual, change = x.CreateVector(), x.CreateVector()
        solver, previous, free = None, math.inf, self.space.FreeDofs()
        moved = self.space.components[0].ndof
        for _ in range(40):
            self.both.Apply(x, residual)
            residual.data -= base
            if solver is None or not self.once:
                self.both.AssembleLinearization(x)
                solver = self.both.mat.Inverse(free, inverse="umfpack")
            change.data = solver * residual
            x.data -= change
            self.iterations += 1
            now, step = np.abs(x.FV().NumPy()), np.abs(change.FV().NumPy())
            size = max(step[:moved].max() / now[:moved].max(), step[moved:].max() / now[moved:].max())
            if size < LEAST_CHANGE:
                return
            if size > 0.5 * previous:
                solver = None
            previous = size
        raise ArithmeticError("no balance found")

    def march(self, mu: np.ndarray, times: list[float]) -> tuple[float, float]:
        """SDIRK2 through given times from the potential `mu` at our vertices; force [N], water held [m^3]."""
        state = ng.GridFunction(self.space)
        vertices = {tuple(np.round(p, 9)): m for p, m in zip(self.disc.shapes.pressure.doflocs.T, mu, strict=True)}
        values = [vertices[tuple(np.round(v.point, 9))] for v in self.mesh.vertices]
        state.components[1].vec.FV().NumPy()[:] = values
        x, made, leaving = state.vec, state.vec.CreateVector(), state.vec.CreateVector()
        moved = self.space.components[0].ndof
        base = state.vec.CreateVector()
        self.balance.Apply(x, made)
        for t, end in itertools.pairwise(times):
            dt = end - t
            base.data = made
            base.FV().NumPy()[:moved] = 0.0
            self.stage(x, t + GAMMA * dt, base, dt)
            self.flow.Apply(x, leaving)
            base.data += dt * (1.0 - GAMMA) * leaving
            self.stage(x, end, base, dt)
            self.balance.Apply(x, made)
        held = -float(made.FV().NumPy()[moved:].sum())
        return float(ng.InnerProduct(made, self.lift)), held
