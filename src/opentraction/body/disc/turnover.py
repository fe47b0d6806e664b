"""Solutes through time: implicit, with a ledger of what was supplied, made and stored.

Two stages a step (SDIRK2, as `stepping.py`), each a Newton iteration for all solutes at once. The tissue moves in a
straight line from one displacement to the next, its water with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse.linalg import splu

from opentraction.body.disc.medium import Medium
from opentraction.body.disc.scatter import Pattern
from opentraction.body.disc.stage import GAMMA, NoConvergence

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Rates = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
MOST_KEPT: Final = 6
MOST_TURNS: Final = 40
MOST_HALVINGS: Final = 10
CLOSE: Final = 1e-12
"""Of the largest concentration: where corrections below this end an iteration."""
SHORTER: Final = 0.1
SLOW: Final = 0.3
"""A kept factorisation is made anew where an iteration shrinks the corrections by less than this."""
STEPS_UP: Final = (0.25, 0.5, 0.75, 1.0)
"""Shares of the cells on the way to a steady state: all at once would overshoot below zero."""


@dataclass(frozen=True)
class Moment:
    """Time [s], displacements, concentrations (solute, node) [mol/m^3], amounts by solute [mol].

    Stored now, supplied and made since the start; in the mesh, that is in half a disc.
    """

    t: float
    u: FloatArray
    c: FloatArray
    stored: FloatArray
    supplied: FloatArray
    made: FloatArray


@dataclass(frozen=True)
class _Stage:
    """What is fixed in a stage: room [m^3], element matrices of movement by solute [m^3/s], a share of time [s]."""

    room: FloatArray
    moving: FloatArray
    base: FloatArray
    share: float
    cells: float = 1.0
    steady: bool = False


class Turnover:
    """Solutes in a medium: diffusivity in water [m^2/s], cells at each node, their rates, nodes whose supply is given.

    `supply` (solute, held node) [mol/m^3]. `carried` False leaves out what the flow of water adds to diffusion, to see
    what it does: an even concentration stays even then too, but no balance is kept.
    """

    def __init__(
        self,
        medium: Medium,
        diffusivity: FloatArray,
        cells: FloatArray,
        rates: Rates,
        held: IntArray,
        supply: FloatArray,
        carried: bool = True,
    ) -> None:
        self.medium, self.diffusivity, self.cells, self.rates = medium, diffusivity, cells, rates
        self.held, self.supply, self.carried = held, supply, carried
        self.free = np.setdiff1d(np.arange(medium.nodes), held)
        self._dofs = medium.porous.shapes.pressure_dofs
        self._elements_of = np.bincount(self._dofs.ravel(), minlength=medium.nodes)
        column, solutes = np.full(medium.nodes, -1), supply.shape[0]
        column[self.free] = np.arange(self.free.size)
        spread = np.where(column >= 0, column + self.free.size * np.arange(solutes)[:, None], -1)
        unknowns = np.moveaxis(spread[:, self._dofs], 0, 1).reshape(self._dofs.shape[0], -1)
        self._pattern = Pattern(unknowns, solutes * self.free.size)
        self._kept: dict[float, Any] = {}

    def steady(self, u: FloatArray, flow: FloatArray | None = None, t: float = 0.0) -> Moment:
        """Supply, movement and cells in balance, in a body that does not move. Raises NoConvergence."""
        nothing = np.zeros(self.medium.nodes)
        c = np.repeat(self.supply.mean(axis=1, keepdims=True), self.medium.nodes, axis=1)
        c[:, self.held] = self.supply
        for cells in STEPS_UP:
            stage = _Stage(nothing, self._moving(u, flow), np.zeros_like(c), 1.0, cells, True)
            c = self._solve(stage, c)
        none = np.zeros(c.shape[0])
        return Moment(t, u, c, c @ self.medium.room(u), none, none)

    def step(self, moment: Moment, u: FloatArray, dt: float, halvings: int = MOST_HALVINGS) -> Moment:
        """On by `dt` [s] while the displacements go to `u`, in halves where one step fails. Raises NoConvergence."""
        try:
            return self._step(moment, u, dt)
        except NoConvergence:
            if not halvings:
                raise
        middle = self.step(moment, 0.5 * (moment.u + u), 0.5 * dt, halvings - 1)
        return self.step(middle, u, moment.t + dt - middle.t, halvings - 1)

    def _step(self, moment: Moment, u: FloatArray, dt: float) -> Moment:
        middle = moment.u + GAMMA * (u - moment.u)
        rooms = [self.medium.room(one) for one in (moment.u, middle, u)]
        first = (rooms[1] - rooms[0]) / (GAMMA * dt)
        last = (rooms[2] - rooms[0] - (1.0 - GAMMA) * dt * first) / (GAMMA * dt)
        amount = rooms[0] * moment.c
        begun = _Stage(rooms[1], self._moving(middle, self._flow(middle, first)), amount, GAMMA * dt)
        c = self._solve(begun, moment.c)
        arriving, made = self._arriving(begun, c)
        base = amount + (1.0 - GAMMA) * dt * (arriving + made)
        ended = _Stage(rooms[2], self._moving(u, self._flow(u, last)), base, GAMMA * dt)
        end = self._solve(ended, c)
        arrived, grown = self._arriving(ended, end)
        lacking = rooms[2] * end - base - GAMMA * dt * (arrived + grown)
        total = dt * ((1.0 - GAMMA) * made + GAMMA * grown)
        return Moment(
            moment.t + dt,
            u,
            end,
            end @ rooms[2],
            moment.supplied + lacking[:, self.held].sum(axis=1),
            moment.made + total.sum(axis=1),
        )

    def _flow(self, u: FloatArray, filling: FloatArray) -> FloatArray | None:
        return self.medium.flow(u, filling) if np.abs(filling).max() > 0.0 else None

    def _moving(self, u: FloatArray, flow: FloatArray | None) -> FloatArray:
        spreading = self.diffusivity[:, None, None, None] * self.medium.spreading(u)
        if flow is None:
            return spreading
        carrying = self.medium.carrying(flow)
        if not self.carried:
            carrying = carrying.sum(axis=2)[:, :, None] * np.eye(carrying.shape[1])
        return np.asarray(spreading + carrying)

    def _arriving(self, stage: _Stage, c: FloatArray) -> tuple[FloatArray, FloatArray]:
        """What moves to each node and what its cells make [mol/s]."""
        out = np.einsum("senm,sem->sen", stage.moving, c[:, self._dofs])
        sums = [np.bincount(self._dofs.ravel(), one.ravel(), self.medium.nodes) for one in out]
        moved = -np.stack(sums).astype(np.float64)
        return moved, stage.cells * self.cells * self.rates(c)[0]

    def _solve(self, stage: _Stage, guess: FloatArray) -> FloatArray:
        """room c = base + share (arriving + made) where not held; with a kept factorisation for as long as it does."""
        c, free, previous = guess.copy(), self.free, np.inf
        c[:, self.held] = self.supply
        largest = float(np.abs(c).max())
        for _ in range(MOST_TURNS):
            moved, made = self._arriving(stage, c)
            residual = (stage.room * c - stage.base - stage.share * (moved + made))[:, free]
            fresh = stage.share not in self._kept or stage.steady
            if fresh:
                self._factor(stage, c)
            change = self._kept[stage.share].solve(-residual.ravel()).reshape(residual.shape)
            # Rates bend sharply near zero: a correction may shorten a concentration, never turn it round.
            after = np.maximum(c[:, free] + change, SHORTER * c[:, free])
            size, c[:, free] = float(np.abs(after - c[:, free]).max(initial=0.0)), after
            if size <= CLOSE * largest:
                return c
            if size > SLOW * previous and not fresh:
                del self._kept[stage.share]
            previous = size
        self._kept.clear()
        raise NoConvergence("the solutes found no balance")

    def _factor(self, stage: _Stage, c: FloatArray) -> None:
        """The slopes of the balance at `c`; what belongs to a node is shared out among the elements around it."""
        count, corners = c.shape[0], self._dofs.shape[1]
        live = (stage.share * stage.cells * self.cells * self.rates(c)[1] / self._elements_of)[..., self._dofs]
        room = (stage.room / self._elements_of)[self._dofs]
        whole, each = np.zeros((self._dofs.shape[0], count, corners, count, corners)), np.arange(corners)
        for i in range(count):
            whole[:, i, :, i, :] = stage.share * stage.moving[i]
            whole[:, i, each, i, each] += room
            for k in range(count):
                whole[:, i, each, k, each] -= live[i, k]
        for oldest in list(self._kept)[: 1 - MOST_KEPT]:
            del self._kept[oldest]
        matrix = self._pattern.matrix(whole.reshape(whole.shape[0], count * corners, -1))
        self._kept[stage.share] = splu(matrix, permc_spec="MMD_AT_PLUS_A")
