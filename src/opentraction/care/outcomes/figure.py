"""A human figure by numbers: half a body whose outlines are a few points, smoothed. Drawn by us, traced from nothing.

x grows away from the midline, y downwards, 0 at the top of the head, 750 at the soles. Limbs have coordinates of their
own: u runs along them from one station to the next, v across from 0 (inner edge) to 1 (outer edge).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin

Point = tuple[float, float]
Loop = list[Point]


@dataclass(frozen=True)
class Limb:
    """Pairs of points on the inner and the outer edge, one pair a station."""

    inner: Sequence[Point]
    outer: Sequence[Point]

    @property
    def end(self) -> float:
        """The last station."""
        return float(len(self.inner) - 1)

    def at(self, u: float, v: float) -> Point:
        """The point at station `u`, `v` of the way across."""
        (ax, ay), (bx, by) = smooth(self.inner, u), smooth(self.outer, u)
        return ax + v * (bx - ax), ay + v * (by - ay)

    def loop(self, *corners: Point) -> Loop:
        """The closed line through corners (u, v), following the limb between them."""
        return [self.at(u, v) for u, v in fine(corners)]


def smooth(points: Sequence[Point], u: float) -> Point:
    """A Catmull-Rom curve through `points` at station `u`."""
    last = len(points) - 1
    u = min(max(u, 0.0), float(last))
    k = min(int(u), last - 1)
    t = u - k
    p = [points[min(max(k + i, 0), last)] for i in (-1, 0, 1, 2)]
    weight = (
        0.5 * (-t + 2 * t * t - t**3),
        0.5 * (2 - 5 * t * t + 3 * t**3),
        0.5 * (t + 4 * t * t - 3 * t**3),
        0.5 * (t**3 - t * t),
    )
    return sum(w * q[0] for w, q in zip(weight, p, strict=True)), sum(w * q[1] for w, q in zip(weight, p, strict=True))


def fine(corners: Sequence[Point], step: float = 0.2) -> Loop:
    """The corners of a closed line with more points between them, so that it can bend with what it lies on."""
    dense: Loop = []
    for (a, b), (c, d) in zip(corners, [*corners[1:], corners[0]], strict=True):
        count = max(1, int(max(abs(c - a) / step, abs(d - b) / 0.1)))
        dense += [(a + (c - a) * i / count, b + (d - b) * i / count) for i in range(count)]
    return dense


def capsule(start: Point, end: Point, width: float) -> Loop:
    """A finger: a strip with a round end."""
    (ax, ay), (bx, by) = start, end
    length = hypot(bx - ax, by - ay)
    ux, uy, half = (bx - ax) / length, (by - ay) / length, width / 2.0
    turned = [(cos(a), sin(a)) for a in (i * pi / 8 - pi / 2 for i in range(9))]
    tip = [(bx + half * (c * ux - s * uy), by + half * (c * uy + s * ux)) for c, s in turned]
    return [(ax + half * uy, ay - half * ux), *tip, (ax - half * uy, ay + half * ux)]


# Outline of head, neck and trunk, from the top of the head to the hip.
EDGE: Sequence[Point] = (
    (0, 0), (15, 2.5), (25, 10), (31, 24), (32.5, 42), (31.5, 58), (29.5, 72), (26, 84), (20, 93), (17.5, 101),
    (17.5, 110), (19, 118), (25, 125), (41, 132), (58, 138), (73, 145), (71, 160), (67, 178), (63, 197), (59.5, 222),
    (55, 248), (52, 270), (53, 292), (58, 315), (63, 338), (66.5, 364),
)  # fmt: skip

ARM = Limb(
    inner=((70, 146), (67.5, 170), (64, 197), (70, 226), (76, 254), (81, 280), (85, 306), (92, 336), (101, 366),
           (104, 380), (105, 396), (108.5, 415)),
    outer=((73, 145), (90, 154), (97.5, 182), (100.5, 216), (103, 248), (107, 277), (113.5, 302), (118, 333),
           (121, 365), (124, 378), (132, 393), (134, 412)),
)  # fmt: skip

LEG = Limb(
    inner=((1.5, 397), (2.5, 416), (5, 455), (10, 500), (14.5, 540), (16.5, 562), (15.5, 586), (14, 616), (18.5, 662),
           (23, 700), (23, 716)),
    outer=((66.5, 364), (69, 396), (66.5, 440), (60.5, 494), (54.5, 538), (51.5, 562), (52.5, 586), (53, 614),
           (47, 660), (40.5, 699), (41.5, 716)),
)  # fmt: skip

FOOT_FRONT = Limb(
    inner=((23, 716), (21.5, 728), (21, 740), (23, 748), (28, 752)),
    outer=((41.5, 716), (46, 728), (52.5, 739), (52, 746), (45, 751)),
)
FOOT_BACK = Limb(
    inner=((23, 716), (22.5, 727), (24, 738), (28, 743)), outer=((41.5, 716), (44, 727), (43, 738), (38, 743))
)

EAR: tuple[Point, float, float] = ((33.0, 50.0), 4.0, 9.0)

# Fingers from the inner (little) to the outer (index), then the thumb: where they begin and end, how wide.
FINGERS: Sequence[tuple[Point, Point, float]] = (
    ((111.6, 412), (114.5, 432), 5.6),
    ((117.8, 413), (121.5, 441), 6.0),
    ((124.3, 412.5), (129, 444), 6.2),
    ((130.6, 411), (136, 438), 6.0),
)
THUMB: tuple[Point, Point, float] = ((128.5, 389), (146.5, 417), 8.0)


def edge_x(y: float) -> float:
    """Half the width of head, neck and trunk at the height `y`."""
    low, high = 0.0, float(len(EDGE) - 1)
    for _ in range(30):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if smooth(EDGE, middle)[1] < y else (low, middle)
    return smooth(EDGE, low)[0]
