"""Plane geometry of the figure [cm, y up]: tapered limbs, and two-bone reach."""

from __future__ import annotations

import math

Point = tuple[float, float]


def along(start: Point, angle: float, length: float) -> Point:
    """The point `length` [cm] from `start` at `angle` [degrees], 0 to the right, 90 up."""
    turn = math.radians(angle)
    return start[0] + length * math.cos(turn), start[1] + length * math.sin(turn)


def angle_of(start: Point, end: Point) -> float:
    """The direction from `start` to `end` [degrees]."""
    return math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))


def reach(root: Point, target: Point, first: float, second: float, side: int) -> tuple[Point, Point]:
    """Middle joint and end of two bones that reach from `root` towards `target`.

    `side` +1 puts the middle joint to the left of the way to the target, -1 to the right. A target out of reach is
    approached with straight bones.
    """
    gap = math.dist(root, target)
    far = min(max(gap, abs(first - second) + 0.01), first + second - 0.01)
    lean = math.acos((first**2 + far**2 - second**2) / (2.0 * first * far))
    way = angle_of(root, target)
    middle = along(root, way + side * math.degrees(lean), first)
    return middle, along(middle, angle_of(middle, along(root, way, far)), second)


def tapered(a: Point, b: Point, ra: float, rb: float) -> str:
    """Path of the hull of two circles, in SVG's y down: one limb, thicker at one end."""
    length = math.dist(a, b)
    if length <= abs(ra - rb) + 1e-6:
        centre, r = (a, ra) if ra >= rb else (b, rb)
        return _circle(centre, r)
    way = angle_of(a, b)
    open_ = math.degrees(math.acos((ra - rb) / length))
    corners = [
        along(a, way + open_, ra),
        along(b, way + open_, rb),
        along(b, way - open_, rb),
        along(a, way - open_, ra),
    ]
    one, two, three, four = (f"{x:.1f} {-y:.1f}" for x, y in corners)
    wide_a, wide_b = (1 if ra > rb else 0), (1 if rb > ra else 0)
    round_b, round_a = (f"A{size:.1f} {size:.1f} 0 {wide} 1" for size, wide in ((rb, wide_b), (ra, wide_a)))
    return f"M{one}L{two}{round_b} {three}L{four}{round_a} {one}Z"


def _circle(centre: Point, r: float) -> str:
    x, y = centre[0], -centre[1]
    return f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0Z"
