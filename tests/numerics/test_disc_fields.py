"""What is drawn of a disc is what the disc says: places, pressures, water and its flow."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from opentraction.body.disc.disc import NUCLEUS, Cells, Disc
from opentraction.body.disc.fields import Inside, at_cells, border, inside
from opentraction.body.disc.stepping import Accuracy, Point


@cache
def loaded() -> tuple[Disc, Point]:
    """An hour after it was loaded, water still leaving."""
    disc = Disc(cells=Cells(5, 4, 4, 2))
    march = disc.under(lambda t: -600.0 * min(t / 60.0, 1.0), Accuracy(relative=1e-3, smallest=1.0))
    return disc, march.run(march.start(mu=disc.porous.thirst()), 3600.0, breaks=[60.0])


def seen() -> Inside:
    disc, point = loaded()
    return inside(disc, point.u, point.mu)


def test_cells_lie_where_the_tissue_went_and_cover_its_section() -> None:
    disc, point = loaded()
    corners = seen().corners
    assert corners.shape == (2 * disc.shapes.elements, 4, 2)
    assert corners[..., 1].max() == pytest.approx(disc.half + 0.5 * disc.read(point).height, rel=1e-9)
    assert corners[..., 0].max() - disc.geometry["radius"] == pytest.approx(disc.read(point).bulge, rel=1e-9)
    x, y = corners[..., 0], corners[..., 1]
    turns = np.sum(x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1), axis=1)
    assert (turns > 0.0).all() or (turns < 0.0).all()


def test_pressure_is_that_of_the_reading() -> None:
    disc, point = loaded()
    within = np.tile(disc.region == NUCLEUS, 2)
    assert seen().pressure[within].mean() == pytest.approx(disc.read(point).pressure, rel=0.1)


def test_water_is_a_share_that_fell_where_it_was_squeezed() -> None:
    disc, _ = loaded()
    at_rest, now = inside(disc, np.zeros(disc.shapes.sizes[0]), np.zeros(disc.shapes.sizes[1])), seen()
    nucleus = np.tile(disc.region == NUCLEUS, 2)
    assert at_rest.water[nucleus] == pytest.approx(np.full((nucleus.sum(), 4), 0.8))
    assert (now.water > 0.3).all()
    assert (now.water < 1.0).all()


def test_water_leaves_upwards_in_the_upper_half_and_downwards_in_the_lower() -> None:
    disc, _ = loaded()
    now, half = seen(), disc.shapes.elements
    upper = now.flow[:half][disc.region == NUCLEUS]
    assert (upper[:, 1] > 0.0).all()
    assert now.flow[half:] == pytest.approx(now.flow[:half] * [1.0, -1.0])


def test_what_flows_out_of_the_top_is_what_is_lost() -> None:
    """The flow in the topmost cells times their area, against what the march's balance says is leaving."""
    disc, point = loaded()
    now, s = seen(), disc.shapes
    high, radius = s.place.mean(axis=1)[:, 1], s.place.mean(axis=1)[:, 0]
    top = np.flatnonzero(np.isclose(high, high.max()))
    widths = np.ptp(s.place[top][..., 0], axis=1) / 0.7745966692414834
    leaving = float(np.sum(now.flow[top, 1] * 2.0 * np.pi * radius[top] * widths))
    nodes = np.isclose(s.pressure.doflocs[1], disc.half) & (s.pressure.doflocs[0] < 0.9 * disc.geometry["radius"])
    assert leaving == pytest.approx(-float(point.balance.leaving[nodes].sum()), rel=0.2)


def test_nodes_become_corners_of_both_halves() -> None:
    disc, _ = loaded()
    of = at_cells(disc, disc.shapes.pressure.doflocs[1])
    corners = inside(disc, np.zeros(disc.shapes.sizes[0]), np.zeros(disc.shapes.sizes[1])).corners
    assert of == pytest.approx(np.abs(corners[..., 1]), abs=1e-12)


def test_borders_run_through_the_corners() -> None:
    disc, point = loaded()
    corners = {tuple(one) for one in seen().corners.reshape(-1, 2).round(9).tolist()}
    for one in border(disc, point.u):
        assert len(one) > 4
        assert {tuple(place) for place in one.round(9).tolist()} <= corners
