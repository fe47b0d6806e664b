"""Levels side by side as arrays, so that one compiled march serves a disc as well as a whole spine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from opentraction.body.column.pores import Pores
from opentraction.body.column.posterior import Facets
from opentraction.body.column.segment import Segment
from opentraction.body.column.wall import Wall
from opentraction.body.compiling import kernel

_WALL, _FACETS, _PORES = len(Wall._fields), len(Facets._fields), len(Pores._fields)
HEIGHT, ANNULUS_ROOM, NUCLEUS_ROOM, DEPTH, NUCLEUS_WATER, ANNULUS_WATER, WEDGE = 7, 8, 9, 11, 25, 36, 48
"""Where some of a level's numbers stand."""


class Levels(NamedTuple):
    """Several segments: their numbers in the order of `Segment`, arrays stacked."""

    numbers: np.ndarray  # [level, number]
    ring: np.ndarray  # [level, sector, 7]
    bands: np.ndarray  # [level, ligament, 6]
    relaxing: np.ndarray  # [level, branch, motion]
    times: np.ndarray  # [level, branch]
    bulging: np.ndarray  # [level, branch]


def pack(segments: Sequence[Segment]) -> Levels:
    """Raises ValueError where levels differ in how many ligaments they have."""
    rows = [
        (
            *s.wall,
            s.depth,
            s.width,
            s.nucleus_shear,
            *s.facets,
            *s.nucleus,
            *s.annulus,
            s.firming,
            s.floor,
            s.gas,
            s.give,
            s.wedge,
        )
        for s in segments
    ]
    return Levels(
        np.array(rows, float),
        np.stack([s.ring for s in segments]),
        np.stack([s.bands for s in segments]),
        np.stack([s.relaxing for s in segments]),
        np.stack([s.times for s in segments]),
        np.stack([s.bulging for s in segments]),
    )


@kernel
def level(of: Levels, i: int) -> Segment:
    """The i-th segment again."""
    n = of.numbers[i]
    return Segment(
        Wall(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10]),
        n[11],
        n[12],
        of.ring[i],
        n[13],
        of.bands[i],
        Facets(n[14], n[15], n[16], n[17], n[18], n[19], n[20], n[21]),
        of.relaxing[i],
        of.times[i],
        of.bulging[i],
        n[44],
        _pores(n[22:33]),
        _pores(n[33:44]),
        n[45],
        n[46],
        n[47],
        n[48],
    )


@kernel
def _pores(n: np.ndarray) -> Pores:
    return Pores(int(n[0]), n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10])


assert (_WALL, _FACETS, _PORES) == (11, 8, 11), "the order in `level` follows these"
