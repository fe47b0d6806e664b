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
    """A disc: its name, how far it opens [mm] and how its pressure changes [kPa], each low, middle and high.

    What lying alone would do stands beside where it is known; `treated` discs are marked.
    """

    name: str
    opening: tuple[float, float, float]
    pressure: tuple[float, float, float]
    lying: float | None = None
    """[mm], the middle."""
    pressure_lying: float | None = None
    """[kPa], the middle."""
    treated: bool = False


EXAGGERATED: Final = 5.0
"""Openings are drawn so many times as large."""
SCALE: Final = 1.6
"""Pixels a millimetre."""
WEDGES: Final = (4.5, 6.5, 8.5, 11.0, 14.0)
"""Angles of the discs, from the top [deg]; stylised."""
BODY_WEDGES: Final = (-3.0, -1.0, 0.5, 2.5, 8.0)
DISC, BODY, DEPTH, SACRUM = 10.0, 26.0, 34.0, 40.0
WIDTH, HEAD, ROW, FOOT = 400, 26, 75, 22
"""Of the drawing, its headings, the row of a disc, and a line of words below [px]."""
LEFT: Final = 36
SACRUM_UP: Final = 44
"""From the last row's end to the middle of the sacrum's plate [px]."""
NAME_AT, OPENS_AT, PRESSURE_AT = 114, 176, 296
FIGURE, UNIT, SMALL = 28, 16, 15
"""Sizes of type: what is read from two metres, and what is read from near [px]."""
DARKEST: Final = 80.0
"""A change of pressure by so much [kPa] fills a disc wholly."""


def spine(discs: Sequence[DiscMark], title: str, words: Sequence[str], theme: Theme = "page") -> str:
    """The drawing as an SVG element; `discs` from the top down, lines of `words` below.

    Numbers are of the class `figure` and discs of the class `disc`: a page takes them away when they are old. Raises
    ValueError for other levels.
    """
    if len(discs) != len(WEDGES):
        raise ValueError(f"{len(discs)} discs; there are {len(WEDGES)} from L1-L2 to L5-S1")
    rows = HEAD + ROW * len(discs)
    shapes, middles, top = _chain(discs, theme)
    above = max(0.0, top - (rows - SACRUM_UP))  # a spine that opens very far is not cut off
    labels = [_label(mark, i, theme) + _hair(middles[i], i, theme) for i, mark in enumerate(discs)]
    inside = tag("title", title) + tag("desc", f"{'; '.join(_told(one) for one in discs)}. {' '.join(words)}")
    inside += _headings(theme) + "".join(labels)
    inside += tag("g", "".join(shapes), transform=f"translate({LEFT} {rows - SACRUM_UP})")
    for i, line in enumerate(words):
        inside += text(0, rows + FOOT * (i + 1), line, fill=paint("muted", theme), font_size=SMALL)
    height = rows + FOOT * len(words) + 8 + above
    return tag(
        "svg",
        inside,
        viewBox=f"0 {-above:.0f} {WIDTH} {height:.0f}",
        role="img",
        font_family="'IBM Plex Sans', system-ui, sans-serif",
    )


def _told(one: DiscMark) -> str:
    """A disc in words, for who does not see it."""
    alone = "" if one.lying is None else f", lying alone {_signed(one.lying, 1)} mm"
    treated = ", treated" if one.treated else ""
    return f"{one.name}{treated} {_with_band(one.opening, 1)} mm, {_with_band(one.pressure, 0)} kPa{alone}"


def _headings(theme: Theme) -> str:
    muted = paint("muted", theme)
    heads = ((OPENS_AT, "disc opens"), (PRESSURE_AT, "its pressure"))
    return "".join(text(at, HEAD - 10, words, fill=muted, font_size=SMALL) for at, words in heads)


