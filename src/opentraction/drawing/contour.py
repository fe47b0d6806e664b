"""Where a value on four-cornered cells is above a level, as outlines: a path a level, edges within left out."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Place = tuple[float, float]


class Corner(NamedTuple):
    """A corner and its value."""

    x: float
    y: float
    value: float


def above(corners: Floats, values: Floats, level: float) -> list[list[Place]]:
    """Closed outlines of where the value is at least `level`.

    `corners` (cell, 4, 2) [px] run round each cell, all the same way; `values` (cell, 4), linear between. Cells that
    share two corners with one value there are drawn as one; where values differ a border remains.
    """
    edges: dict[Place, list[Place]] = defaultdict(list)
    for cell, value in zip(np.round(corners, 2).tolist(), values.tolist(), strict=True):
        for triangle in _triangles(cell, value):
            polygon = _cut(triangle, level)
            for i, start in enumerate(polygon):
                _join(edges, start, polygon[(i + 1) % len(polygon)])
    return _loops(edges)


def _triangles(cell: list[list[float]], value: list[float]) -> list[tuple[Corner, Corner, Corner]]:
    """Four, round the middle of the cell."""
    ring = [Corner(x, y, v) for (x, y), v in zip(cell, value, strict=True)]
    middle = Corner(*(sum(part) / 4.0 for part in zip(*ring, strict=True)))
    return [(ring[i], ring[(i + 1) % 4], middle) for i in range(4)]


def _cut(triangle: tuple[Corner, Corner, Corner], level: float) -> list[Place]:
    """What of a triangle is at or above the level: none, three or four corners."""
    out: list[Place] = []
    for i, here in enumerate(triangle):
        there = triangle[(i + 1) % 3]
        if here.value >= level:
            out.append((round(here.x, 2), round(here.y, 2)))
        if (here.value >= level) != (there.value >= level):
            out.append(_crossing(min(here, there), max(here, there), level))
    return [one for i, one in enumerate(out) if one != out[i - 1]]


def _crossing(one: Corner, other: Corner, level: float) -> Place:
    """Where the value is `level` between two corners; the same from either side, since they come in order."""
    share = (level - one.value) / (other.value - one.value)
    return round(one.x + share * (other.x - one.x), 2), round(one.y + share * (other.y - one.y), 2)


def _join(edges: dict[Place, list[Place]], start: Place, end: Place) -> None:
    """An edge, or none where its neighbour runs the other way."""
    if start == end:
        return
    if start in edges.get(end, ()):
        edges[end].remove(start)
    else:
        edges[start].append(end)


def _loops(edges: dict[Place, list[Place]]) -> list[list[Place]]:
    """Edges end to end; as many arrive at a corner as leave it."""
    loops = []
    for start in list(edges):
        while edges[start]:
            loop, at = [start], edges[start].pop()
            while at != start:
                loop.append(at)
                at = edges[at].pop()
            loops.append(_straight(loop))
    return [loop for loop in loops if len(loop) > 2]


def _straight(loop: list[Place]) -> list[Place]:
    """Without corners that lie exactly on a straight way on; a way back keeps its turn, or thin slivers would go."""
    kept: list[Place] = []
    for i, (x, y) in enumerate(loop):
        (x0, y0), (x1, y1) = kept[-1] if kept else loop[-1], loop[(i + 1) % len(loop)]
        across = abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0))
        onwards = (x - x0) * (x1 - x) + (y - y0) * (y1 - y) > 0.0
        if not onwards or across > 5e-5:
            kept.append((x, y))
    return kept


def path(loops: list[list[Place]]) -> str:
    """Path data of outlines."""
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in loop) + "Z" for loop in loops)
