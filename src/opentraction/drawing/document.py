"""A whole picture as SVG text: its name, its ground, and its colours where it has to bring them along."""

from __future__ import annotations

from typing import Final

from opentraction.drawing.palette import Theme, css_variables, paint
from opentraction.drawing.svg import escape, tag

FONT: Final = "'IBM Plex Sans', system-ui, sans-serif"


def document(
    inside: str, size: tuple[float, float], title: str, description: str, theme: Theme, font_size: float | None = None
) -> str:
    """What is inside on its ground, of a size [px]. A picture for a page takes the page's colours and width."""
    head = (f"<title>{escape(title)}</title>" if title else "") + (
        f"<desc>{escape(description)}</desc>" if description else ""
    )
    if theme == "standalone":
        dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {css_variables(dark=True)} }} }}"
        head += f"<style>:root {{ {css_variables()} }} {dark}</style>"
    if theme != "page":
        inside = tag("rect", width="100%", height="100%", fill=paint("ground", theme)) + inside
    width, height = size
    return tag(
        "svg", head + inside, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {height}", role="img",
        font_family=FONT, font_size=font_size, font_variant_numeric="tabular-nums",
        width=None if theme == "page" else width, height=None if theme == "page" else height,
    )  # fmt: skip
