"""A step's picture: the figure of a pose among its props, as SVG that follows the page's colours, light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from opentraction.care.home.figures.body import HEAD_LONG, HEAD_WIDE, Limb, Pose, pose
from opentraction.care.home.figures.limb import Point, along, tapered
from opentraction.care.home.figures.props import draw
from opentraction.care.home.files import load
from opentraction.drawing.palette import Theme, paint
from opentraction.drawing.svg import escape, tag
from opentraction.quantities import BadInput

# The picture's frame [cm]: width, height above the floor, depth below it.
FRAMES = {"tall": (250.0, 226.0, 10.0), "low": (250.0, 96.0, 8.0), "middle": (250.0, 166.0, 10.0)}
_GAP = 1.8


@cache
def _poses() -> dict[str, dict[str, Any]]:
    return dict(load("poses.toml").data)


PICTURES = tuple(_poses())


def picture(name: str, theme: Theme = "page", texts: Mapping[str, str] | None = None) -> str:
    """The picture `name` as SVG text with title and description. Raises BadInput for a name that is not there.

    `theme` as in `drawing`: `page` takes the page's custom properties, `print` writes plain colours.
    """
    data = _poses().get(name)
    if data is None:
        raise BadInput("picture", name, "one of " + ", ".join(PICTURES))
    said = texts or {}
    width, above, below = FRAMES[data["frame"]]
    shift = float(data.get("shift", 0.0))
    inside = _floor(width, theme) + tag("g", _scene(data, theme), transform=f"translate({width / 2 + shift:g} 0)")
    if data.get("flip", False):
        inside = tag("g", inside, transform=f"translate({width:g} 0) scale(-1 1)")
    words = tag("title", escape(said.get(f"picture.{name}.title", data["title"]))) + tag(
        "desc", escape(said.get(f"picture.{name}.desc", data["desc"]))
    )
    return tag(
        "svg", words + inside, xmlns="http://www.w3.org/2000/svg", role="img",
        viewBox=f"0 {-above:g} {width:g} {above + below:g}",
    )  # fmt: skip


def _floor(width: float, theme: Theme) -> str:
    return tag("path", d=f"M6 1H{width - 6:g}", stroke=paint("muted", theme), stroke_width=2.0, stroke_linecap="round")


def _scene(data: dict[str, Any], theme: Theme) -> str:
    props = data.get("props", [])
    behind = "".join(draw(prop, theme) for prop in props if not prop.get("front", False))
    front = "".join(draw(prop, theme) for prop in props if prop.get("front", False))
    return behind + (_figure(pose(data), bool(data.get("arm_behind")), theme) if "hip" in data else "") + front


def _figure(body: Pose, arm_behind: bool, theme: Theme) -> str:
    """From far to near: far limbs pale, then trunk and head, near leg, near arm, each with a rim against the last.

    With `arm_behind` the near arm goes behind the head, which it would hide.
    """
    near, pale, rim = paint("prescribed", theme), paint("muted", theme), paint("ground", theme)
    far = _limb(body.far_leg, 9.0, 6.4, 4.6) + _foot(body.far_leg) + _arm(body.far_arm)
    layers = [tag("g", far, fill=pale, opacity="0.5")]
    parts = [_trunk(body) + _head(body), _limb(body.leg, 9.6, 6.8, 4.8) + _foot(body.leg)]
    parts.insert(0 if arm_behind else 2, _arm(body.arm))
    for part in parts:
        rimmed = tag("g", part, fill=rim, stroke=rim, stroke_width=2.0 * _GAP, stroke_linejoin="round")
        layers.append(rimmed + tag("g", part, fill=near))
    return "".join(layers)


def _paths(*shapes: str) -> str:
    return "".join(tag("path", d=shape) for shape in shapes)


def _trunk(body: Pose) -> str:
    hip, waist, ribs, shoulder = body.spine
    throat = along(shoulder, body.head_angle, 9.0)
    return _paths(
        tapered(hip, waist, 11.5, 10.0),
        tapered(waist, ribs, 10.0, 11.8),
        tapered(ribs, shoulder, 11.8, 8.6),
        tapered(shoulder, throat, 5.6, 4.8),
    )


def _head(body: Pose) -> str:
    x, y = body.head
    nose = along(along(body.head, body.head_angle, -0.5), body.head_angle - 90.0 * body.face, HEAD_WIDE + 0.6)
    turn = f"rotate({90.0 - body.head_angle:.1f} {x:.1f} {-y:.1f})"
    skull = tag("ellipse", cx=x, cy=-y, rx=HEAD_WIDE, ry=HEAD_LONG, transform=turn)
    return skull + (tag("circle", cx=nose[0], cy=-nose[1], r=1.9) if body.face else "")


def _limb(limb: Limb, thick: float, middle: float, thin: float) -> str:
    return _paths(tapered(limb.root, limb.middle, thick, middle), tapered(limb.middle, limb.end, middle, thin))


def _foot(limb: Limb) -> str:
    return _paths(tapered(limb.heel, limb.tip, 4.4, 3.0))


def _arm(limb: Limb) -> str:
    root: Point = limb.root
    return _paths(
        tapered(root, limb.middle, 6.2, 4.6),
        tapered(limb.middle, limb.end, 4.6, 3.6),
        tapered(limb.end, limb.tip, 3.8, 3.0),
    )
