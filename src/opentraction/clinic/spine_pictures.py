"""The modelled spine drawn: now, and through a session and the hour after it beside lying alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from opentraction.drawing import Axis, Marker, Series, chart
from opentraction.drawing.spine import EXAGGERATED, DiscMark, spine

FOOT = (
    "Since lying down. Below each: where 90 % of bodies lie,",
    f"and lying without the pull. Drawn {EXAGGERATED:.0f} times as open.",
)
SIZES = {"wide": (960, 240), "narrow": (400, 230)}
"""Of a curve, for a screen and for a phone [px]: type keeps its size."""
BAND = "90 % of bodies"
Size = tuple[int, int]
Levels = Mapping[str, Mapping[str, Sequence[float]]]
Moments = Sequence[Mapping[str, Any]]
FloatArray = npt.NDArray[np.float64]


def spine_now(
    levels: Levels, treated: Iterable[str] = (), title: str = "The lumbar spine from the side, modelled"
) -> str:
    """The drawing of a moment; discs in `treated` are marked."""
    marked = set(treated)
    return spine([_mark(name, one, name in marked) for name, one in levels.items()], title, FOOT)


def _mark(name: str, one: Mapping[str, Sequence[float]], treated: bool) -> DiscMark:
    low, middle, high = one["opening_mm"]
    pressure = (one["pressure_kpa"][0], one["pressure_kpa"][1], one["pressure_kpa"][2])
    lying, under = one["lying_mm"][1], one["pressure_lying_kpa"][1]
    return DiscMark(name, (low, middle, high), pressure, lying, under, treated)


def widest(moments: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The moment at which the spine stood farthest open, all levels together."""
    return max(moments, key=lambda one: sum(level["opening_mm"][1] for level in one["levels"].values()))


def over_time(told: Mapping[str, Any], level: str) -> list[dict[str, str]]:
    """One disc: height and pressure on the table, with the pull and without it; and what the pull adds, until later.

    Each as `wide` and as `narrow`.
    """
    drawn = [_curves(told, level, size) for size in SIZES.values()]
    return [dict(zip(SIZES, same, strict=True)) for same in zip(*drawn, strict=True)]


def _curves(told: Mapping[str, Any], level: str, size: Size) -> list[str]:
    up = float(told["up_s"])
    lying = [one for one in told["moments"] if one["t_s"] <= up]
    return [
        _both(lying, level, ("opening_mm", "lying_mm"), Axis(f"{level}: height gained", "mm"), size),
        _both(lying, level, ("pressure_kpa", "pressure_lying_kpa"), Axis(f"{level}: pressure changed", "kPa"), size),
        _added(told["moments"], level, Marker(up, "gets up"), size),
    ]


def _both(moments: Moments, level: str, gauges: tuple[str, str], y: Axis, size: Size) -> str:
    t, (low, middle, high) = _band(moments, level, gauges[0])
    _, (_, alone, _) = _band(moments, level, gauges[1])
    series = [
        Series(t, low, BAND, "spine-band", high),
        Series(t, alone, "lying alone", "plain"),
        Series(t, middle, "with the pull", "spine"),
    ]
    return chart(series, (), _time(t), y, size, title=f"{y.label}, modelled")


def _added(moments: Moments, level: str, up: Marker, size: Size) -> str:
    t, (low, middle, high) = _band(moments, level, "against_lying_mm")
    series = [Series(t, low, BAND, "spine-band", high), Series(t, middle, "by the pull", "spine")]
    y = Axis(f"{level}: height gained by the pull alone", "mm")
    return chart(series, (), _time(t), y, size, markers=[up], title=f"{y.label}, modelled")


def _band(moments: Moments, level: str, gauge: str) -> tuple[FloatArray, FloatArray]:
    """Times [s], and low end, middle and high end of the band there; nothing yet at the beginning."""
    t = np.array([0.0, *(one["t_s"] for one in moments)])
    return t, np.array([[0.0] * 3, *(one["levels"][level][gauge] for one in moments)]).T


def _time(t: FloatArray) -> Axis:
    return Axis("time", low=0.0, high=float(t[-1]), clock=True)
