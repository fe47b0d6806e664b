"""Where things are, and how far apart. A practice stands in the middle of its ZIP code, so distances are rough.

ZIP codes and their middles: package `zipcodes`. What it does not know has no place, and then no distance is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, cos, degrees, isfinite, radians, sin, sqrt
from typing import Final

from opentraction.quantities import BadInput

EARTH: Final = 6_371_008.8
"""Mean radius of the Earth [m] (IUGG; from memory, unverified)."""
MILE: Final = 1609.344
"""International mile [m], by definition."""


@dataclass(frozen=True, slots=True)
class Point:
    """Latitude and longitude [degrees], north and east positive."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the map that holds a circle [degrees]. `west` > `east` where it crosses the 180th meridian."""

    south: float
    north: float
    west: float
    east: float


@dataclass(frozen=True, slots=True)
class ZipCode:
    """A US ZIP code: its town, its state, its middle."""

    code: str
    city: str
    state: str
    point: Point


@dataclass(frozen=True, slots=True)
class Where:
    """What a person typed as a place, understood: exactly one of point, code, or city with or without state."""

    point: Point | None = None
    code: str = ""
    city: str = ""
    state: str = ""


def distance(a: Point, b: Point) -> float:
    """Great-circle distance [m] by the haversine formula; exact on a sphere, within 0.6 % on the Earth."""
    south, north = radians(a.latitude), radians(b.latitude)
    across = radians(b.longitude - a.longitude)
    h = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(across / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(h)))


def box_around(middle: Point, radius: float) -> Box:
    """The smallest box that holds every point within `radius` [m] of `middle`."""
    angle = radius / EARTH
    up = degrees(angle)
    south, north = middle.latitude - up, middle.latitude + up
    if south <= -90 or north >= 90:
        return Box(max(south, -90.0), min(north, 90.0), -180.0, 180.0)
    aside = degrees(asin(min(1.0, sin(angle) / cos(radians(middle.latitude)))))
    return Box(south, north, _wrapped(middle.longitude - aside), _wrapped(middle.longitude + aside))


def _wrapped(longitude: float) -> float:
    return (longitude + 180.0) % 360.0 - 180.0


def zip_codes() -> Iterator[ZipCode]:
    """Every ZIP code the package knows, each once."""
    import zipcodes

    seen = set()
    for row in zipcodes.list_all():  # type: ignore[no-untyped-call]
        if row["zip_code"] not in seen:
            seen.add(row["zip_code"])
            yield ZipCode(row["zip_code"], row["city"], row["state"], Point(float(row["lat"]), float(row["long"])))


_ZIP = re.compile(r"(\d{5})(?:[- ]?\d{4})?")
_PAIR = re.compile(r"(-?\d{1,3}(?:\.\d{1,9})?)\s*[, ]\s*(-?\d{1,3}(?:\.\d{1,9})?)")


def zip5(postal_code: str) -> str:
    """The five digits of a US postal code; empty when there are none."""
    match = _ZIP.fullmatch(postal_code.strip())
    return match[1] if match else ""


def read_where(text: str) -> Where:
    """A ZIP code, `latitude, longitude`, or a town with or without its state. Raises BadInput."""
    short = text.strip()
    allowed = "a ZIP code, a town and its state (Austin, TX), or latitude and longitude (30.27, -97.74)"
    if pair := _PAIR.fullmatch(short):
        return Where(point=read_point(pair[1], pair[2], "near"))
    if zip5(short):
        return Where(code=zip5(short))
    town, _, state = (part.strip() for part in short.partition(","))
    if not town or len(short) > 80 or not short.isprintable() or (state and not state.isalpha()):
        raise BadInput("near", text, allowed)
    return Where(city=town, state=state.upper())


def read_point(latitude: str, longitude: str, where: str) -> Point:
    """A point from two texts. Raises BadInput."""
    try:
        north, east = float(latitude), float(longitude)
    except ValueError:
        north = east = float("nan")
    if not (isfinite(north) and isfinite(east) and abs(north) <= 90 and abs(east) <= 180):
        raise BadInput(where, f"{latitude}, {longitude}", "latitude from -90 to 90 and longitude from -180 to 180")
    return Point(north, east)
