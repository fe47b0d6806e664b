"""The modelled spine drawn: now, and through a session and the hour after it beside lying alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from opentraction.drawing import Axis, Marker, Series, chart
from opentraction.drawing.spine import EXAGGERATED, DiscMark, spine

FOOT = f"Since lying down. Drawn {EXAGGERATED:.0f} times as large. In brackets: 90 % of bodies."
SIZE = (960, 240)
BAND = "90 % of bodies"
Levels = Mapping[str, Mapping[str, Sequence[float]]]
Moments = Sequence[Mapping[str, Any]]
FloatArray = npt.NDArray[np.float64]


def spine_now(levels: Levels, title: str = "The lumbar spine from the side, modelled") -> str:
    """The drawing of a moment."""
    return spine([_mark(name, one) for name, one in levels.items()], title, FOOT)


def _mark(name: str, one: Mapping[str, Sequence[float]]) -> DiscMark:
    low, middle, high = one["opening_mm"]
    return DiscMark(name, (low, middle, high), (one["pressure_kpa"][0], one["pressure_kpa"][1], one["pressure_kpa"][2]))


def widest(moments: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The moment at which the spine stood farthest open, all levels together."""
    return max(moments, key=lambda one: sum(level["opening_mm"][1] for level in one["levels"].values()))


def over_time(told: Mapping[str, Any], level: str) -> list[str]:
    """One disc: height and pressure on the table, with the pull and without it; and what the pull adds, until later."""
    up = float(told["up_s"])
    lying = [one for one in told["moments"] if one["t_s"] <= up]
    return [
        _both(lying, level, ("opening_mm", "lying_mm"), Axis(f"{level}: height gained", "mm")),
        _both(lying, level, ("pressure_kpa", "pressure_lying_kpa"), Axis(f"{level}: pressure changed", "kPa")),
        _added(told["moments"], level, Marker(up, "gets up")),
    ]


def _both(moments: Moments, level: str, gauges: tuple[str, str], y: Axis) -> str:
    t, (low, middle, high) = _band(moments, level, gauges[0])
    _, (_, alone, _) = _band(moments, level, gauges[1])
    series = [
        Series(t, low, BAND, "spine-band", high),
        Series(t, alone, "lying without a pull", "plain"),
        Series(t, middle, "with the pull", "spine"),
    ]
    return chart(series, (), _time(t), y, SIZE, title=f"{y.label}, modelled")


def _added(moments: Moments, level: str, up: Marker) -> str:
    t, (low, middle, high) = _band(moments, level, "against_lying_mm")
    series = [Series(t, low, BAND, "spine-band", high), Series(t, middle, "by the pull", "spine")]
    y = Axis(f"{level}: height gained by the pull alone", "mm")
    return chart(series, (), _time(t), y, SIZE, markers=[up], title=f"{y.label}, modelled")


def _band(moments: Moments, level: str, gauge: str) -> tuple[FloatArray, FloatArray]:
    """Times [s], and low end, middle and high end of the band there; nothing yet at the beginning."""
    t = np.array([0.0, *(one["t_s"] for one in moments)])
    return t, np.array([[0.0] * 3, *(one["levels"][level][gauge] for one in moments)]).T


def _time(t: FloatArray) -> Axis:
    return Axis("time", low=0.0, high=float(t[-1]), clock=True)
