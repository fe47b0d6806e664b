"""What would be measured on a body that was marched: heights, pressures, volumes, stature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opentraction.body.column.curve import offsets
from opentraction.body.column.living import Body
from opentraction.body.column.loads import Course
from opentraction.body.column.march import Told
from opentraction.body.column.packed import (
    ANNULUS_ROOM,
    ANNULUS_WATER,
    DEPTH,
    HEIGHT,
    NUCLEUS_ROOM,
    NUCLEUS_WATER,
    WEDGE,
)
from opentraction.body.column.rims import RIM
from opentraction.body.column.segment import FLEX, PRESSURE, SWELL, UP
from opentraction.body.column.travel import table_travel

FloatArray = npt.NDArray[np.float64]
MIDDLE = 3
"""The spine's force is told at L3-L4."""
GONE = -100.0
"""A map says no less than that nothing is left [%]."""


@dataclass(frozen=True)
class Seen:
    """One body at some times; SI units, one row a time, one column a disc where there are several."""

    stature: FloatArray  # [m] change
    column: FloatArray  # [m]
    spine_force: FloatArray  # [N]
    friction: FloatArray  # [N]
    emg: FloatArray  # [%]
    travel: FloatArray  # [m]
    height: FloatArray  # [m]
    anterior: FloatArray  # [m]
    posterior: FloatArray  # [m]
    pressure: FloatArray  # [Pa]
    volume: FloatArray  # [m^3]
    fluid: FloatArray  # [m^3]
    rotation: FloatArray  # [rad] in the direction of the stage's moment, flexion where it has none
    foramen: FloatArray  # [%] change, a map, no less than -100
    bulge: FloatArray  # [%] change, a map, no less than -100


def look(
    body: Body,
    course: Course,
    told: Told,
    times: FloatArray,
    picked: npt.NDArray[np.intp],
    ways: Sequence[tuple[int, float]],
) -> Seen:
    """At those of `times` [s] that are picked; changes are told from the first of all.

    `ways` are axis and sign in which a rotation counts as positive, at each picked time.
    """
    n = len(body.discs)
    x, numbers = told.x[:, :n], body.levels.numbers[:n]
    height = numbers[:, HEIGHT] + x[..., UP]
    column = _lengths(body, numbers[:, HEIGHT], x)
    front, back = _rims(body, height, x[..., FLEX])
    volume, solid = _volumes(numbers, told.filled[:, :n], x[..., SWELL])
    behind = _behind(told.bulge[:, :n])
    maps = body.chosen["maps"]
    at, loads = times[picked], course.loads
    return Seen(
        stature=(column - column[0] + _above(body, told))[picked],
        column=column[picked],
        spine_force=np.interp(at, loads.times, loads.force[:, min(MIDDLE, n - 1)]),
        friction=np.interp(at, loads.times, course.friction),
        emg=np.interp(at, loads.times, course.emg),
        travel=table_travel(times, course, column, body.chosen)[picked],
        height=height[picked],
        anterior=front[picked],
        posterior=back[picked],
        pressure=x[picked][..., PRESSURE],
        volume=volume[picked],
        fluid=(volume - solid)[picked],
        rotation=_turned(x[picked], ways),
        foramen=np.maximum(100.0 * 1e3 * maps["foramen"] * (back - back[:1]), GONE)[picked],
        bulge=np.maximum(100.0 * 1e3 / maps["bulge"] * (behind - behind[:1]), GONE)[picked],
    )


def _above(body: Body, told: Told) -> FloatArray:
    """What the discs above T12 add to stature [m]."""
    if not body.above:
        return np.zeros(told.x.shape[0])
    up = told.x[:, len(body.discs), UP]
    return np.asarray(body.chosen["above"]["discs"] * (up - up[0]))


def _lengths(body: Body, rest: FloatArray, x: FloatArray) -> FloatArray:
    """Straight distance between the ends [m]."""
    if rest.size == 1:
        return np.asarray(rest[0] + x[:, 0, UP])
    away = np.empty(rest.size)
    return np.array([offsets(body.curve, rest, one[:, UP].copy(), one[:, FLEX].copy(), away) for one in x])


def _rims(body: Body, height: FloatArray, flex: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Heights of the disc's space at the front and the back [m]."""
    numbers = body.levels.numbers[: len(body.discs)]
    tilt = RIM * numbers[:, DEPTH] * (numbers[:, WEDGE] - flex)
    return height + tilt, height - tilt


def _volumes(numbers: FloatArray, filled: FloatArray, swell: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Volume of the discs and of the solid in them [m^3]."""
    nucleus, annulus = numbers[:, NUCLEUS_ROOM], numbers[:, ANNULUS_ROOM]
    solid = nucleus * (1.0 - numbers[:, NUCLEUS_WATER]) + annulus * (1.0 - numbers[:, ANNULUS_WATER])
    return nucleus * filled + annulus * swell, solid


def _behind(bulge: FloatArray) -> FloatArray:
    """Bulge of the two sectors at the back [m]."""
    half = bulge.shape[-1] // 2
    return np.asarray(0.5 * (bulge[..., half - 1] + bulge[..., half]))


def _turned(x: FloatArray, ways: Sequence[tuple[int, float]]) -> FloatArray:
    return np.array([sign * one[:, FLEX + axis] for one, (axis, sign) in zip(x, ways, strict=True)])
