"""The tissue of the disc: stress follows from energy, the compiled kernel equals the readable one, charges swell it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import skfem
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from opentraction.body.disc.donnan import Charges, charge_density, osmotic_pressure, osmotic_slope
from opentraction.body.disc.held import Held
from opentraction.body.disc.porous import Porous
from opentraction.body.disc.shapes import AXISYMMETRIC, PLANE, shapes_of
from opentraction.body.disc.solid import IDENTITY, Solid, energy, stress, tangent, volume_ratio
from opentraction.body.disc.stepping import Accuracy, March
from opentraction.body.disc.tissue import Tissue
from opentraction.body.disc.water import Permeability
from tests.numerics import poroelastic_ground as ground

FloatArray = npt.NDArray[np.float64]
ANNULUS = Solid(shear=0.3e6, lame=0.5e6, fibre=2.0e6, fibre_growth=11.0, angle=np.radians(30.0))
CHARGED = Tissue(ANNULUS, Permeability(8e-16, 0.3, 2.0, 1.5), Charges(220.0, 0.7))
deformations = st.lists(st.floats(-0.15, 0.15), min_size=5, max_size=5).map(lambda d: IDENTITY + np.array(d))


@given(deformations)
@settings(max_examples=60)
def test_stress_is_the_slope_of_energy_and_its_slope_is_the_tangent(f: FloatArray) -> None:
    step, each = 1e-6, np.eye(5)
    by_energy = [(energy(f + step * d, ANNULUS) - energy(f - step * d, ANNULUS)) / (2.0 * step) for d in each]
    assert stress(f, ANNULUS) == pytest.approx(np.array(by_energy), rel=1e-5, abs=20.0)
    mu = np.array(5e4)
    by_stress = [(CHARGED.total(f + step * d, mu) - CHARGED.total(f - step * d, mu)) / (2.0 * step) for d in each]
    over = np.sum((f[[1, 3, 4]] ** 2) * np.array([0.25, 0.25, 0.75])) - 1.0
    if abs(over) > 1e-4:  # where fibres just begin to pull the slope has a kink
        assert CHARGED.total_slope(f, mu) == pytest.approx(np.array(by_stress).T, rel=1e-4, abs=200.0)
    assert CHARGED.total_slope(f, mu) == pytest.approx(CHARGED.total_slope(f, mu).T)


def test_at_rest_there_is_no_stress() -> None:
    assert stress(IDENTITY, ANNULUS) == pytest.approx(np.zeros(5), abs=1e-9)
    assert tangent(IDENTITY, Solid(1.0, 2.0))[0, 0] == pytest.approx(4.0)  # L + 2 G


def stirred(geometry: str) -> tuple[Porous, FloatArray, FloatArray]:
    """A small mesh, shaken."""
    lines = np.linspace(0.001, 0.004, 4), np.linspace(0.0, 0.002, 3)
    s = shapes_of(skfem.MeshQuad.init_tensor(*lines), geometry)
    chance = np.random.default_rng(7)
    u, mu = 4e-5 * chance.standard_normal(s.sizes[0]), 1e5 * chance.standard_normal(s.sizes[1])
    return Porous(s, CHARGED), u, mu


@pytest.mark.parametrize("geometry", [AXISYMMETRIC, PLANE])
def test_the_compiled_kernel_equals_the_readable_one(geometry: str) -> None:
    porous, u, mu = stirred(geometry)
    s, tissue, found = porous.shapes, porous.tissue, porous.evaluate(u, mu)
    f = porous.deformations(u)
    pressure = np.einsum("qn,en->eq", s.pressure_value, mu[s.pressure_dofs])
    slope = np.einsum("eqcn,en->eqc", s.pressure_slope, mu[s.pressure_dofs])
    total = tissue.total(f, pressure) * s.weight[..., None]
    push = np.einsum("eqc,eqci->ei", total[..., :2], s.slope)
    if geometry == AXISYMMETRIC:
        push += np.einsum("eq,qi->ei", total[..., 4] / s.radius, s.value)
    forces = np.zeros_like(u)
    np.add.at(forces, s.displacement_dofs[:, 0], push)
    np.add.at(forces, s.displacement_dofs[:, 1], np.einsum("eqc,eqci->ei", total[..., 2:4], s.slope))
    held, leaving = np.zeros_like(mu), np.zeros_like(mu)
    np.add.at(held, s.pressure_dofs, np.einsum("eq,qn->en", s.weight * (volume_ratio(f) - 1.0), s.pressure_value))
    flux = np.einsum("eqcd,eqd->eqc", tissue.conductance(f), slope) * s.weight[..., None]
    np.add.at(leaving, s.pressure_dofs, np.einsum("eqc,eqcn->en", flux, s.pressure_slope))
    for ours, theirs in ((found.forces, forces), (found.held, held), (found.leaving, leaving)):
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-12 * float(np.abs(theirs).max()))


@pytest.mark.parametrize("geometry", [AXISYMMETRIC, PLANE])
def test_the_element_matrices_are_slopes_of_the_balances(geometry: str) -> None:
    porous, u, mu = stirred(geometry)
    dofs, (nu, np_) = porous.unknowns, porous.shapes.sizes
    whole, share = np.zeros((nu + np_, nu + np_)), 30.0
    for rows, element in zip(dofs, porous.slopes(u, mu, share), strict=True):
        whole[np.ix_(rows, rows)] += element
    assert whole == pytest.approx(whole.T, rel=1e-12)
    chance = np.random.default_rng(8)
    way, push = chance.standard_normal(nu), chance.standard_normal(np_)
    step = 1e-10
    there, back = porous.evaluate(u + step * way, mu), porous.evaluate(u - step * way, mu)
    moved = whole @ np.r_[way, np.zeros(np_)]
    by_forces = (there.forces - back.forces) / (2.0 * step)
    assert moved[:nu] == pytest.approx(by_forces, abs=1e-5 * float(np.abs(by_forces).max()))
    by_held = (there.held - back.held) / (2.0 * step)
    assert moved[nu:] == pytest.approx(-by_held, abs=1e-5 * float(np.abs(by_held).max()))
    pressed, at_rest = porous.evaluate(u, mu + push), porous.evaluate(u, mu)
    by_flow = share * (pressed.leaving - at_rest.leaving)
    flowed = (whole @ np.r_[np.zeros(nu), push])[nu:]
    assert flowed == pytest.approx(-by_flow, abs=1e-8 * float(np.abs(by_flow).max()))


@pytest.mark.parametrize("geometry", [AXISYMMETRIC, PLANE])
def test_with_the_closing_of_pores_the_water_s_slope_is_whole(geometry: str) -> None:
    porous, u, mu = stirred(geometry)
    dofs, (nu, np_), share, step = porous.unknowns, porous.shapes.sizes, 30.0, 1e-10
    whole = np.zeros((nu + np_, nu + np_))
    for rows, element in zip(dofs, porous.slopes(u, mu, share, closing=True), strict=True):
        whole[np.ix_(rows, rows)] += element
    way = np.random.default_rng(8).standard_normal(nu)
    there, back = porous.evaluate(u + step * way, mu), porous.evaluate(u - step * way, mu)
    wanted = -(there.held - back.held + share * (there.leaving - back.leaving)) / (2.0 * step)
    found = (whole @ np.r_[way, np.zeros(np_)])[nu:]
    assert found == pytest.approx(wanted, abs=1e-7 * float(np.abs(wanted).max()))


@pytest.mark.parametrize(("charge", "pressure"), [(290.0, 0.3023e6), (221.0, 0.1872e6), (180.0, 0.1286e6)])
def test_donnan_pressure_of_three_tissues(charge: float, pressure: float) -> None:
    assert osmotic_pressure(np.array(1.0), Charges(charge, 0.8)) == pytest.approx(pressure, rel=1e-3)


@given(st.floats(0.5, 3.0), st.floats(10.0, 500.0))
def test_swelling_dilutes(volume: float, charge: float) -> None:
    charges, v = Charges(charge, 0.8), np.array(volume)
    slope = (osmotic_pressure(v + 1e-6, charges) - osmotic_pressure(v - 1e-6, charges)) / 2e-6
    assert osmotic_slope(v, charges) == pytest.approx(slope, rel=1e-5)
    assert slope < 0.0
    assert charge_density(v, charges) * (v - 0.2) == pytest.approx(charge * 0.8)


def test_a_confined_bar_swells_until_its_solid_holds_the_osmotic_pressure() -> None:
    """Free swelling of a neo-Hookean bar that can only lengthen: solid stress equals osmotic pressure."""
    tissue = Tissue(Solid(0.1e6, 0.2e6), Permeability(1e-15, 0.2, 2.0), Charges(290.0, 0.8))
    assert swollen(tissue, confined=True) == pytest.approx(_balance(tissue, 1), rel=1e-6)


def test_a_free_block_swells_alike_in_all_directions() -> None:
    tissue = Tissue(Solid(0.8e6, 0.8e6), Permeability(1e-15, 0.2, 2.0), Charges(290.0, 0.8))
    assert swollen(tissue, confined=False) == pytest.approx(_balance(tissue, 3), rel=1e-6)


def swollen(tissue: Tissue, confined: bool) -> float:
    """Stretch of a cylinder's height once it has drunk for long."""
    size = 0.002
    s = shapes_of(skfem.MeshQuad.init_tensor(np.linspace(0.0, size, 3), np.linspace(0.0, size, 5)))
    d = s.displacement
    axis, bottom = ground.dofs(d, ground.at(0, 0.0), "u^1"), ground.dofs(d, ground.at(1, 0.0), "u^2")
    side = ground.dofs(d, ground.at(0, size), "u^1") if confined else np.zeros(0, dtype=np.int64)
    top, porous = ground.at(1, size), Porous(s, tissue)
    wet = (
        ground.dofs(s.pressure, top)
        if confined
        else np.r_[ground.dofs(s.pressure, top), ground.dofs(s.pressure, ground.at(0, size))]
    )
    march = March(porous, Held(np.r_[axis, bottom, side], wet), Accuracy(1e-3))
    end = march.run(march.start(mu=porous.thirst()), 3e5)
    heights = end.u[ground.dofs(d, top, "u^2")]
    assert heights.max() - heights.min() < 1e-6 * size
    assert end.balance.held.sum() + end.left == pytest.approx(0.0, abs=1e-8 * abs(end.left))
    return float(1.0 + heights.mean() / size)


def _balance(tissue: Tissue, directions: int) -> float:
    """The stretch at which the total stress vanishes, from the constitutive law alone."""
    assert tissue.charges is not None

    def total(stretch: float) -> float:
        f = IDENTITY.copy()
        f[3] = stretch
        if directions == 3:
            f[0] = f[4] = stretch
        return float(tissue.total(f, np.array(0.0))[3])

    return float(brentq(total, 1.0, 6.0))
