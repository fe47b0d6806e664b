"""Sections of a disc: colours keep their order, outlines close and cover what they should, odd data are refused."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.drawing.contour import Floats, Place, above
from opentraction.drawing.palette import _luminance
from opentraction.drawing.section import RAMP, Arrows, Panel, section

SVG = "{http://www.w3.org/2000/svg}"


def grid(columns: int, rows: int, size: float = 10.0) -> Floats:
    """Square cells side by side."""
    x, y = np.meshgrid(np.arange(columns), np.arange(rows), indexing="ij")
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    return np.asarray(size * (np.stack([x.ravel(), y.ravel()], axis=-1)[:, None] + corners))


def area(loops: list[list[Place]]) -> float:
    """With holes taken off."""
    shoelaces = (sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*loop, loop[0]])) for loop in loops)
    return abs(0.5 * sum(shoelaces))


def panel(values: Floats | None = None, arrows: Arrows | None = None, **how: object) -> Panel:
    cells = grid(3, 2, 1.0)
    given_ = cells.sum(axis=-1) if values is None else values
    plain = {"levels": [0.0, 1.0, 2.0, 3.0], "regions": (("nucleus", 0.0, 2.0),), "arrows": arrows}
    return Panel("one", "glucose", "mmol/l", cells, given_, **{**plain, **how})  # type: ignore[arg-type]


def test_cells_that_touch_are_one_outline() -> None:
    loops = above(grid(5, 4), np.ones((20, 4)), 0.0)
    assert len(loops) == 1
    assert sorted(loops[0]) == [(0.0, 0.0), (0.0, 40.0), (50.0, 0.0), (50.0, 40.0)]


def test_a_straight_slope_is_cut_where_it_is() -> None:
    cells = grid(6, 3)
    loops = above(cells, cells[..., 0], 25.0)
    assert area(loops) == pytest.approx(35.0 * 30.0)
    assert min(x for x, _ in loops[0]) == 25.0


def test_a_hill_in_the_middle_is_an_outline_and_a_dip_a_hole() -> None:
    cells = grid(20, 20)
    away = np.hypot(*(cells - 100.0).transpose(2, 0, 1))
    assert area(above(cells, -away, -60.0)) == pytest.approx(np.pi * 60.0**2, rel=0.02)
    ring = above(cells, away, 60.0)
    assert len(ring) == 2
    assert area(ring) == pytest.approx(200.0**2 - np.pi * 60.0**2, rel=0.02)


@given(st.lists(st.floats(-1.0, 1.0), min_size=30, max_size=30), st.floats(-0.9, 0.9))
def test_what_is_above_and_what_is_not_fill_all(values: list[float], level: float) -> None:
    cells = grid(5, 4)
    nodes = np.array(values).reshape(6, 5)
    at = (cells / 10.0).astype(int)
    value = nodes[at[..., 0], at[..., 1]]
    under = above(cells, -value, float(np.nextafter(-level, 2.0)))
    assert area(above(cells, value, level)) + area(under) == pytest.approx(2000.0, abs=8.0)


def test_a_jump_between_cells_leaves_no_gap() -> None:
    cells = grid(2, 1)
    values = np.array([[1.0, 1.0, 1.0, 1.0], [0.0, 2.0, 2.0, 0.0]])
    assert area(above(cells, values, 0.5)) == pytest.approx(100.0 + 75.0)


def test_darker_is_more_by_even_steps() -> None:
    lights = [_luminance(shade) ** (1.0 / 3.0) for shade in RAMP]
    steps = [a - b for a, b in pairwise(lights)]
    assert min(steps) > 0.05
    assert max(steps) < 2.0 * min(steps)


def test_a_picture_says_what_it_is_in_words_and_numbers() -> None:
    svg = section([panel(), panel(levels=[0.0, 2.5, 5.0])], "Glucose", "Two of them.")
    tree = ET.fromstring(svg)
    words = [one.text for one in tree.iter(f"{SVG}text")]
    assert (tree.findtext(f"{SVG}title"), tree.findtext(f"{SVG}desc")) == ("Glucose", "Two of them.")
    assert {"nucleus", "vertebra", "glucose", "[mmol/l]", "from the axis of the disc [mm]", "2.5", "5.0"} <= set(words)
    assert "prefers-color-scheme: dark" in svg
    assert "var(" not in section([panel()], "Glucose", theme="print")


def test_bands_are_as_large_as_the_values_say() -> None:
    svg = section([panel()], "Glucose")
    fills = [p.get("fill") for p in ET.fromstring(svg).iter(f"{SVG}path") if p.get("fill") in RAMP]
    assert fills == [RAMP[0], RAMP[4], RAMP[8]]
    flat = ET.fromstring(section([panel(np.zeros((6, 4)))], ""))
    assert [p.get("fill") for p in flat.iter(f"{SVG}path") if p.get("fill") in RAMP] == [RAMP[0]]


def test_an_arrow_points_where_it_flows_and_is_as_long_as_its_key_says() -> None:
    arrows = Arrows(np.array([[1.5, 0.5]]), np.array([[0.0, 2.0]]), key=1.0, unit="µm/min", long=0.5)
    svg = section([panel(arrows=arrows)], "Flow")
    shaft = re.search(r'd="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)M', svg)
    assert shaft is not None
    x0, y0, x1, y1 = (float(part) for part in shaft.groups())
    scale = (960.0 - 70.0 - 196.0) / 3.0
    assert (x1 - x0, y0 - y1) == pytest.approx((0.0, scale), abs=0.2)
    assert "water flows" in svg
    still = Arrows(arrows.places, 0.0 * arrows.ways, 1.0, "µm/min")
    assert "water at rest" in section([panel(arrows=still)], "Flow")


@pytest.mark.parametrize("levels", [[1.0], [0.0, 0.0], [1.0, 0.0], list(range(12))])
def test_levels_that_do_not_rise_are_refused(levels: list[float]) -> None:
    with pytest.raises(ValueError, match="levels must rise"):
        section([panel(levels=levels)], "")


def test_what_is_no_number_or_no_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="not a number"):
        section([panel(np.full((6, 4), np.nan))], "")
    with pytest.raises(ValueError, match=r"\(cell, 4\)"):
        section([panel(np.zeros((5, 4)))], "")
    with pytest.raises(ValueError, match="no panel"):
        section([], "")


def test_words_of_people_are_escaped() -> None:
    nasty = '<script>alert("1")</script>&'
    svg = section([panel(regions=((nasty, 0.0, 1.0),))], nasty, nasty)
    assert "<script" not in svg
    ET.fromstring(svg)
