"""Parts of the fast model: slopes are slopes, water is kept, left is like right, and no work comes from nowhere."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from opentraction.body.column.anatomy import Cut, Size, disc_segment
from opentraction.body.column.chosen import typical
from opentraction.body.column.pores import Pores, mean_volume, soak, thirst, wet
from opentraction.body.column.posterior import Facets, add_facets, add_ligaments
from opentraction.body.column.segment import (
    ANNULUS,
    BEND,
    FLEX,
    PRESSURE,
    SECTORS,
    SWELL,
    TURN,
    UP,
    Segment,
    at_rest,
    make_room,
    step_level,
)
from opentraction.body.column.wall import HEIGHTS, Wall, sector, uncrimped

FloatArray = npt.NDArray[np.float64]
SHARE = 1.0 / SECTORS


def healthy(cut: Cut | None = None) -> Segment:
    one = disc_segment(4, Size(), typical(), cut or Cut())
    return one._replace(relaxing=one.relaxing * 0.0, bulging=one.bulging * 0.0)


def solved(
    one: Segment, force: float, moment: tuple[float, float, float] = (0.0, 0.0, 0.0), by: int = 8, dt: float = 0.0
) -> FloatArray:
    """x under a load that comes on in a few steps, with the water where it is."""
    state = at_rest(1, one.nucleus.cells, one.annulus.cells)
    room = make_room(8)
    for n in range(1, by + 1):
        share = n / by
        assert step_level(
            one, share * force, share * np.array(moment), dt, state.memory[0], np.ones(6), np.ones(5),
            state.x[0], state.bulge[0], state.nucleus[0], state.annulus[0], room,
        )  # fmt: skip
    return state.x[0]


locals_ = st.tuples(
    st.floats(0.75, 1.3), st.floats(-1.5e-3, 2.0e-3), st.floats(-0.2, 0.2), st.floats(0.85, 1.1), st.floats(8e-3, 13e-3)
)


def wall_values(local: FloatArray, pressure: float, w: Wall) -> tuple[FloatArray, FloatArray]:
    g, h, v = np.empty(5), np.empty((5, 5)), np.empty(5)
    sector(math.sin(0.65), math.cos(0.65), SHARE, local, pressure, w, g, h, v)
    return g, np.triu(h) + np.triu(h, 1).T


def longer(local: FloatArray, w: Wall) -> list[float]:
    """I4 - 1 of both families at both heights."""
    lz, b, twist = local[:3]
    s, c = math.sin(0.65), math.cos(0.65)
    made = []
    for z in HEIGHTS:
        e = 1.0 + (1.0 - z * z) / (w.radius - 0.5 * w.thickness) * b
        slope = -4.0 * z / w.height * b
        made += [(slope**2 + lz**2) * s * s + (e * c + turn * twist) ** 2 - 1.0 for turn in (-s, s)]
    return made


@given(locals_, st.floats(-1e5, 1e6))
@settings(max_examples=60, deadline=None)
def test_the_curvature_of_a_wall_is_the_slope_of_its_slope(local: tuple[float, ...], pressure: float) -> None:
    w, at = healthy().wall, np.array(local)
    assume(all(abs(one) > 1e-4 for one in longer(at, w)))  # where a fibre just tautens, the curvature jumps
    g, h = wall_values(at, pressure, w)
    size = np.array([1e-6, 1e-9, 1e-6, 1e-6, 1e-9])
    for i in range(5):
        step = np.zeros(5)
        step[i] = size[i]
        slope = (wall_values(at + step, pressure, w)[0] - wall_values(at - step, pressure, w)[0]) / (2.0 * size[i])
        noise = 1e-13 * np.abs(g).max() / size[i]
        assert np.all(np.abs(slope - h[i]) <= 2e-3 * np.abs(h[i]) + noise + 1e-9)


def test_an_uncrimped_fibre_grows_no_stiffer() -> None:
    """Its modulus, four times dW'/dI4, is that of a lamella from there on."""
    k1, k2, modulus = 8e5, 64.0, 1e8
    at = uncrimped(k1, k2, modulus)
    assert 4.0 * k1 * (1.0 + 2.0 * k2 * at**2) * math.exp(k2 * at**2) == pytest.approx(modulus, rel=1e-9)
    assert uncrimped(k1, k2, 2.0 * modulus) > at
    w = healthy().wall._replace(shear=1e-3, taut=at)
    curvature = []
    for twist in (0.25, 0.35, 0.45):
        _, h = wall_values(np.array([1.0, 0.0, twist, 1.0, w.height]), 0.0, w)
        curvature.append(h[2, 2])
    endless = wall_values(np.array([1.0, 0.0, 0.45, 1.0, w.height]), 0.0, w._replace(taut=9.0))[1][2, 2]
    assert curvature[2] < 2.0 * curvature[1] < 5.0 * curvature[0]
    assert endless > 100.0 * curvature[2]


@given(st.lists(st.floats(-1e-3, 1e-3), min_size=4, max_size=4))
@settings(max_examples=60, deadline=None)
def test_so_are_those_of_ligaments_and_facets(motion: list[float]) -> None:
    bands, facets = healthy().bands, Facets(0.028, 0.018, 6e5, 3e5, 8e-4, 2e-4, 3e-4, 0.4)
    q = np.array(motion) * np.array([1.0, 80.0, 80.0, 80.0])

    def slope(at: FloatArray) -> tuple[FloatArray, FloatArray]:
        g, h = np.zeros(4), np.zeros((4, 4))
        add_ligaments(at, bands, g, h)
        add_facets(at, facets, g, h)
        return g, h

    _, h = slope(q)
    for i in range(4):
        step = np.zeros(4)
        step[i] = 1e-9
        found = (slope(q + step)[0] - slope(q - step)[0]) / 2e-9
        assert np.all(np.abs(found - h[i]) <= 1e-3 * np.abs(h).max() + 1.0)