def _chain(discs: Sequence[DiscMark], theme: Theme) -> tuple[list[str], list[Point], float]:
    """Shapes from the sacrum up, the middle of each disc from the top down [px], and how high it comes [px]."""
    tilt, at = math.radians(SACRUM), (0.0, 0.0)
    shapes, middles = [_body(at, tilt, 0.0, 14.0, theme, down=True)], []
    for i in range(len(discs) - 1, -1, -1):
        mark = discs[i]
        wedge = math.radians(WEDGES[i])
        rise = DISC + EXAGGERATED * mark.opening[1]
        shape, middle, at, tilt = _disc(at, tilt, rise, wedge, mark, theme)
        shapes.append(shape)
        middles.append((SCALE * middle[0], -SCALE * middle[1]))
        turn = math.radians(BODY_WEDGES[i])
        shapes.append(_body(at, tilt, turn, BODY, theme))
        at = _moved(at, tilt - 0.5 * turn, BODY)
        tilt -= turn
    return shapes, middles[::-1], SCALE * (at[1] + 0.5 * DEPTH * abs(math.sin(tilt)))


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
        stroke=colour, stroke_width=1.5, stroke_linejoin="round", class_="disc",
    )  # fmt: skip
    middle = (0.5 * (at[0] + above[0]), 0.5 * (at[1] + above[1]))
    return shape, middle, above, tilt - wedge


def _hair(middle: Point, i: int, theme: Theme) -> str:
    """From a disc to its row."""
    x, y = LEFT + middle[0] + 0.5 * SCALE * DEPTH + 4, HEAD + ROW * len(WEDGES) - SACRUM_UP + middle[1]
    return tag("path", d=f"M{x:.1f} {y:.1f}L{NAME_AT - 10} {HEAD + ROW * i + 24}", stroke=paint("hairline", theme))


def _label(mark: DiscMark, i: int, theme: Theme) -> str:
    """The row of a disc: its name, and under each heading the middle, the band, and what lying alone would do."""
    y, muted = HEAD + ROW * i, paint("muted", theme)
    row = _treated(y, theme) if mark.treated else ""
    row += text(NAME_AT, y + 30, mark.name, fill=paint("ink", theme), font_size=18, font_weight=600)
    if mark.treated:
        row += text(NAME_AT, y + 48, "treated", fill=paint("measured", theme), font_size=SMALL)
    for at, of, decimals, unit, alone, colour in (
        (OPENS_AT, mark.opening, 1, "mm", mark.lying, "spine"),
        (PRESSURE_AT, mark.pressure, 0, "kPa", mark.pressure_lying, "ink"),
    ):
        row += _figure(at, y + 30, _signed(of[1], decimals), unit, paint(colour, theme))
        row += _small(at, y + 48, f"{_signed(of[0], decimals)} to {_signed(of[2], decimals)}", muted)
        if alone is not None:
            row += _small(at, y + 65, f"lying alone {_signed(alone, decimals)}", muted)
    return row


def _treated(y: float, theme: Theme) -> str:
    ground = tag("rect", x=NAME_AT - 8, y=y, width=WIDTH - NAME_AT + 8, height=ROW, fill=paint("surface", theme))
    return ground + tag("rect", x=NAME_AT - 8, y=y, width=3, height=ROW, fill=paint("measured", theme))


def _figure(x: float, y: float, number: str, unit: str, fill: str) -> str:
    parts = tag("tspan", number, class_="figure") + tag("tspan", unit, dx=4, font_size=UNIT, font_weight=400)
    return tag("text", parts, x=x, y=y, fill=fill, font_size=FIGURE, font_weight=600)


def _small(x: float, y: float, words: str, fill: str) -> str:
    return text(x, y, words, fill=fill, font_size=SMALL, class_="figure")


def _with_band(of: tuple[float, float, float], decimals: int) -> str:
    low, middle, high = (_signed(x, decimals) for x in of)
    return f"{middle} ({low} to {high})"


def _signed(x: float, decimals: int) -> str:
    return f"{round(x, decimals) + 0.0:+.{decimals}f}".replace("-", "\N{MINUS SIGN}")
