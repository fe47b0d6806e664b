"""The page on what feeds the disc says what its figures say, and its pictures are small and drawn for both grounds."""

from __future__ import annotations

import json
import runpy
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "researcher" / "nutrients.md"
FIGURES = json.loads((PAGE.parent / "nutrients.json").read_text("utf-8"))
PICTURES = sorted((ROOT / "docs" / "pictures").glob("disc-*.svg"))


def test_its_tables_are_those_of_the_figures() -> None:
    filled = runpy.run_path(str(ROOT / "scripts" / "disc_fields.py"))["filled"]
    page = PAGE.read_text("utf-8")
    assert filled(page, FIGURES) == page
    changed = json.loads(json.dumps(FIGURES))
    changed["endplates"]["1"]["lies and is pulled"]["end"]["mean_glucose"] += 0.02
    assert filled(page, changed) != page


def test_what_it_says_in_short_is_in_the_figures() -> None:
    page = PAGE.read_text("utf-8").replace("\n", " ")
    open_, slow = FIGURES["endplates"]["1"], FIGURES["slow water"]

    def gained(of: dict[str, Any], arm: str, when: str = "end") -> float:
        return float(of[arm][when]["mean_glucose"] - of["before"]["mean_glucose"])

    lain, pulled = gained(open_, "lies down"), gained(open_, "lies and is pulled")
    more, slowly = pulled - lain, gained(slow, "lies and is pulled") - gained(slow, "lies down")
    grown = FIGURES["water"]["lies and is pulled"]
    for said in (
        f"by {lain:.2f} mmol/l, with a pull of 300 N at the disc by {pulled:.2f}",
        f"the pull adds {slowly:.2f} mmol/l to what lying does, not {more:.2f}",
        f"this disc drinks {grown['water, end']:.1f} ml in 45 minutes, and grows {grown['height, end']:.1f} mm",
    ):
        assert said in " ".join(page.split()), said
    shut = FIGURES["endplates"]["0.3"]
    assert f"up by {gained(shut, 'lies down'):.2f} lying, by {gained(shut, 'lies and is pulled'):.2f} pulled" in page
    for arm in ("lies down", "lies and is pulled"):
        assert 0.5 < gained(shut, arm, "an hour later") / gained(shut, arm) < 0.6
    left = gained(open_, "lies and is pulled", "an hour later") / pulled
    assert 1.0 / 3.0 < left < 0.5
    lowest = [abs(one["glucose"] - open_["before"]["glucose"]) for one in open_["lies and is pulled"].values()]
    assert max(lowest) < 0.055


def test_what_it_says_of_the_degenerate_disc_and_of_low_pressure_is_in_the_figures() -> None:
    page = " ".join(PAGE.read_text("utf-8").split())
    open_, worn = FIGURES["endplates"]["1"], FIGURES["degenerate"]

    def gained(of: dict[str, Any], arm: str, when: str = "end") -> float:
        return float(of[arm][when]["mean_glucose"] - of["before"]["mean_glucose"])

    by = [gained(one, arm) for one in (worn, open_) for arm in ("lies down", "lies and is pulled")]
    said = "by {:.2f} mmol/l lying and by {:.2f} pulled, more than those of the healthy one ({:.2f} and {:.2f})"
    assert said.format(*by) in page
    assert all(
        0.45 < gained(worn, arm, "an hour later") / gained(worn, arm) < 0.55
        for arm in worn
        if arm in open_ and arm.startswith("lies")
    )
    lain, healthy = worn["openings"], FIGURES["openings"]
    assert (
        f"it has {lain['1']['mean_glucose']:.2f} mmol/l with open ones (healthy {healthy['1']['mean_glucose']:.2f})"
        in page
    )
    assert f"{lain['0.3']['mean_glucose']:.2f} with 30 % open (healthy {healthy['0.3']['mean_glucose']:.2f})" in page
    assert f"{100.0 * lain['0.3']['viable']:.0f} % of its cells have enough then (healthy 94 %)" in page
    low = [FIGURES["flow"][when]["lowest pressure"] for when in ("the end of the pull", "five minutes of the pull")]
    assert "is {:.2f} MPa then, and was {:.2f} MPa five minutes in".format(*low) in page


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_small_and_drawn_for_light_and_dark(picture: Path) -> None:
    text = picture.read_text("utf-8")
    assert len(text) < 200_000
    assert "prefers-color-scheme: dark" in text
    assert ET.fromstring(text).get("role") == "img"


def test_every_picture_of_the_disc_is_on_the_page() -> None:
    assert PICTURES
    page = PAGE.read_text("utf-8")
    assert [one.name for one in PICTURES if f"../pictures/{one.name}" not in page] == []
