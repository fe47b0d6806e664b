"""Distances and boxes on the globe, and what people type as a place."""

from __future__ import annotations

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.care.specialists import Point, Where, box_around, distance, read_where, zip_codes
from opentraction.care.specialists.places import EARTH, zip5
from opentraction.quantities import BadInput

POINTS = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


def test_a_quarter_of_the_way_round() -> None:
    assert distance(Point(0, 0), Point(0, 90)) == pytest.approx(EARTH * pi / 2)
    assert distance(Point(90, 17), Point(0, -120)) == pytest.approx(EARTH * pi / 2)
    assert distance(Point(12, 34), Point(-12, -146)) == pytest.approx(EARTH * pi)


def test_new_york_to_los_angeles() -> None:
    # About 3,936 km (from memory, unverified); the formula alone gives 3,935.7.
    assert distance(Point(40.7128, -74.0060), Point(34.0522, -118.2437)) == pytest.approx(3.936e6, rel=2e-3)


@given(POINTS, POINTS, POINTS)
def test_it_is_a_distance(a: Point, b: Point, c: Point) -> None:
    assert distance(a, a) == 0
    assert distance(a, b) == pytest.approx(distance(b, a))
    assert distance(a, c) <= distance(a, b) + distance(b, c) + 1e-3


@given(POINTS, POINTS, st.floats(1.0, 3e6))
def test_whoever_is_near_is_in_the_box(middle: Point, other: Point, radius: float) -> None:
    box = box_around(middle, radius)
    hair = 1e-7
    tall = box.south - hair <= other.latitude <= box.north + hair
    if box.west <= box.east:
        wide = box.west - hair <= other.longitude <= box.east + hair
    else:
        wide = other.longitude >= box.west - hair or other.longitude <= box.east + hair
    round_the_seam = abs(abs(other.longitude) - 180) < hair
    assert (tall and (wide or round_the_seam)) or distance(middle, other) > radius * (1 - 1e-9)


def test_across_the_180th_meridian() -> None:
    box = box_around(Point(-17.0, 179.9), 50_000)
    assert box.west > box.east


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("78701", Where(code="78701")),
        (" 78701-1234 ", Where(code="78701")),
        ("Austin, tx", Where(city="Austin", state="TX")),
        ("Austin", Where(city="Austin")),
        ("30.27, -97.74", Where(point=Point(30.27, -97.74))),
    ],
)
def test_what_people_type(text: str, meant: Where) -> None:
    assert read_where(text) == meant


@pytest.mark.parametrize("text", ["", ",TX", "91, 0", "0, 181", "x" * 81, "Aus\x00tin", "Austin, 78701"])
def test_what_is_no_place(text: str) -> None:
    with pytest.raises(BadInput, match="near"):
        read_where(text)


def test_zip_codes_are_there_once_and_on_the_globe() -> None:
    places = list(zip_codes())
    assert len(places) == len({place.code for place in places}) > 40_000
    assert all(abs(place.point.latitude) <= 90 and abs(place.point.longitude) <= 180 for place in places)
    assert zip5("787011234") == "78701"
    assert zip5("7870") == zip5("78701-12") == ""
