"""The skin areas of the nerve roots on the figure, front and back, as closed lines on half a body.

Schematic, after the usual charts, drawn by ourselves (from memory, unverified). They differ between people.
"""

from __future__ import annotations

from functools import cache
from math import cos, pi, sin
from typing import NamedTuple

from opentraction.care.outcomes.figure import (
    ARM,
    EAR,
    EDGE,
    FINGERS,
    FOOT_BACK,
    FOOT_FRONT,
    LEG,
    THUMB,
    Loop,
    Point,
    capsule,
    edge_x,
    smooth,
)  # fmt: skip

VIEWS = ("front", "back")
_THORACIC = [f"T{n}" for n in range(2, 13)]


@cache
def areas(view: str) -> dict[str, list[Loop]]:
    """The closed lines of every area seen from there, by root."""
    parts = _front() if view == "front" else _back()
    found: dict[str, list[Loop]] = {}
    for root, loop in parts:
        found.setdefault(root, []).append(loop)
    return found


@cache
def bare(view: str) -> list[Loop]:
    """Skin that no spinal root serves: the face, and the top of the head."""
    limit = 97.0 if view == "front" else 14.0
    (x, y), wide, high = EAR
    ear = [(x + wide * cos(a), y + high * sin(a)) for a in (pi * i / 8 for i in range(16))]
    return [ear, [*_edge(0.0, limit), (0.0, limit)]]


def _edge(top: float, bottom: float) -> Loop:
    """The outline between two heights."""
    rows = max(2, int((bottom - top) / 3.0))
    heights = [top + (bottom - top) * i / rows for i in range(rows + 1)]
    if top <= 0.0:  # the crown is nearly level: follow the curve itself
        crown = [smooth(EDGE, 0.1 * i) for i in range(21)]
        return [*crown, *((edge_x(y), y) for y in heights if y > crown[-1][1])]
    return [(edge_x(y), y) for y in heights]


def _band(top: Point, bottom: Point) -> Loop:
    """A band of the trunk: heights at the midline and at the side, above and below."""
    across = [i / 10 for i in range(11)]

    def line(ends: Point) -> Loop:
        height = [ends[0] + (ends[1] - ends[0]) * v * v for v in across]
        return [(v * edge_x(ends[1]), y) for v, y in zip(across, height, strict=True)]

    return [*line(top), *_edge(top[1], bottom[1]), *reversed(line(bottom))]


def _bands(names: list[str], top: Point, bottom: Point) -> list[tuple[str, Loop]]:
    """Bands of equal height between two lines."""
    count = len(names)
    lines = [tuple(a + (b - a) * i / count for a, b in zip(top, bottom, strict=True)) for i in range(count + 1)]
    return [(name, _band(lines[i], lines[i + 1])) for i, name in enumerate(names)]  # type: ignore[arg-type]


def _front() -> list[tuple[str, Loop]]:
    leg, foot = LEG.loop, FOOT_FRONT.loop
    shin = [(5.5 + 0.5 * i, max(0.36, 1.0 - 0.2 * i)) for i in range(10)]
    return [
        ("C3", _band((97, 98.5), (119, 112))),
        ("C4", _band((119, 112), (160, 146.5))),
        *_bands(_THORACIC, (160, 146.5), (368, 343)),
        ("L1", [*_band((368, 343), (397, 364))[:-11], *_groin()]),
        ("S3", [(0, 384), (6, 386), (9, 392), (1.5, 397), (0, 397)]),
        ("L1", leg((0, 0), (0, 1), (0.75, 1), (0.95, 0))),
        ("L2", leg((0.95, 0), (0.75, 1), (2.2, 1), (3.1, 0))),
        ("L3", leg((3.1, 0), (2.2, 1), (4.1, 1), (5.0, 0))),
        ("L4", leg((5.0, 0), (4.1, 1), *shin, (10.0, 0.36), (10.0, 0))),
        ("L5", leg(*shin, (10.0, 0.36), (10.0, 0.86), (9.0, 1))),
        ("S1", leg((9.0, 1), (10.0, 0.86), (10.0, 1))),
        ("L4", foot((0, 0), (0, 0.36), (1.4, 0.12), (2, 0))),
        ("L5", foot((0, 0.36), (0, 0.86), (3, 0.74), (3, 0), (2, 0), (1.4, 0.12))),
        ("S1", foot((0, 0.86), (0, 1), (3, 1), (3, 0.74))),
        *_arm(_Cuts(middle=0.5, low=0.45, high=0.58, start=5.2, c8=8.4)),
    ]


def _groin() -> Loop:
    """The fold between belly and leg, from the hip to the crotch, around the S3 patch."""
    (ax, ay), (bx, by) = LEG.at(0, 1), LEG.at(0, 0)
    fold = [(ax + (bx - ax) * i / 8, ay + (by - ay) * i / 8) for i in range(7)]
    return [*fold, (9, 392), (6, 386), (0, 384), (0, 376)]


