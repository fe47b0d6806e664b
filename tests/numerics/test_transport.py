"""Solutes in a slab against exact solutions: uptake, time, convection, deformation; balances, order of accuracy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
import skfem

from opentraction.body.disc.medium import Medium
from opentraction.body.disc.porous import Porous
from opentraction.body.disc.shapes import AXISYMMETRIC, PLANE, dofs_on, line, shapes_of
from opentraction.body.disc.solid import Solid
from opentraction.body.disc.tissue import Tissue
from opentraction.body.disc.turnover import Moment, Turnover
from opentraction.body.disc.water import Permeability

FloatArray = npt.NDArray[np.float64]
Rates = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
HIGH, WATER, FREE = 0.005, 0.8, 9.17e-10
HINDERED = FREE * WATER * (WATER / (2.0 - WATER)) ** 2


def constant(rate: float) -> Rates:
    return lambda c: (np.full_like(c, rate), np.zeros((1, *c.shape)))


def in_proportion(rate: float) -> Rates:
    return lambda c: (-rate * c, np.full((1, *c.shape), -rate))


class Slab:
    """Water goes in and out at the top only; so do solutes, unless both ends are held."""

    def __init__(self, count: int, rates: Rates, held: tuple[tuple[float, float], ...] = ((HIGH, 1.0),)) -> None:
        mesh = skfem.MeshQuad.init_tensor(np.linspace(0.0, 0.001, 2), np.linspace(0.0, HIGH, count + 1))
        self.porous = Porous(shapes_of(mesh, PLANE), Tissue(Solid(1e6, 1e6), Permeability(1e-15, 1.0 - WATER)))
        s = self.porous.shapes
        self.high = s.pressure.doflocs[1]
        self.medium = Medium(self.porous, dofs_on(s.pressure, line(1, HIGH)))
        nodes = [dofs_on(s.pressure, line(1, at)) for at, _ in held]
        order = np.argsort(np.concatenate(nodes))
        supply = np.concatenate([np.full(one.size, value) for one, (_, value) in zip(nodes, held, strict=True)])
        cells = self.medium.gather(np.ones(s.weight.shape))
        held_nodes = np.concatenate(nodes)[order]
        self.turnover = Turnover(self.medium, np.array([FREE]), cells, rates, held_nodes, supply[order][None])
        self.still = np.zeros(s.sizes[0])

    def begin(self, c: FloatArray, u: FloatArray | None = None) -> Moment:
        u = self.still if u is None else u
        return Moment(0.0, u, c[None], c[None] @ self.medium.room(u), np.zeros(1), np.zeros(1))

    def moved(self, by: Callable[[FloatArray], FloatArray]) -> FloatArray:
        """Displacements that follow a function of place."""
        d = self.porous.shapes.displacement
        ways = by(d.doflocs)
        return np.where(np.isin(np.arange(d.N), d.get_dofs(elements=True).all("u^1")), ways[0], ways[1])


def order_of(errors: list[float]) -> float:
    return float(np.log2(errors[-2] / errors[-1]))


def test_cells_that_take_up_at_a_steady_rate_leave_a_parabola() -> None:
    taken = 1e-5
    slab = Slab(8, constant(-taken))
    found = slab.turnover.steady(slab.still).c[0]
    expected = 1.0 - taken * (HIGH**2 - slab.high**2) / (2.0 * HINDERED)
    assert found == pytest.approx(expected, rel=1e-10)
    assert 0.5 < found.min() < 0.9


def test_uptake_in_proportion_falls_as_a_hyperbolic_cosine_with_second_order() -> None:
    rate, errors = 1e-4, []
    thickness = np.sqrt(HINDERED / rate)
    for count in (10, 20, 40):
        slab = Slab(count, in_proportion(rate))
        expected = np.cosh(slab.high / thickness) / np.cosh(HIGH / thickness)
        errors.append(float(np.abs(slab.turnover.steady(slab.still).c[0] - expected).max()))
    assert errors[-1] < 1e-3
    assert order_of(errors) == pytest.approx(2.0, abs=0.1)


def test_a_slab_fills_as_the_series_says() -> None:
    slab = Slab(40, constant(0.0))
    end = 0.1 * WATER * HIGH**2 / HINDERED
    moment = slab.begin(np.zeros(slab.medium.nodes))
    for _ in range(100):
        moment = slab.turnover.step(moment, slab.still, 0.01 * end)
    odd = 2 * np.arange(60) + 1
    waves = np.cos(0.5 * np.pi * odd * slab.high[:, None] / HIGH) * (-1.0) ** (odd // 2) * 4.0 / (np.pi * odd)
    expected = 1.0 - waves @ np.exp(-0.25 * (np.pi * odd) ** 2 * 0.1)
    assert moment.c[0] == pytest.approx(expected, abs=2e-3)
    assert moment.c.min() >= 0.0


def test_time_is_of_second_order() -> None:
    slab = Slab(10, constant(0.0))
    start, end = slab.begin(1.0 + 0.5 * np.cos(0.5 * np.pi * slab.high / HIGH)), 0.4 * WATER * HIGH**2 / HINDERED

    def after(steps: int) -> FloatArray:
        moment = start
        for _ in range(steps):
            moment = slab.turnover.step(moment, slab.still, end / steps)
        return moment.c[0]

    best = after(512)
    assert order_of([float(np.abs(after(n) - best).max()) for n in (8, 16)]) == pytest.approx(2.0, abs=0.15)


@pytest.mark.parametrize("peclet", [0.5, 3.0, -3.0])
def test_what_flows_and_spreads_bends_into_an_exponential(peclet: float) -> None:
    errors = []
    for count in (10, 20, 40):
        slab = Slab(count, constant(0.0), held=((0.0, 1.0), (HIGH, 3.0)))
        flow = np.zeros((*slab.porous.shapes.weight.shape, 2))
        flow[..., 1] = peclet * HINDERED / HIGH
        found = slab.turnover.steady(slab.still, flow).c[0]
        expected = 1.0 + 2.0 * np.expm1(peclet * slab.high / HIGH) / np.expm1(peclet)
        errors.append(float(np.abs(found - expected).max()))
    assert errors[-1] < 2e-3
    assert order_of(errors) == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("stretch", [0.85, 1.2])
def test_a_stretched_slab_has_a_longer_way_and_more_water(stretch: float) -> None:
    """The parabola again, with the length and the diffusivity that the slab has now; cells are as many as before."""
    taken = 1e-5
    slab = Slab(8, constant(-taken))
    u = slab.moved(lambda x: np.stack([0.0 * x[0], (stretch - 1.0) * x[1]]))
    found = slab.turnover.steady(u).c[0]
    share = (WATER - 1.0 + stretch) / stretch
    hindered = FREE * share * (share / (2.0 - share)) ** 2
    expected = 1.0 - taken / stretch * stretch**2 * (HIGH**2 - slab.high**2) / (2.0 * hindered)
    assert found == pytest.approx(expected, rel=1e-9)


def test_a_skewed_body_equals_one_meshed_in_that_shape() -> None:
    """Diffusion through F and J of a shear and a squeeze, against the same body drawn where it went."""
    lines = np.linspace(0.0, 0.004, 5), np.linspace(0.0, HIGH, 6)
    shear = np.array([[0.92, 0.15], [0.08, 1.05]])
    mesh, solid = skfem.MeshQuad.init_tensor(*lines), 1.0 - WATER
    there = skfem.MeshQuad(shear @ mesh.p, mesh.t)
    j = float(np.linalg.det(shear))

    def spread(of: skfem.MeshQuad, share: float, f: FloatArray) -> FloatArray:
        porous = Porous(shapes_of(of, PLANE), Tissue(Solid(1e6, 1e6), Permeability(1e-15, share)))
        d = porous.shapes.displacement
        u, place = np.zeros(d.N), (f - np.eye(2)) @ d.doflocs
        for k, name in enumerate(("u^1", "u^2")):
            dofs = d.get_dofs(elements=True).all(name)
            u[dofs] = place[k, dofs]
        medium = Medium(porous, np.array([0]))
        return np.r_[medium.spreading(u).ravel(), medium.room(u)]

    assert spread(mesh, solid, shear) == pytest.approx(spread(there, solid / j, np.eye(2)), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("geometry", [AXISYMMETRIC, PLANE])
def test_what_moves_is_neither_made_nor_lost(geometry: str) -> None:
    lines = np.linspace(0.001, 0.004, 4), np.linspace(0.0, 0.002, 3)
    s, chance = shapes_of(skfem.MeshQuad.init_tensor(*lines), geometry), np.random.default_rng(5)
    medium = Medium(Porous(s, Tissue(Solid(1e6, 1e6), Permeability(1e-15, 0.2))), dofs_on(s.pressure, line(1, 0.002)))
    u = 2e-5 * chance.standard_normal(s.sizes[0])
    spreading, carrying = medium.spreading(u), medium.carrying(chance.standard_normal((*s.weight.shape, 2)))
    assert spreading.sum(axis=1) == pytest.approx(np.zeros(spreading.shape[::2]), abs=1e-12 * np.abs(spreading).max())
    assert carrying.sum(axis=1) == pytest.approx(np.zeros(carrying.shape[::2]), abs=1e-12 * np.abs(carrying).max())


def test_an_even_concentration_stays_even_while_water_is_squeezed_out() -> None:
    """It also leaves with the water: the ledger says how much."""
    slab = Slab(10, constant(0.0))
    moment = slab.begin(np.ones(slab.medium.nodes))
    there = slab.moved(lambda x: np.stack([0.0 * x[0], -0.2 * x[1] * (1.0 + 0.5 * np.sin(3.0 * x[1] / HIGH))]))
    for share in (0.3, 0.4, 1.0):
        moment = slab.turnover.step(moment, share * there, 600.0)
    assert moment.c == pytest.approx(np.ones_like(moment.c), rel=1e-12)
    lost = (slab.medium.room(slab.still) - slab.medium.room(there)).sum()
    assert lost > 0.0
    assert -moment.supplied[0] == pytest.approx(lost, rel=1e-10)


def test_water_that_leaves_carries_what_it_holds() -> None:
    """A front moved by the flow alone: nearly no diffusion, half of the room squeezed out from below."""
    slab = Slab(60, constant(0.0), held=((HIGH, 0.0),))
    slab.turnover.diffusivity[:] = 2e-12
    c = np.exp(-(((slab.high / HIGH - 0.4) / 0.1) ** 2))
    moment, stored = slab.begin(c), float(c @ slab.medium.room(slab.still))
    squeezed = slab.moved(lambda x: np.stack([0.0 * x[0], -0.15 * np.minimum(x[1], 0.15 * HIGH)]))
    for k in range(1, 21):
        moment = slab.turnover.step(moment, k / 20 * squeezed, 30.0)
    room = slab.medium.room(squeezed)
    begun = slab.medium.room(slab.still)
    before, after = (float(w @ (k * slab.high) / (w @ k)) for w, k in ((begun, c), (room, moment.c[0])))
    pushed = (begun - room).sum() / (0.001 * WATER)
    assert after - before == pytest.approx(pushed, rel=0.05)
    assert moment.stored[0] == pytest.approx(stored, rel=1e-6)
    assert moment.stored[0] - stored == pytest.approx(moment.supplied[0], abs=1e-12 * stored)
