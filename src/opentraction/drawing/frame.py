"""The room a chart has: where the plot lies in the picture and how numbers become pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from opentraction.drawing import ticks
from opentraction.drawing.labels import lanes, text_width
from opentraction.drawing.marks import Axis, Band, Floats, Marker, Series
from opentraction.drawing.palette import Theme

FONT = 13.0
LANE = 17.0
PHASE_STRIP = 18.0
_FARTHEST = 1e15


@dataclass(frozen=True)
class Frame:
    """Picture size, plot edges [px], data ranges, ticks."""

    width: int
    height: int
    theme: Theme
    font: float
    left: float
    right: float
    top: float
    bottom: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    x_axis: Axis
    y_axis: Axis
    x_step: float
    y_step: float
    marker_lanes: int
    phase_strip: float
    strip: bool

    def px(self, x: Floats | float) -> Floats:
        """Data x to pixels."""
        low, high = self.x_range
        return np.asarray(self.left + (np.asarray(x) - low) * ((self.right - self.left) / (high - low)))

    def py(self, y: Floats | float) -> Floats:
        """Data y to pixels; y grows upwards."""
        low, high = self.y_range
        return np.asarray(self.bottom - (np.asarray(y) - low) * ((self.bottom - self.top) / (high - low)))

    @property
    def columns(self) -> int:
        """Whole pixel columns of the plot."""
        return max(1, int(self.right - self.left))


def make_frame(  # noqa: PLR0913 - what a chart is told
    series: Sequence[Series],
    bands: Sequence[Band],
    markers: Sequence[Marker],
    x: Axis,
    y: Axis,
    size: tuple[int, int],
    theme: Theme,
    strip: bool,
    *,
    margins: tuple[float, float] = (0.0, 0.0),
) -> Frame:
    """Margins from what must be written in them, ranges from the data unless the axes say."""
    width, height = size
    x_range = _range(x, [one.x for one in series] + [np.array([b.x0, b.x1]) for b in bands])
    y_data = [one.y for one in series] + [one.high for one in series if one.high is not None]
    y_range = _range(y, y_data)
    y_step = ticks.nice_step(y_range[1] - y_range[0], max(2, min(6, height // 45)))
    if y.high is None:
        y_range = (y_range[0], ticks.nice_top(y_range[1], y_step))
    widest = max((text_width(one.label, FONT) for one in series if one.label), default=0.0)
    number = max(len(ticks.number_text(v, y_step)) for v in y_range) * 0.62 * FONT
    left = 1.0 if strip else max(max(number, 24.0) + 14.0, margins[0])
    right = width - (1.0 if strip else max(widest + 16.0, 20.0, margins[1]))
    room = _Room(left, max(right, left + 20.0), width, x_range)
    name = text_width(axis_name(y), FONT)
    lane_count = 0 if strip else _lanes_needed(markers, room, name, 3 if height >= 300 else 2)
    top = 2.0 if strip else 5.0 + max(lane_count, 1) * LANE + (PHASE_STRIP if bands else _apart(y, y_range, y_step))
    return Frame(
        width=width,
        height=height,
        theme=theme,
        font=FONT,
        left=left,
        right=room.right,
        top=top,
        bottom=max(height - (2.0 if strip else 26.0), top + 10.0),
        x_range=x_range,
        y_range=y_range,
        x_axis=x,
        y_axis=y,
        x_step=_x_step(x, x_range, max(2, int((right - left) // 90))),
        y_step=y_step,
        marker_lanes=lane_count,
        phase_strip=PHASE_STRIP if bands else 0.0,
        strip=strip,
    )


def _apart(axis: Axis, span: tuple[float, float], step: float) -> float:
    """Room [px] between an axis's name and a number at its very top."""
    at_the_top = span[1] - ticks.ticks(*span, step)[-1] < 0.1 * step
    return 9.0 if axis_name(axis) and at_the_top else 0.0


def axis_name(axis: Axis) -> str:
    """`force, N`"""
    return ", ".join(part for part in (axis.label, axis.unit) if part)


class _Room(NamedTuple):
    left: float
    right: float
    width: float
    x_range: tuple[float, float]

    def px(self, x: float) -> float:
        return self.left + (x - self.x_range[0]) * (self.right - self.left) / (self.x_range[1] - self.x_range[0])


def marker_span(at: float, label: str, width: float) -> tuple[float, float]:
    """The room [px] a marker's sign and words take; near the right edge they stand left of the line."""
    wide = text_width(label, 12.0) + 18.0
    return (at - 7.0, at - 7.0 + wide) if at + wide <= width else (at + 7.0 - wide, at + 7.0)


def marker_lanes(spans: Sequence[tuple[float, float]], markers: Sequence[Marker], count: int) -> list[int | None]:
    """The row of each marker's words; a marker without words takes none."""
    worded = [i for i, marker in enumerate(markers) if marker.label]
    rows: list[int | None] = [None] * len(markers)
    for i, row in zip(worded, lanes([spans[i] for i in worded], count), strict=True):
        rows[i] = row
    return rows


def _lanes_needed(markers: Sequence[Marker], room: _Room, name: float, most: int) -> int:
    """Rows of words above the plot; the top row also holds the y axis's name, so it may need one more."""
    seen = in_view(markers, room.x_range)
    spans = [marker_span(room.px(m.x), m.label, room.width) for m in seen]
    chosen = [(k, s) for k, s in zip(marker_lanes(spans, seen, most), spans, strict=True) if k is not None]
    used = 1 + max((k for k, _ in chosen), default=-1)
    return used + any(k == used - 1 and span[0] < name + 8.0 for k, span in chosen)


def in_view(markers: Sequence[Marker], x_range: tuple[float, float]) -> list[Marker]:
    """The markers inside the plot, those that matter most first."""
    rank = {"stop": 0, "alarm": 1, "warning": 2, "event": 3, "now": 4}
    seen = [m for m in markers if x_range[0] <= m.x <= x_range[1]]
    return sorted(seen, key=lambda m: (rank[m.kind], m.x))


def _x_step(axis: Axis, span: tuple[float, float], count: int) -> float:
    step = ticks.clock_step if axis.clock else ticks.nice_step
    return max(step(span[1] - span[0], count), 1.0 if axis.whole else 0.0)


def _range(axis: Axis, data: list[Floats]) -> tuple[float, float]:
    """What the axis says, else what the data cover; never empty. A y axis that starts near nothing starts at 0."""
    values = np.concatenate(data) if data else np.zeros(0)
    values = np.clip(values[np.isfinite(values)], -_FARTHEST, _FARTHEST)
    low = axis.low if axis.low is not None else float(min(values.min(), 0.0)) if values.size else 0.0
    high = axis.high if axis.high is not None else float(values.max()) if values.size else low + 1.0
    return low, high if high - low > 1e-9 * max(1.0, abs(low)) else low + max(1.0, abs(low))