def _back() -> list[tuple[str, Loop]]:
    leg, foot = LEG.loop, FOOT_BACK.loop
    return [
        (
            "C2",
            [(0, 14), *_edge(14, 88), *[(edge_x(88) * (1 - 0.1 * i), 88 + 2 * sin(pi * i / 20)) for i in range(11)]],
        ),
        ("C3", _band((90, 88), (112, 106))),
        ("C4", _band((112, 106), (150, 146.5))),
        *_bands([*_THORACIC, "L1", "L2", "L3"], (150, 146.5), (336, 326)),
        ("L5", _buttock(0.86, 1.0, (336, 326))),
        ("S1", _buttock(0.62, 0.86, (336, 326))),
        ("S2", _buttock(0.0, 0.62, (336, 326), hole=34.0)),
        ("S3", _ring(34.0, 22.0)),
        ("S4", _ring(22.0, 11.0)),
        ("S5", _ring(11.0, 0.0)),
        ("S2", leg((0, 0), (0, 0.62), (4.5, 0.55), (9, 0.45), (9, 0.3), (7.0, 0.28), (5.0, 0.12), (4.4, 0))),
        (
            "S1",
            leg((0, 0.62), (0, 0.86), (5, 0.82), (9, 0.84), (10, 0.86), (10, 0.28), (9, 0.3), (9, 0.45), (4.5, 0.55)),
        ),
        ("L5", leg((0, 0.86), (0, 1), (10, 1), (10, 0.86), (9, 0.84), (5, 0.82))),
        ("L4", leg((4.4, 0), (5.0, 0.12), (7.0, 0.28), (9, 0.3), (10, 0.28), (10, 0))),
        ("S1", foot((0, 0), (0, 1), (3, 1), (3, 0))),
        *_arm(_Cuts(middle=0.52, low=0.38, high=0.68, start=3.2, c8=7.0)),
    ]


def _buttock(inner: float, outer: float, top: Point, hole: float = 0.0) -> Loop:
    """A strip from the last band down to the fold of the leg, between two parts of the width; `hole` for the rings."""
    side = edge_x(top[1])
    across = [inner + (outer - inner) * i / 6 for i in range(7)]
    upper = [(v * side, top[0] + (top[1] - top[0]) * v * v) for v in across]
    right = _edge(top[1], 364.0) if outer >= 1.0 else [LEG.at(0, outer)]
    left = _arc(hole) if hole else [LEG.at(0, inner)]
    return [*upper, *right, *left]


_SEAT = 384.0


def _arc(radius: float) -> Loop:
    """A round around the seat, from the fold of the leg up to the midline."""
    low, high = -0.5 * pi, 0.5 * pi
    for _ in range(40):
        middle = 0.5 * (low + high)
        x, y = radius * cos(middle), _SEAT - radius * sin(middle)
        low, high = (middle, high) if y > _fold_y(x) else (low, middle)
    angles = (low + (0.5 * pi - low) * i / 16 for i in range(17))
    return [(radius * cos(a), _SEAT - radius * sin(a)) for a in angles]


def _fold_y(x: float) -> float:
    """The fold of the leg as a straight line; below the midline it is the crotch."""
    (ax, ay), (bx, by) = LEG.at(0, 0), LEG.at(0, 1)
    return ay + (by - ay) * min(1.0, max(0.0, (x - ax) / (bx - ax)))


def _ring(outer: float, inner: float) -> Loop:
    """What lies between two rounds; the innermost reaches the midline."""
    return [*_arc(outer), *(reversed(_arc(inner)) if inner else [(0.0, 397.0), (1.5, 397.0)])]


class _Cuts(NamedTuple):
    """Where the lines on an arm lie: across it (`middle`, C7 between `low` and `high`) and along it (C7, C8 begin)."""

    middle: float
    low: float
    high: float
    start: float
    c8: float


def _arm(cut: _Cuts) -> list[tuple[str, Loop]]:
    """Both sides of an arm divide alike; where the lines lie differs. Thumb outside, as the palm turns forward."""
    loop, palm, mid, elbow = ARM.loop, ARM.end, cut.middle, 5.2
    little, ring, middle, index = (capsule(*one) for one in FINGERS)
    return [
        ("C6", capsule(*THUMB)),
        ("T2", loop((0, 0), (0, 0.3), (1.6, mid), (3.2, mid), (3.2, 0))),
        ("C5", loop((0, 0.3), (0, 1), (elbow, 1), (elbow, mid), (1.6, mid))),
        ("T1", loop((3.2, 0), (3.2, mid), (cut.start, mid), (5.8, cut.low), (cut.c8, cut.low), (cut.c8, 0))),
        ("C7", loop(*_c7(cut), (5.8, cut.high), (palm, 0.72), (palm, 0.45), (cut.c8, cut.low), (5.8, cut.low))),
        ("C6", loop((elbow, mid), (elbow, 1), (palm, 1), (palm, 0.72), (5.8, cut.high))),
        ("C8", loop((cut.c8, 0), (cut.c8, cut.low), (palm, 0.45), (palm, 0))),
        *(("C8", finger) for finger in (little, ring)),
        ("C7", middle),
        ("C6", index),
    ]


def _c7(cut: _Cuts) -> list[Point]:
    """Its upper end: at the elbow in front, along the upper arm behind."""
    return [(5.2, cut.middle)] if cut.start >= 5.2 else [(cut.start, cut.middle), (5.2, cut.middle)]
