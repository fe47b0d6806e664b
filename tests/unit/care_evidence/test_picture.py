"""The pictures: what has an interval shows it, what was not compared stands apart, everything fits."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from opentraction.care.evidence import forest, shrinking, studies
from opentraction.care.evidence.sheet import wrap
from opentraction.drawing.labels import text_width

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = [340, 720]


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def words(svg: str) -> str:
    return " ".join(one.text or "" for one in drawn(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("width", WIDTHS)
def test_every_number_has_a_mark_and_every_interval_a_line(width: int) -> None:
    effects = [effect for study in studies() for effect in study.effects]
    picture = drawn(forest(width, "print"))
    squares = [one for one in picture.iter(f"{SVG}rect") if one.get("width") == "9" == one.get("height")]
    lines = [one for one in picture.iter(f"{SVG}line") if one.get("stroke-width") == "2"]
    assert len(squares) == len(effects)
    assert len(lines) == sum(effect.low is not None for effect in effects)


def test_a_point_lies_left_of_none_when_traction_did_better() -> None:
    squares = [one for one in drawn(forest(720, "print")).iter(f"{SVG}rect") if one.get("width") == "9"]
    zero = 14 + 26 / 32 * (720 - 28)
    assert all(float(one.get("x", "0")) + 4.5 < zero for one in squares)


def test_series_stand_below_the_line_and_have_no_square() -> None:
    text = words(forest(720))
    apart = text.index("Not compared with anything")
    for study in studies():
        if study.direction == "uncontrolled":
            assert text.index(study.name) > apart
        elif study.effects:
            assert text.index(study.name) < apart
    assert "This is no effect." in text[apart:]


def test_studies_that_found_nothing_come_first() -> None:
    text = words(forest(720))
    assert text.index("no difference found") < text.index("a difference measured")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("picture", [forest, shrinking])
def test_everything_lies_inside(picture: object, width: int) -> None:
    svg = picture(width)  # type: ignore[operator]
    root = drawn(svg)
    _, _, wide, high = (float(one) for one in root.get("viewBox", "").split())
    assert wide == width
    for one in root.iter(f"{SVG}text"):
        assert 0 <= float(one.get("x", "0")) <= wide
        assert 0 < float(one.get("y", "0")) <= high
        if one.get("text-anchor") is None:
            assert float(one.get("x", "0")) + text_width(one.text or "", 13.0) <= wide + 1.0


def test_the_natural_history_says_its_numbers() -> None:
    svg = shrinking()
    assert all(re.search(rf">{number}<", svg) for number in (63, 88, 67, 38, 13))
    assert "from 49 to 77" in svg


def test_words_are_wrapped_to_the_width() -> None:
    lines = wrap("Nobody knows how these people would have fared without the table.", 200)
    assert len(lines) > 1
    assert all(text_width(line, 13.0) <= 200 for line in lines)