@pytest.mark.parametrize("moment", [(5.0, 0.0, 0.0), (0.0, 5.0, 0.0), (0.0, 0.0, 5.0)])
def test_left_is_like_right(moment: tuple[float, float, float]) -> None:
    """Bending and twist to one side mirror the other; half a ring counted twice equals a whole one."""
    one = healthy()
    there = solved(one, -300.0, moment)
    back = solved(one, -300.0, (moment[0], -moment[1], -moment[2]))
    assert there[[UP, FLEX, PRESSURE]] == pytest.approx(back[[UP, FLEX, PRESSURE]], rel=1e-9)
    assert there[[BEND, TURN]] == pytest.approx(-back[[BEND, TURN]], rel=1e-7, abs=1e-12)
    nearly = solved(one, -300.0, (moment[0], moment[1] + 1e-9, moment[2]))
    assert nearly[[UP, FLEX, PRESSURE]] == pytest.approx(there[[UP, FLEX, PRESSURE]], rel=1e-6)


def test_what_is_let_go_comes_back() -> None:
    """Without water or memory a segment is elastic: the way does not matter, and no load leaves no trace."""
    one = healthy()
    state, room = at_rest(1, 6, 5), make_room(8)
    ends = []
    for force, flexion in ((0.0, 0.0), (-800.0, 4.0), (-200.0, -6.0), (250.0, 2.0), (0.0, 0.0)):
        step_level(
            one, force, np.array([flexion, 0.0, 0.0]), 0.0, state.memory[0], np.ones(6), np.ones(5),
            state.x[0], state.bulge[0], state.nucleus[0], state.annulus[0], room,
        )  # fmt: skip
        ends.append(state.x[0].copy())
    assert ends[-1][[UP, FLEX]] == pytest.approx(ends[0][[UP, FLEX]], abs=1e-9)
    assert ends[1] == pytest.approx(solved(one, -800.0, (4.0, 0.0, 0.0)), rel=1e-5, abs=1e-7)


def test_a_nucleus_presses_as_nuclei_do() -> None:
    """Pressure over mean stress: 1.3 to 1.6 in healthy discs (Nachemson 1960, from memory)."""
    one = healthy(Cut(ligaments=False))
    x = solved(one, -1000.0)
    area = math.pi * one.depth * one.width
    assert 1.3 <= x[PRESSURE] * area / 1000.0 <= 1.65


def tissue(door: float = 1.0) -> Pores:
    """Linear for small changes: no charge, constant permeability."""
    return Pores(12, 5e-3, 0.0, 0.8, 1e6, 1e-15, 0.0, 0.0, door, 150.0, 2500.0)


def drained(p: Pores, pressure: float, times: FloatArray) -> FloatArray:
    """Mean volume at `times`, after many implicit steps."""
    cells, work = np.ones(p.cells), np.empty((8, p.cells))
    rest, turn = np.empty(p.cells), np.empty(p.cells)
    means, last = [], 0.0
    for t in times:
        before, dt = cells.copy(), t - last
        for _ in range(20):
            soak(before, cells, pressure, dt, p, rest, turn, work)
            if wet(cells, rest, turn, 0.0, 1.0, p) < 1e-13:
                break
        means.append(mean_volume(cells, p))
        last = t
    return np.array(means)


def test_water_leaves_as_terzaghi_says() -> None:
    """One row of cells under a sudden small pressure: U(T) = 1 - 2 / pi^2 sum (n + 1/2)^-2 exp(-(n + 1/2)^2 pi^2 T)."""
    p = tissue()
    times = np.geomspace(1.0, 4e4, 400)
    u = (1.0 - drained(p, 100.0, times)) / (100.0 / p.lame)
    n = np.arange(200) + 0.5
    for at in (0.1, 0.3, 1.0):
        t = at * p.length**2 / (p.lame * p.ease)
        series = 1.0 - 2.0 / math.pi**2 * np.sum(np.exp(-(n**2) * math.pi**2 * at) / n**2)
        assert np.interp(t, times, u) == pytest.approx(series, rel=0.02)


def test_water_that_leaves_is_water_that_is_gone() -> None:
    """In balance mu is the bath's everywhere, whatever the way there."""
    p = tissue()._replace(charge=200.0, lame=2e5, power=2.0, growth=1.0)
    cells, work = np.ones(p.cells), np.empty((8, p.cells))
    rest, turn = np.empty(p.cells), np.empty(p.cells)
    for _ in range(60):
        before = cells.copy()
        for _ in range(30):
            soak(before, cells, 1.5e5, 1e5, p, rest, turn, work)
            if wet(cells, rest, turn, 0.0, 1.0, p) < 1e-14:
                break
    assert [1.5e5 + thirst(float(j), p)[0] for j in cells] == pytest.approx([0.0] * p.cells, abs=1.0)


def test_no_time_moves_no_water() -> None:
    x = solved(healthy(), -600.0)
    assert x[SWELL] == pytest.approx(1.0, abs=1e-12)
    assert x[ANNULUS] > 0.0
