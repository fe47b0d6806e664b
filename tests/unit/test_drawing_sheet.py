"""Pictures one below the other: none touches the next, plots line up, colours come along."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from opentraction.drawing import PALETTE, Axis, Series, chart
from opentraction.drawing.sheet import Row, sheet

SVG = "{http://www.w3.org/2000/svg}"


def plot(label: str, values: list[float], margins: tuple[float, float] = (0.0, 0.0)) -> str:
    return chart([Series([0.0, 1.0, 2.0], values, label)], y=Axis("", "mm"), size=(960, 200), margins=margins)


def edges(picture: str) -> tuple[float, float]:
    """Where the line below the plot begins and ends [px]."""
    bottom = 200.0 - 26.0
    found = re.search(rf"M([\d.]+) {bottom:.1f}H([\d.]+)", picture)
    assert found is not None
    return float(found[1]), float(found[2])


def test_rows_stand_below_each_other_under_their_headings() -> None:
    made = ET.fromstring(sheet([Row("one", plot("a", [1, 2, 3]), 200), Row("two", plot("b", [3, 2, 1]), 120)], "both"))
    places = [(float(one.get("y", "")), float(one.get("height", ""))) for one in made.findall(f"{SVG}svg")]
    heads = {one.text: float(one.get("y", "")) for one in made.findall(f"{SVG}text")}
    (first, high), (second, low) = places
    assert heads["one"] < first
    assert first + high < heads["two"] < second
    assert second + low < float(made.get("height", ""))


def test_it_has_a_name_and_brings_its_colours_for_light_and_dark() -> None:
    made = sheet([Row("<a>", plot("a", [1, 2, 3]), 200)], 'lying & "pulled"', "what it shows")
    root = ET.fromstring(made)
    assert root.findtext(f"{SVG}title") == 'lying & "pulled"'
    assert root.findtext(f"{SVG}desc") == "what it shows"
    assert root.findtext(f"{SVG}text") == "<a>"
    assert "prefers-color-scheme: dark" in made
    assert PALETTE["ground"].dark in made


def test_plots_of_one_sheet_line_up_where_they_are_given_room() -> None:
    wide, narrow = [10_000.0, 0.0, 1.0], [0.0, 1.0, 2.0]
    alone = [edges(plot("a long name", wide)), edges(plot("a", narrow))]
    given = [edges(plot("a long name", wide, (80.0, 140.0))), edges(plot("a", narrow, (80.0, 140.0)))]
    assert alone[0] != alone[1]
    assert given == [(80.0, 820.0)] * 2


def test_an_empty_sheet_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to put"):
        sheet([], "none")
