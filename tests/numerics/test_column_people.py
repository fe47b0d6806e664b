"""People and specimens differ as they are said to: sex, size, what was cut out, and each parameter by itself."""

from __future__ import annotations

import math

import numpy as np
import pytest

from opentraction.body.column.anatomy import DISCS, Cut, Size, disc_segment, upper_segment
from opentraction.body.column.chosen import PARAMETERS, Chosen, drawn, names, typical
from opentraction.body.column.living import Body, body_of
from opentraction.body.column.play import middle
from opentraction.body.column.pores import mean_volume
from opentraction.body.column.scenario import Scenario, Specimen, Stage
from opentraction.body.column.segment import Segment
from opentraction.quantities.streams import Streams

MANY = 1000


def area(of: Segment) -> float:
    return math.pi * of.depth * of.width


# ---- sex and size ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("level", range(len(DISCS)))
def test_a_womans_discs_are_narrower_than_a_mans_of_her_height_and_as_tall(level: int) -> None:
    she, he = (disc_segment(level, Size(1.70, sex), typical()) for sex in ("female", "male"))
    share = PARAMETERS["size"]["female"].value
    assert share < 1.0
    assert area(she) / area(he) == pytest.approx(share**2, rel=1e-9)
    assert she.wall.height == pytest.approx(he.wall.height, rel=1e-12)
    assert area(disc_segment(level, Size(1.70, "unstated"), typical())) >= area(she)
    above = [area(upper_segment(Size(1.70, sex), typical())) for sex in ("female", "male")]
    assert above[0] < above[1]


def test_so_the_same_load_presses_her_discs_harder() -> None:
    """Pressure times area is what a disc bears: about the same for both."""
    stages = (Stage("unloaded", 10.0), Stage("unloaded", 10.0, axial_force=-800.0))
    pressures = [
        middle(Scenario(Specimen("segment", sex=sex), stages), np.array([20.0])).pressure[0, 0]
        for sex in ("female", "male")
    ]
    share = PARAMETERS["size"]["female"].value
    assert pressures[0] / pressures[1] == pytest.approx(1.0 / share**2, rel=0.05)


@pytest.mark.parametrize("size", [Size(1.50, "female"), Size(1.72), Size(2.05)])
def test_a_level_keeps_its_shape_whatever_its_size(size: Size) -> None:
    """Facets and ligaments lie as many depths behind the middle in a small vertebra as in the one they were read of."""
    of, c = disc_segment(DISCS.index("L4-L5"), Size(), typical()), typical()
    assert (of.facets.back, of.facets.side) == pytest.approx((c["facets"]["back"], c["facets"]["side"]), rel=1e-9)
    for level in range(len(DISCS)):
        one = disc_segment(level, size, c)
        scale = one.depth / of.depth
        assert one.facets.back == pytest.approx(scale * of.facets.back, rel=1e-9)
        assert one.facets.side == pytest.approx(scale * of.facets.side, rel=1e-9)
        assert one.bands[:, :2] == pytest.approx(scale * of.bands[:, :2], rel=1e-9)


# ---- cut out -----------------------------------------------------------------------------------------------------
def swelled(c: Chosen) -> tuple[float, float]:
    """By what share nucleus and annulus of a disc just cut out have swelled."""
    body: Body = body_of(Scenario(Specimen("disc"), (Stage("unloaded", 1.0),)), c)
    one = disc_segment(DISCS.index("L4-L5"), Size(), c, Cut(False, False))
    s = body.state
    return mean_volume(s.nucleus[0], one.nucleus) - 1.0, mean_volume(s.annulus[0], one.annulus) - 1.0


def test_both_tissues_of_a_disc_cut_out_have_swelled_the_nucleus_more() -> None:
    """Nothing presses on it any more, and the annulus drinks too; its fibres hold some of it back."""
    nucleus, annulus = swelled(typical())
    assert nucleus == pytest.approx(typical()["disc"]["corpse_swell"], rel=0.02)
    assert 0.3 * nucleus < annulus < 0.9 * nucleus


def test_without_swelling_neither_has() -> None:
    c = {**typical(), "disc": {**typical()["disc"], "corpse_swell": 0.0}}
    assert swelled(c) == pytest.approx((0.0, 0.0), abs=2e-4)


# ---- drawn people ------------------------------------------------------------------------------------------------
def spreads() -> list[tuple[str, str]]:
    """The parameters that differ between people."""
    return [(a, b) for a, b in names() if PARAMETERS[a][b].low < PARAMETERS[a][b].high]


def test_parameters_are_drawn_one_by_one() -> None:
    """Whoever has stiff fibres has no larger discs for it: no two go together more than chance lets them."""
    people = drawn(MANY, Streams(1))
    table = np.array([[one[section][name] for one in people] for section, name in spreads()])
    ranks = table.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    off = np.corrcoef(ranks) - np.eye(len(ranks))
    assert len(ranks) > 50
    assert np.abs(off).max() < 5.0 / math.sqrt(MANY)  # of 3000 pairs the farthest lies four deviations off


def test_each_parameter_fills_its_spread_evenly() -> None:
    """A hypercube: exactly half below the middle, a twentieth at either end, which is the 5th and 95th percentile."""
    people = drawn(MANY, Streams(2))
    for section, name in spreads():
        p = PARAMETERS[section][name]
        values = np.array([one[section][name] for one in people])
        if p.low < p.value < p.high:
            assert np.sum(values < p.value) == MANY // 2, (section, name)
        for end in {p.low, p.high} - {p.value}:
            there = np.isclose(values, end, rtol=1e-9, atol=0.0)
            assert np.mean(there) == pytest.approx(0.05, abs=2e-3), (section, name)


def test_another_seed_draws_other_people_and_the_same_seed_the_same() -> None:
    one, again, other = (drawn(5, Streams(seed)) for seed in (3, 3, 4))
    assert one == again
    assert all(a != b for a, b in zip(one, other, strict=True))
