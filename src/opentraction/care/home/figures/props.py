"""What stands around the figure: floor, block, chair, table, packs, and the arrows that say which way to move."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from opentraction.care.home.figures.limb import Point, along, angle_of
from opentraction.drawing.palette import Theme, paint
from opentraction.drawing.svg import tag

Prop = Mapping[str, object]


def draw(prop: Prop, theme: Theme) -> str:
    """One prop as SVG [cm, y down]."""
    return _KINDS[str(prop["kind"])](prop, theme)


def _points(prop: Prop) -> list[Point]:
    given = prop["at"]
    assert isinstance(given, list)
    return [(float(x), float(y)) for x, y in given]


def _path(points: list[Point], close: bool = False) -> str:
    return "M" + "L".join(f"{x:.1f} {-y:.1f}" for x, y in points) + ("Z" if close else "")


def _line(prop: Prop, theme: Theme) -> str:
    """A bar of furniture: `at` its corners, `wide` its thickness."""
    width = prop.get("wide", 3.0)
    return tag(
        "path", d=_path(_points(prop)), fill="none", stroke=paint("muted", theme), stroke_width=width,
        stroke_linecap="round", stroke_linejoin="round",
    )  # fmt: skip


def _solid(prop: Prop, theme: Theme) -> str:
    """What matters in the step (block, roll, pad, load): filled with the accent."""
    return tag(
        "path", d=_path(_points(prop), close=True), fill=paint("spine", theme), stroke=paint("spine", theme),
        stroke_width=2.0, stroke_linejoin="round",
    )  # fmt: skip


def _round(prop: Prop, theme: Theme) -> str:
    (x, y), *_ = _points(prop)
    return tag("circle", cx=x, cy=-y, r=prop["r"], fill=paint("spine", theme))


def _ring(prop: Prop, theme: Theme) -> str:
    (x, y), *_ = _points(prop)
    return tag("circle", cx=x, cy=-y, r=prop["r"], fill="none", stroke=paint("spine", theme), stroke_width=2.5)


def _arrow(prop: Prop, theme: Theme) -> str:
    """An arrow from the first to the last of `at`, bowed by `bow` [cm] to its left."""
    start, end = _points(prop)[0], _points(prop)[-1]
    bow = float(str(prop.get("bow", 0.0)))
    middle = ((start[0] + end[0]) / 2.0, (start[1] + end[1]) / 2.0)
    control = along(middle, angle_of(start, end) + 90.0, 2.0 * bow)
    way = angle_of(control if bow else start, end)
    wing, tip = 7.0, f"{end[0]:.1f} {-end[1]:.1f}"
    left, right = along(end, way + 150.0, wing), along(end, way - 150.0, wing)
    d = (
        f"M{start[0]:.1f} {-start[1]:.1f}Q{control[0]:.1f} {-control[1]:.1f} {tip}"
        f"M{left[0]:.1f} {-left[1]:.1f}L{tip}L{right[0]:.1f} {-right[1]:.1f}"
    )
    return tag(
        "path", d=d, fill="none", stroke=paint("spine", theme), stroke_width=3.0, stroke_linecap="round",
        stroke_linejoin="round",
    )  # fmt: skip


def _breath(prop: Prop, theme: Theme) -> str:
    """Three small arcs that leave a mouth or a belly, in the direction `angle`."""
    (at, *_), turn = _points(prop), float(str(prop.get("angle", 0.0)))
    arcs = []
    for radius in (6.0, 11.0, 16.0):
        a, b = along(at, turn + 35.0, radius), along(at, turn - 35.0, radius)
        arcs.append(f"M{a[0]:.1f} {-a[1]:.1f}A{radius:.1f} {radius:.1f} 0 0 1 {b[0]:.1f} {-b[1]:.1f}")
    return tag(
        "path", d="".join(arcs), fill="none", stroke=paint("spine", theme), stroke_width=2.2, stroke_linecap="round"
    )


def _angle(prop: Prop, theme: Theme) -> str:
    """An arc around the first point from `from` to `to` [degrees] at radius `r`."""
    (at, *_), r = _points(prop), float(str(prop["r"]))
    a, b = (along(at, float(str(prop[key])), r) for key in ("from", "to"))
    sweep = 0 if float(str(prop["to"])) > float(str(prop["from"])) else 1
    d = f"M{a[0]:.1f} {-a[1]:.1f}A{r:.1f} {r:.1f} 0 0 {sweep} {b[0]:.1f} {-b[1]:.1f}"
    return tag("path", d=d, fill="none", stroke=paint("spine", theme), stroke_width=2.5, stroke_linecap="round")


def _person(prop: Prop, theme: Theme) -> str:
    """A helper who stands by: head and body, quiet. The first point is where the feet are."""
    (x, _), *_ = _points(prop)
    body = "M-13 0V-88Q-16 -140 0 -140Q16 -140 13 -88V0H2V-72H-2V0Z"
    quiet = paint("muted", theme)
    head = tag("circle", cx=0.0, cy=-157.0, r=11.0)
    return tag("g", head + tag("path", d=body), fill=quiet, fill_opacity="0.35", transform=f"translate({x:g} 0)")


def _snow(prop: Prop, theme: Theme) -> str:
    """A six-armed star: cold."""
    (at, *_) = _points(prop)
    arms = "".join(_path([along(at, turn, 8.0), along(at, turn + 180.0, 8.0)]) for turn in (30.0, 90.0, 150.0))
    return tag("path", d=arms, stroke=paint("spine", theme), stroke_width=2.4, stroke_linecap="round", fill="none")


def _heat(prop: Prop, theme: Theme) -> str:
    """Three rising waves: warmth."""
    (x, y), *_ = _points(prop)
    waves = "".join(f"M{x + dx:.1f} {-y:.1f}c-4 -5 4 -9 0 -15" for dx in (-8.0, 0.0, 8.0))
    return tag("path", d=waves, stroke=paint("spine", theme), stroke_width=2.4, stroke_linecap="round", fill="none")


def _cloth(prop: Prop, theme: Theme) -> str:
    """An outline laid around something."""
    return tag(
        "path", d=_path(_points(prop), close=True), fill=paint("surface", theme), stroke=paint("muted", theme),
        stroke_width=2.0, stroke_linejoin="round",
    )  # fmt: skip


def _dashes(prop: Prop, theme: Theme) -> str:
    """A straight line to keep to."""
    return tag(
        "path", d=_path(_points(prop)), fill="none", stroke=paint("spine", theme), stroke_width=2.2,
        stroke_dasharray="5 5", stroke_linecap="round",
    )  # fmt: skip


_KINDS: dict[str, Callable[[Prop, Theme], str]] = {
    "line": _line,
    "solid": _solid,
    "round": _round,
    "ring": _ring,
    "arrow": _arrow,
    "breath": _breath,
    "angle": _angle,
    "person": _person,
    "snow": _snow,
    "heat": _heat,
    "cloth": _cloth,
    "dashes": _dashes,
}
KINDS = tuple(_KINDS)
