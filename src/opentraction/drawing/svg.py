"""A very small SVG writer. Everything that comes from people passes through `escape`."""

from __future__ import annotations

import re

import numpy as np

from opentraction.drawing.decimate import runs, thin
from opentraction.drawing.marks import Floats

# XML 1.0 allows no control characters but tab and line ends; a surrogate alone cannot be encoded.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def escape(text: str) -> str:
    """Text made safe inside XML elements and attributes."""
    clean = _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
    return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def tag(name: str, inside: str = "", /, **attributes: object) -> str:
    """One element; an underscore in an attribute's name is written as a hyphen, None leaves it out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_value(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def text(x: float, y: float, words: str, **attributes: object) -> str:
    """A line of text at (x, y)."""
    return tag("text", escape(words), x=x, y=y, **attributes)


def polyline(x: Floats, y: Floats) -> str:
    """Path data through the points [px]; a NaN lifts the pen; a lone point is a dot."""
    parts = []
    x, y = thin(x, np.round(y, 1))
    for run in runs(y):
        points = [f"{px:.1f} {py:.1f}" for px, py in zip(x[run].tolist(), y[run].tolist(), strict=True)]
        parts.append(f"M{'L'.join(points)}" if len(points) > 1 else f"M{points[0]}h0")
    return "".join(parts)


def area(x: Floats, low: Floats, high: Floats) -> str:
    """Path data of the band between `low` and `high` [px]; a NaN in either ends it, the next value starts anew."""
    parts = []
    for run in runs(low + high):
        above, below = thin(x[run], np.round(high[run], 1)), thin(x[run], np.round(low[run], 1))
        xs, ys = np.concatenate((above[0], below[0][::-1])), np.concatenate((above[1], below[1][::-1]))
        points = (f"{px:.1f} {py:.1f}" for px, py in zip(xs.tolist(), ys.tolist(), strict=True))
        parts.append(f"M{'L'.join(points)}Z")
    return "".join(parts)


def _value(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
