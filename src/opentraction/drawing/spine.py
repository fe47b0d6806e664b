"""The lumbar spine from the side, in line: vertebrae, discs that open, and what each probably does, with its band.

A drawing, not a picture of anybody: shapes are the same for everyone, and openings are drawn larger than they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from opentraction.drawing.palette import Theme, paint
from opentraction.drawing.svg import tag, text

Point = tuple[float, float]


class DiscMark(NamedTuple):
    """A disc: its name, how far it opens [mm] and how its pressure changes [kPa], each low, middle and high."""

    name: str
    opening: tuple[float, float, float]
    pressure: tuple[float, float, float]


EXAGGERATED: Final = 5.0
"""Openings are drawn so many times as large."""
SCALE: Final = 1.05
"""Pixels a millimetre."""
WEDGES: Final = (4.5, 6.5, 8.5, 11.0, 14.0)
"""Angles of the discs, from the top [deg]; stylised."""
BODY_WEDGES: Final = (-3.0, -1.0, 0.5, 2.5, 8.0)
DISC, BODY, DEPTH, SACRUM = 10.0, 26.0, 34.0, 40.0
WIDTH, FOOT = 396, 62
LEFT: Final = 44
TEXT_AT, VALUES_AT = 120, 176
DARKEST: Final = 80.0
"""A change of pressure by so much [kPa] fills a disc wholly."""


def spine(discs: Sequence[DiscMark], title: str, words: str, theme: Theme = "page") -> str:
    """The drawing as an SVG element; `discs` from the top down, `words` below. Raises ValueError for other levels."""
    if len(discs) != len(WEDGES):
        raise ValueError(f"{len(discs)} discs; there are {len(WEDGES)} from L1-L2 to L5-S1")
    shapes, labels, top = _chain(discs, theme)
    height = FOOT - top + 12
    told = "; ".join(f"{one.name} {_with_band(one.opening, 1)} mm, {_with_band(one.pressure, 0)} kPa" for one in discs)
    inside = tag("title", title) + tag("desc", f"{told}. {words}")
    inside += tag("g", "".join(shapes), transform=f"translate({LEFT} {height - FOOT:.1f})")
    inside += tag("g", "".join(labels), transform=f"translate(0 {height - FOOT:.1f})")
    inside += text(0, height - 8, words, fill=paint("muted", theme), font_size=12)
    return tag(
        "svg",
        inside,
        viewBox=f"0 0 {WIDTH} {height:.0f}",
        role="img",
        font_family="'IBM Plex Sans', system-ui, sans-serif",
    )


def _chain(discs: Sequence[DiscMark], theme: Theme) -> tuple[list[str], list[str], float]:
    """Shapes and labels from the sacrum up, and how high it comes [px]."""
    tilt, at = math.radians(SACRUM), (0.0, 0.0)
    shapes, labels = [_body(at, tilt, 0.0, 14.0, theme, down=True)], []
    for i in range(len(discs) - 1, -1, -1):
        mark = discs[i]
        wedge = math.radians(WEDGES[i])
        rise = DISC + EXAGGERATED * mark.opening[1]
        shape, middle, at, tilt = _disc(at, tilt, rise, wedge, mark, theme)
        shapes.append(shape)
        labels.append(_label(mark, middle, theme))
        turn = math.radians(BODY_WEDGES[i])
        shapes.append(_body(at, tilt, turn, BODY, theme))
        at = _moved(at, tilt - 0.5 * turn, BODY)
        tilt -= turn
    return shapes, labels, SCALE * at[1] * -1.0


def _moved(at: Point, tilt: float, by: float) -> Point:
    """Up along the chain [mm]; y counts upwards."""
    return at[0] + by * math.sin(tilt), at[1] + by * math.cos(tilt)


def _ends(at: Point, tilt: float, half: float) -> tuple[Point, Point]:
    """Front and back end of a plate [mm]; the patient looks to the right."""
    x, y = half * math.cos(tilt), -half * math.sin(tilt)
    return (at[0] + x, at[1] + y), (at[0] - x, at[1] - y)


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{SCALE * x:.1f} {-SCALE * y:.1f}" for x, y in points) + "Z"


def _body(at: Point, tilt: float, turn: float, tall: float, theme: Theme, down: bool = False) -> str:
    """A vertebra on the plate at `at`, or the sacrum below it."""
    far = _moved(at, tilt - 0.5 * turn, -tall if down else tall)
    front, back = _ends(at, tilt, 0.5 * DEPTH)
    over_front, over_back = _ends(far, tilt - turn, (0.36 if down else 0.5) * DEPTH)
    stroke = paint("prescribed", theme)
    return tag(
        "path", d=_path([front, over_front, over_back, back]), fill=paint("surface", theme), stroke=stroke,
        stroke_width=1.5, stroke_linejoin="round",
    )  # fmt: skip


def _disc(
    at: Point, tilt: float, rise: float, wedge: float, mark: DiscMark, theme: Theme
) -> tuple[str, Point, Point, float]:
    """The disc's shape, its middle, and the plate above it."""
    above = _moved(at, tilt - 0.5 * wedge, rise)
    front, back = _ends(at, tilt, 0.5 * DEPTH - 1.0)
    over_front, over_back = _ends(above, tilt - wedge, 0.5 * DEPTH - 1.0)
    full = min(abs(mark.pressure[1]) / DARKEST, 1.0)
    colour = paint("spine" if mark.pressure[1] <= 0.0 else "muted", theme)
    shape = tag(
        "path", d=_path([front, over_front, over_back, back]), fill=colour, fill_opacity=0.18 + 0.6 * full,
        stroke=colour, stroke_width=1.5, stroke_linejoin="round",
    )  # fmt: skip
    middle = (0.5 * (at[0] + above[0]), 0.5 * (at[1] + above[1]))
    return shape, middle, above, tilt - wedge


def _label(mark: DiscMark, middle: Point, theme: Theme) -> str:
    """Two lines beside a disc, with a hair to it."""
    y = -SCALE * middle[1]
    x = LEFT + SCALE * (middle[0] + 0.5 * DEPTH) + 6
    line = tag("path", d=f"M{x:.1f} {y:.1f}H{TEXT_AT - 10}", stroke=paint("hairline", theme))
    name = text(TEXT_AT, y - 1, mark.name, fill=paint("muted", theme), font_size=15)
    opening = text(
        VALUES_AT, y - 1, f"{_with_band(mark.opening, 1)} mm", fill=paint("spine", theme), font_size=16, font_weight=600
    )
    pressure = text(VALUES_AT, y + 17, f"{_with_band(mark.pressure, 0)} kPa", fill=paint("ink", theme), font_size=15)
    return line + name + opening + pressure


def _with_band(of: tuple[float, float, float], decimals: int) -> str:
    low, middle, high = (f"{round(x, decimals) + 0.0:+.{decimals}f}".replace("-", "\N{MINUS SIGN}") for x in of)
    return f"{middle} ({low} to {high})"
