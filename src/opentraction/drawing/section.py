"""A section through a disc, from its axis to its rim: a value in bands of colour, arrows of what flows, one panel each.

Darker is more. The colours are the same on a light and a dark page; they are even steps of lightness (OKLCH), so that
they keep their order in grey and for eyes that tell few colours apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from opentraction.drawing.contour import Floats, above, path
from opentraction.drawing.document import document
from opentraction.drawing.palette import Theme, paint
from opentraction.drawing.svg import tag, text
from opentraction.drawing.ticks import number_text, ticks

RAMP: Final = ("#dafdf2", "#abe5da", "#7dcdc6", "#52b3b4", "#2b98a1", "#0b7d8b", "#066173", "#104757", "#142e3a")
INK, HALO = "#14202a", "#ffffff"
WIDTH, LEFT, RIGHT, HEAD, FOOT = 960.0, 70.0, 196.0, 62.0, 62.0
SHORTEST: Final = 3.0
"""An arrow of fewer pixels is left out."""
BONE: Final = 2.2
"""Of the vertebrae so much is drawn [mm]."""


@dataclass(frozen=True)
class Arrows:
    """What flows: where [mm] and how much in each direction, both (n, 2); `key` [unit] is drawn `long` [mm]."""

    places: Floats
    ways: Floats
    key: float
    unit: str
    long: float = 2.0


@dataclass(frozen=True)
class Panel:
    """One picture.

    corners (cell, 4, 2) [mm] from the axis and from the middle plane upwards, values (cell, 4) at them, levels [unit]
    between colours, at most nine in all; regions: name, from and to [mm] along the top; borders: lines [mm].
    """

    title: str
    quantity: str
    unit: str
    corners: Floats
    values: Floats
    levels: Sequence[float]
    regions: Sequence[tuple[str, float, float]] = ()
    borders: Sequence[Floats] = ()
    arrows: Arrows | None = None


class _Frame(NamedTuple):
    """Pixels of millimetres."""

    scale: float
    top: float
    high: float
    theme: Theme

    def x(self, r: Floats | float) -> Floats:
        return np.asarray(LEFT + self.scale * np.asarray(r))

    def y(self, z: Floats | float) -> Floats:
        return np.asarray(self.top + self.scale * (self.high - np.asarray(z)))

    def at(self, places: Floats) -> Floats:
        """(..., 2)"""
        return np.stack([self.x(places[..., 0]), self.y(places[..., 1])], axis=-1)


def section(panels: Sequence[Panel], title: str, description: str = "", theme: Theme = "standalone") -> str:
    """The panels one below the other, at one scale, as SVG text. Raises ValueError for none or what is no number."""
    if not panels:
        raise ValueError("no panel to draw")
    for panel in panels:
        _check(panel)
    wide = max(float(panel.corners[..., 0].max()) for panel in panels)
    high = max(float(np.abs(panel.corners[..., 1]).max()) for panel in panels) + BONE
    scale = (WIDTH - LEFT - RIGHT) / wide
    tall = HEAD + 2.0 * scale * high + FOOT
    inside = "".join(_panel(panel, _Frame(scale, i * tall + HEAD, high, theme), wide) for i, panel in enumerate(panels))
    return document(inside, (round(WIDTH), round(tall * len(panels))), title, description, theme)


def _check(panel: Panel) -> None:
    cells = panel.corners.shape[0] if panel.corners.ndim == 3 else -1
    if panel.corners.shape != (cells, 4, 2) or panel.values.shape != (cells, 4):
        raise ValueError("corners must be (cell, 4, 2) and values (cell, 4)")
    if not (np.isfinite(panel.corners).all() and np.isfinite(panel.values).all()):
        raise ValueError("a place or a value is not a number")
    if not 2 <= len(panel.levels) <= len(RAMP) + 1 or not (np.diff(panel.levels) > 0.0).all():
        raise ValueError(f"levels must rise, and be 2 to {len(RAMP) + 1}")


def _panel(panel: Panel, frame: _Frame, wide: float) -> str:
    parts = [
        text(LEFT, frame.top - 30.0, panel.title, fill=paint("ink", frame.theme), font_size=22, font_weight=600),
        _bone(panel, frame),
        _field(panel, frame),
        *(_line(border, frame) for border in panel.borders),
        _arrows(panel.arrows, frame) if panel.arrows else "",
        _axes(frame, wide),
        _legend(panel, frame),
    ]
    return tag("g", "".join(parts))


def _bone(panel: Panel, frame: _Frame) -> str:
    """The vertebrae above and below, and over the upper one what lies beneath."""
    edge = float(panel.corners[..., 1].max())
    wide = max([float(one[2]) for one in panel.regions], default=float(panel.corners[..., 0].max()))
    out = []
    for low, high in ((edge, frame.high), (-frame.high, -edge)):
        (x0, y0), (x1, y1) = frame.at(np.array([[0.0, high], [wide, low]]))
        out.append(
            tag("rect", x=float(x0), y=float(y0), width=float(x1 - x0), height=float(y1 - y0),
                fill=paint("phase", frame.theme))
        )  # fmt: skip
    muted, middle = paint("muted", frame.theme), 0.5 * (edge + frame.high)
    for name, start, end in panel.regions:
        x, y = float(frame.x(0.5 * (start + end))), float(frame.y(middle)) + 6.0
        out.append(text(x, y, name, fill=muted, font_size=18, text_anchor="middle"))
    x, y = float(frame.x(0.5 * wide)), float(frame.y(-middle)) + 6.0
    out.append(text(x, y, "vertebra", fill=muted, font_size=18, text_anchor="middle"))
    return "".join(out)


def _field(panel: Panel, frame: _Frame) -> str:
    """Each band over those below it; the lowest takes in all that is less."""
    corners, shades = frame.at(panel.corners), _shades(len(panel.levels) - 1)
    out = []
    for i, shade in enumerate(shades):
        loops = above(corners, panel.values, -np.inf if i == 0 else panel.levels[i])
        if loops:
            out.append(tag("path", d=path(loops), fill=shade))
    outline = path(above(corners, panel.values, -np.inf))
    return "".join(out) + tag("path", d=outline, fill="none", stroke=paint("muted", frame.theme), stroke_width=1.5)


def _shades(count: int) -> list[str]:
    """So many of the ramp, its ends among them."""
    return [RAMP[round(i * (len(RAMP) - 1) / max(count - 1, 1))] for i in range(count)]


def _line(border: Floats, frame: _Frame) -> str:
    points = "L".join(f"{x:.1f} {y:.1f}" for x, y in frame.at(border).tolist())
    under = tag("path", d="M" + points, fill="none", stroke=HALO, stroke_width=2.5, stroke_opacity=0.6)
    return under + tag("path", d="M" + points, fill="none", stroke=INK, stroke_width=1, stroke_dasharray="5 4")


def _arrows(arrows: Arrows, frame: _Frame) -> str:
    starts = frame.at(arrows.places)
    ways = _pixels(arrows, frame) * arrows.ways * np.array([1.0, -1.0])
    shown = np.hypot(*ways.T) >= SHORTEST
    data = "".join(_arrow(start, way) for start, way in zip(starts[shown], ways[shown], strict=True))
    return _drawn(data)


def _pixels(arrows: Arrows, frame: _Frame) -> float:
    """[px] of one unit of flow."""
    return frame.scale * arrows.long / arrows.key


def _drawn(data: str) -> str:
    """Arrows with a light edge, to be seen on any colour."""
    if not data:
        return ""
    style = {"fill": "none", "stroke_linecap": "round", "stroke_linejoin": "round"}
    return tag("path", d=data, stroke=HALO, stroke_width=4.5, **style) + tag(
        "path", d=data, stroke=INK, stroke_width=1.8, **style
    )


def _arrow(start: Floats, way: Floats) -> str:
    """A shaft about `start` and its head [px]."""
    length = float(np.hypot(*way))
    along, tail, tip = way / length, start - 0.5 * way, start + 0.5 * way
    across, head = np.array([-along[1], along[0]]), min(7.0, 0.5 * length)
    left, right = (tip - head * (along + 0.6 * side * across) for side in (1.0, -1.0))
    points = [f"{x:.1f} {y:.1f}" for x, y in (tail, tip, left, tip, right)]
    return f"M{points[0]}L{points[1]}M{points[2]}L{points[3]}L{points[4]}"


def _axes(frame: _Frame, wide: float) -> str:
    """Millimetres from the axis below, from the middle plane at the left."""
    muted, out = paint("muted", frame.theme), []
    foot = float(frame.y(-frame.high))
    for r in ticks(0.0, wide, 5.0):
        x = float(frame.x(r))
        out.append(tag("path", d=f"M{x:.1f} {foot + 2:.1f}v6", stroke=muted))
        out.append(text(x, foot + 25.0, number_text(r, 5.0), fill=muted, font_size=18, text_anchor="middle"))
    for z in (-5.0, 0.0, 5.0):
        y = float(frame.y(z))
        out.append(tag("path", d=f"M{LEFT - 8:.1f} {y:.1f}h6", stroke=muted))
        out.append(text(LEFT - 13.0, y + 6.0, number_text(z, 5.0), fill=muted, font_size=18, text_anchor="end"))
    out.append(text(LEFT - 13.0, frame.top + 4.0, "mm", fill=muted, font_size=18, text_anchor="end"))
    words = "from the axis of the disc [mm]"
    out.append(text(float(frame.x(0.5 * wide)), foot + 46.0, words, fill=muted, font_size=18, text_anchor="middle"))
    return "".join(out)


def _legend(panel: Panel, frame: _Frame) -> str:
    """What each colour means, and how long an arrow is."""
    ink, muted = paint("ink", frame.theme), paint("muted", frame.theme)
    x, count = WIDTH - RIGHT + 34.0, len(panel.levels) - 1
    room = 84.0 if panel.arrows else 0.0
    top, foot = frame.top + 46.0, float(frame.y(-frame.high)) - room
    step = (foot - top) / count
    out = [text(x, frame.top + 4.0, panel.quantity, fill=ink, font_size=18, font_weight=600)]
    out.append(text(x, frame.top + 26.0, f"[{panel.unit}]", fill=muted, font_size=18))
    for i, shade in enumerate(_shades(count)):
        out.append(tag("rect", x=x, y=foot - (i + 1) * step, width=26, height=step + 0.4, fill=shade))
    edge = tag("rect", x=x, y=top, width=26, height=foot - top, fill="none", stroke=muted, stroke_width=0.75)
    words = _numbers(panel.levels)
    every = -(-len(panel.levels) // max(int((foot - top) // 24.0), 1))
    for i in range(len(panel.levels)):
        if i % every == 0:
            out.append(text(x + 36.0, foot - i * step + 6.0, words[i], fill=ink, font_size=18))
    return "".join([*out, edge]) + (_key(panel.arrows, frame, x, foot + 34.0) if panel.arrows else "")


def _numbers(levels: Sequence[float]) -> list[str]:
    """With just the decimals that tell them."""
    enough = (n for n in range(6) if np.allclose(np.round(levels, n), levels, rtol=0.0, atol=1e-6))
    decimals = next(enough, 6)
    return [number_text(level, 10.0**-decimals) for level in levels]


def _key(arrows: Arrows, frame: _Frame, x: float, y: float) -> str:
    long, muted = frame.scale * arrows.long, paint("muted", frame.theme)
    out = _drawn(_arrow(np.array([x + 0.5 * long, y]), np.array([long, 0.0])))
    moves = bool((np.hypot(*(_pixels(arrows, frame) * arrows.ways).T) >= SHORTEST).any())
    flows = "water flows" if moves else "water at rest"
    words = f"{arrows.key:g} {arrows.unit}"
    return out + text(x, y + 26.0, flows, fill=muted, font_size=18) + text(
        x, y + 48.0, words, fill=muted, font_size=18
    )  # fmt: skip
