"""Every colour in one place, light and dark; the console's style sheet is generated from the same table.

Text colours keep WCAG AA contrast (4.5:1) on `ground` and `surface`; a test measures it.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Theme = Literal["page", "standalone", "print"]


class Colour(NamedTuple):
    """One colour of the palette on a light and on a dark page."""

    light: str
    dark: str


PALETTE: Final[dict[str, Colour]] = {
    "ground": Colour("#ffffff", "#10181d"),
    "surface": Colour("#f4f7f8", "#182229"),
    "ink": Colour("#14202a", "#e8eef2"),
    "muted": Colour("#566470", "#9cabb6"),
    "hairline": Colour("#d3dbe0", "#2f3c45"),
    "prescribed": Colour("#5a6b7b", "#a3b3c2"),
    "measured": Colour("#0f5257", "#62cdcb"),
    "spine": Colour("#2b7c80", "#4fa8a8"),
    "spine-band": Colour("#cde5e4", "#1f4a4d"),
    "phase": Colour("#e9eef1", "#1f2b33"),
    "phase-strong": Colour("#d9e2e6", "#2a3942"),
    "warning": Colour("#8a5300", "#f2b84b"),
    "stop": Colour("#b3201a", "#ff8078"),
}
TEXT_COLOURS: Final = ("ink", "muted", "prescribed", "measured", "spine", "warning", "stop")


def paint(name: str, theme: Theme) -> str:
    """The colour as an SVG attribute value: a custom property with its fallback, or plain for paper."""
    light = PALETTE[name].light
    return light if theme == "print" else f"var(--{name}, {light})"


def css_variables(dark: bool = False) -> str:
    """The palette as CSS custom properties, `--measured: #0f5257; ...`."""
    return " ".join(f"--{name}: {colour.dark if dark else colour.light};" for name, colour in PALETTE.items())


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.1, relative luminance)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
