"""The finite-element solver against exact solutions of consolidation: within 1 %, overshoots within 0.5 %."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from opentraction.body.disc.points import Point
from opentraction.body.disc.porous import Porous
from opentraction.body.disc.stepping import Accuracy, March
from tests.numerics import poroelastic_ground as ground
from tests.numerics import poroelastic_series as series


def test_terzaghi_settles_as_the_series_says() -> None:
    nu = 0.2
    porous, held = ground.column(24, nu)
    course = ground.marched(porous, held, nu, 1.0)
    (plate,) = held.plates
    final = ground.PUSH * ground.LENGTH / ground.aggregate(nu)
    seen = course.of(lambda point: -point.u[plate.dofs[0]]) / final
    late = course.times >= 0.01
    assert seen[late] == pytest.approx(series.terzaghi_settlement(course.times[late]), rel=0.01)


@pytest.mark.parametrize("nu", [0.1, 0.2])
def test_a_cylinder_relaxes_after_a_step_of_strain(nu: float) -> None:
    strain = 1e-5
    porous, held, s = ground.cylinder(16, nu, strain)
    course = ground.marched(porous, held, nu, 0.6)
    side = ground.dofs(s.displacement, ground.at(0, ground.LENGTH), "u^1")
    (plate,) = held.plates
    moved, force = series.unconfined(course.times, nu)
    late = course.times >= 0.01
    final = ground.YOUNG * strain * np.pi * ground.LENGTH**2
    bulged = course.of(lambda point: point.u[side].mean()) / (strain * ground.LENGTH)
    pressed = course.of(lambda point: -point.balance.forces[plate.dofs].sum()) / final
    assert bulged[late] == pytest.approx(moved[late], rel=0.01)
    assert pressed[late] == pytest.approx(force[late], rel=0.01)


@pytest.mark.parametrize(("nu", "peak"), [(0.0, 1.1555), (0.2, 1.1069)])
def test_mandels_pressure_rises_before_it_falls(nu: float, peak: float) -> None:
    porous, held, s = ground.strip(24, nu)
    course = ground.marched(porous, held, nu, 0.6)
    middle = ground.dofs(s.pressure, ground.at(0, 0.0))
    seen = course.of(lambda point: point.mu[middle].mean()) / (0.5 * ground.PUSH)
    late = course.times >= 0.01
    assert seen[late] == pytest.approx(series.mandel_pressure(course.times[late], nu), abs=0.01)
    assert seen.max() == pytest.approx(peak, rel=0.005)


@pytest.mark.parametrize(("nu", "peak"), [(0.0, 1.5754), (0.2, 1.3642)])
def test_cryers_pressure_rises_in_the_middle_of_a_sphere(nu: float, peak: float) -> None:
    porous, held, s = ground.sphere(5, nu)
    course = ground.marched(porous, held, nu, 0.3)
    middle = int(np.argmin(np.hypot(*s.pressure.doflocs)))
    seen = course.of(lambda point: point.mu[middle]) / ground.PUSH
    late = course.times >= 0.01
    assert seen[late] == pytest.approx(series.cryer_pressure(course.times[late], nu), rel=0.01, abs=0.005)
    assert seen.max() == pytest.approx(peak, rel=0.005)


def test_no_water_is_lost() -> None:
    nu = 0.2
    for porous, held in (ground.column(12, nu), ground.strip(12, nu)[:2], ground.sphere(3, nu)[:2]):
        course = ground.marched(porous, held, nu, 0.6)
        lost = course.of(lambda point: point.balance.held.sum() + point.left)
        exchanged = course.of(lambda point: abs(point.left)).max()
        assert exchanged > 0.0
        assert np.abs(lost).max() < 1e-8 * exchanged


def test_what_a_loose_iteration_leaves_out_of_the_water_is_caught_up() -> None:
    """Nothing adds up: what should be held and what has left are in balance to rounding, however loose it is."""
    porous, held = ground.column(12, 0.2)
    unit = ground.second(0.2)
    march, points = March(porous, held, Accuracy(1e-4, iteration=1e-4, smallest=1e-4 * unit)), list[Point]()
    march.run(march.start(), 0.6 * unit, each=points.append)
    exchanged = max(abs(point.left) for point in points)
    left_out = [0.0 if point.due is None else float((point.balance.held - point.due).sum()) for point in points]
    lost = [float(point.balance.held.sum()) + point.left for point in points]
    assert lost == pytest.approx(left_out, abs=1e-12 * exchanged)
    assert 1e-10 * exchanged < max(map(abs, lost)) < 1e-4 * exchanged


def test_orders_of_accuracy_in_space_of_consolidation_are_two() -> None:
    """Pressure is linear in a cell, and displacement follows from it: errors fall with the square of the cell."""
    nu, time = 0.2, 0.2
    errors = []
    for cells in (4, 8, 16):
        porous, held = ground.column(cells, nu)
        course = ground.marched(porous, held, nu, time, relative=1e-8)
        errors.append(profile_errors(porous, course.points[-1], nu, time))
    assert np.log2(np.array(errors[:-1]) / np.array(errors[1:])) == pytest.approx(2.0, abs=0.1)


def test_the_order_in_space_of_the_solid_alone_is_three() -> None:
    """A drained tube under inner pressure (Lame 1852): displacement is quadratic, so its error goes with h^3."""
    nu, errors = 0.2, []
    for cells in (2, 4, 8):
        porous, held = ground.tube(cells, nu)
        march = March(porous, held)
        point = march.step(march.start(), 1.0)
        s = porous.shapes
        radial = np.einsum("qi,ei->eq", s.value, point.u[s.displacement_dofs[:, 0]])
        missed = radial - series.lame_tube(s.radius, ground.LENGTH, 2.0 * ground.LENGTH, ground.PUSH, ground.YOUNG, nu)
        errors.append(float(np.sqrt(np.sum(s.weight * missed**2))))
    assert np.log2(np.array(errors[:-1]) / np.array(errors[1:])) == pytest.approx(3.0, abs=0.2)


def profile_errors(porous: Porous, point: Point, nu: float, time: float) -> tuple[float, float]:
    """Errors of displacement and pressure over the column in the mean square."""
    s, length = porous.shapes, ground.LENGTH
    high = s.place[..., 1]
    axial = np.einsum("qi,ei->eq", s.value, point.u[s.displacement_dofs[:, 1]])
    pressure = np.einsum("qn,en->eq", s.pressure_value, point.mu[s.pressure_dofs])
    depth = (1.0 - high / length).ravel()
    settled = -ground.PUSH * (high.ravel() - length * series.terzaghi_carried(depth, time)) / ground.aggregate(nu)
    missed = axial.ravel() - settled, pressure.ravel() - ground.PUSH * series.terzaghi_pressure(depth, time)
    weight = s.weight.ravel()
    moved, pressed = (float(np.sqrt(np.sum(weight * one**2))) for one in missed)
    return moved, pressed


def test_the_order_in_time_is_two() -> None:
    """With steps of one length; the load comes on smoothly, for a jump has no third derivative."""
    nu, unit = 0.2, ground.second(0.2)
    porous, held = ground.column(8, nu)
    (plate,) = held.plates
    smooth = replace(plate, force=lambda t: 1e3 * plate.force(t) * np.sin(0.5 * np.pi * min(t / unit, 1.0)) ** 2)
    ends = []
    for count in (8, 16, 32, 512):
        march = March(porous, replace(held, plates=(smooth,)))
        point = march.start()
        for _ in range(count):
            point = march.step(point, 0.6 * unit / count)
        ends.append(point.mu)
    errors = [float(np.abs(end - ends[-1]).max()) for end in ends[:-1]]
    assert np.log2(np.array(errors[:-1]) / np.array(errors[1:])) == pytest.approx(2.0, abs=0.1)
