"""Pictures placed on a page of their own size under a title and a few lines."""

from __future__ import annotations

from collections.abc import Sequence

from opentraction.drawing.palette import Theme, paint
from opentraction.drawing.svg import tag, text

EDGE = 16
"""Left and right of a picture [px]."""


def headed(
    title: str, lines: Sequence[str], pictures: Sequence[tuple[str, int]], size: tuple[int, int], theme: Theme
) -> str:
    """SVG text of `size` [px]; each picture with its upper edge [px]."""
    inside = tag("rect", width="100%", height="100%", fill=paint("ground", theme))
    inside += text(EDGE + 2, 34, title, fill=paint("ink", theme), font_size=20)
    for number, line in enumerate(lines):
        inside += text(EDGE + 2, 56 + 22 * number, line, fill=paint("muted", theme), font_size=14)
    inside += "".join(picture.replace("<svg ", f'<svg x="{EDGE}" y="{y}" ', 1) for picture, y in pictures)
    return tag(
        "svg",
        inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {size[0]} {size[1]}",
        width=size[0],
        height=size[1],
        role="img",
        font_family="'IBM Plex Sans', system-ui, sans-serif",
    )
