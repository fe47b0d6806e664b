"""The modelled spine drawn: now, and through a session and the hour after it beside lying alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from opentraction.drawing import Axis, Marker, Series, chart
from opentraction.drawing.spine import EXAGGERATED, DiscMark, spine

FOOT = f"Openings drawn {EXAGGERATED:.0f} times as large. In brackets: 90 % of bodies."
SIZE = (1120, 260)
Levels = Mapping[str, Mapping[str, Sequence[float]]]


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
    """Height and pressure of one disc over the session and after it: with the pull, and lying without it."""
    t = np.array([0.0, *(one["t_s"] for one in told["moments"])])
    up = Marker(float(told["up_s"]), "gets up")
    height = _drawn(t, told, level, ("opening_mm", "lying_mm"), "height gained", "mm", up)
    return [height, _drawn(t, told, level, ("pressure_kpa", "pressure_lying_kpa"), "pressure changed", "kPa", up)]


def _drawn(
    t: Any, told: Mapping[str, Any], level: str, gauges: tuple[str, str], what: str, unit: str, up: Marker
) -> str:
    def band(gauge: str) -> Any:
        return np.array([[0.0] * 3, *(one["levels"][level][gauge] for one in told["moments"])]).T

    (low, middle, high), (_, alone, _) = band(gauges[0]), band(gauges[1])
    series = [
        Series(t, low, "90 % of bodies", "spine-band", high),
        Series(t, alone, "lying without a pull", "prescribed"),
        Series(t, middle, "with the pull", "measured"),
    ]
    title = f"{level}: {what}, modelled"
    x = Axis("time", low=0.0, high=float(t[-1]), clock=True)
    return chart(series, (), x, Axis(what, unit), SIZE, markers=[up], title=title)
