"""A column of rows on an SVG sheet: headings, notes, and marks on small scales, from the top down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from opentraction.drawing.labels import text_width
from opentraction.drawing.palette import Theme, css_variables, paint
from opentraction.drawing.svg import escape, tag, text

FONT: Final = 13.0
LINE: Final = 18.0
PAD: Final = 6.0
_FAMILY: Final = "'IBM Plex Sans', system-ui, sans-serif"


@dataclass(frozen=True, slots=True)
class Scale:
    """`low` to `high` over the width of a sheet [px], a margin left free for what is written at its ends."""

    low: float
    high: float
    left: float
    right: float

    def x(self, value: float) -> float:
        """Where a value lies [px]; beyond the ends it stays at the end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)


class Sheet:
    """Grows downwards; `y` [px] is where the next row begins."""

    def __init__(self, width: int, theme: Theme, texts: Mapping[str, str] | None = None) -> None:
        self.width = width
        self.theme: Theme = theme
        self.texts = texts or {}
        self.y = 4.0
        self.parts: list[str] = []

    def say(self, english: str) -> str:
        """The words in the sheet's language; English where it lacks them."""
        return self.texts.get(f"picture.{english}", english)

    def scale(self, low: float, high: float) -> Scale:
        """A scale over the whole width."""
        return Scale(low, high, 14.0, self.width - 14.0)

    def write(self, words: str, colour: str = "ink", weight: int | None = None) -> None:
        """A paragraph, wrapped to the width."""
        for line in wrap(words, self.width - 2 * PAD):
            self.y += LINE
            self.parts.append(text(PAD, self.y - 5.0, line, fill=self.paint(colour), font_weight=weight))

    def space(self, height: float) -> None:
        """Leave room."""
        self.y += height

    def rule(self, x1: float, x2: float, y: float, colour: str = "hairline", **more: object) -> None:
        """A level line."""
        self.parts.append(tag("line", x1=x1, x2=x2, y1=y, y2=y, stroke=self.paint(colour), **more))

    def post(self, x: float, y1: float, y2: float, colour: str = "hairline", **more: object) -> None:
        """An upright line."""
        self.parts.append(tag("line", x1=x, x2=x, y1=y1, y2=y2, stroke=self.paint(colour), **more))

    def block(self, x1: float, x2: float, y: float, height: float, colour: str, **more: object) -> None:
        """A filled block."""
        place = {"x": min(x1, x2), "y": y, "width": abs(x2 - x1), "height": height}
        self.parts.append(tag("rect", **place, fill=self.paint(colour), **more))

    def square(self, x: float, y: float, side: float, colour: str) -> None:
        """A filled square around (x, y)."""
        self.block(x - side / 2, x + side / 2, y - side / 2, side, colour)

    def ring(self, x: float, y: float, radius: float, colour: str) -> None:
        """An open circle around (x, y)."""
        self.parts.append(
            tag("circle", cx=x, cy=y, r=radius, fill=self.paint("ground"), stroke=self.paint(colour), stroke_width=1.5)
        )

    def label(self, x: float, words: str, y: float, anchor: str = "middle", colour: str = "muted") -> None:
        """A few words at a place."""
        self.parts.append(text(x, y, words, text_anchor=anchor, fill=self.paint(colour), font_size=12))

    def ticks(self, scale: Scale, values: Sequence[float], ends: tuple[str, str]) -> None:
        """The scale's numbers under the rows, and what its two ends mean."""
        self.rule(scale.left, scale.right, self.y)
        for value in values:
            self.post(scale.x(value), self.y, self.y + 4.0, "muted")
            self.label(scale.x(value), f"{value:g}".replace("-", "−"), self.y + 16.0)
        self.y += LINE
        for line in (f"← {ends[0]}", f"{ends[1]} →"):
            side = "start" if line.startswith("←") else "end"
            self.label(PAD if side == "start" else self.width - PAD, line, self.y + 14.0, side)
        self.y += LINE + PAD

    def paint(self, name: str) -> str:
        """A colour of the palette for this sheet's theme."""
        return paint(name, self.theme)

    def svg(self, title: str, description: str) -> str:
        """The whole sheet as SVG text."""
        head = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        if self.theme == "standalone":
            dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {css_variables(dark=True)} }} }}"
            head += f"<style>:root {{ {css_variables()} }} {dark}</style>"
        if self.theme != "page":
            head += tag("rect", width="100%", height="100%", fill=self.paint("ground"))
        height = round(self.y + PAD)
        fixed = None if self.theme == "page" else self.width
        attributes = {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {self.width} {height}",
            "role": "img",
            "font_family": _FAMILY,
            "font_size": FONT,
            "font_variant_numeric": "tabular-nums",
            "width": fixed,
            "height": height if fixed else None,
        }
        return tag("svg", head + "".join(self.parts), **attributes)


def wrap(words: str, width: float) -> list[str]:
    """Lines of at most `width` [px]."""
    lines: list[str] = []
    for word in words.split():
        if lines and text_width(f"{lines[-1]} {word}", FONT) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
