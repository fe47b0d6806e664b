"""Pictures one below the other on one sheet, each under a heading, as one SVG that brings its colours along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from opentraction.drawing.document import document
from opentraction.drawing.palette import paint
from opentraction.drawing.svg import tag, text

HEAD, GAP = 30, 18
"""Room of a heading and below a picture [px]."""


@dataclass(frozen=True)
class Row:
    """A picture drawn with the theme `page` and what stands above it; `height` [px] is the picture's own."""

    heading: str
    picture: str
    height: int


def sheet(rows: Sequence[Row], title: str, description: str = "", width: int = 960) -> str:
    """The rows from the top down as SVG text, light and dark. Raises ValueError for none."""
    if not rows:
        raise ValueError("nothing to put on the sheet")
    tops = list(accumulate((HEAD + row.height + GAP for row in rows), initial=0))
    inside = "".join(_row(row, top, width) for row, top in zip(rows, tops, strict=False))
    return document(inside, (width, tops[-1]), title, description, "standalone")


def _row(row: Row, top: int, width: int) -> str:
    said = text(2.0, top + 20.0, row.heading, fill=paint("ink", "page"), font_size=16, font_weight=600)
    return said + tag("svg", row.picture, x=0, y=top + HEAD, width=width, height=row.height)
