"""The layers of a chart, from the back to the front."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from opentraction.drawing import labels, ticks
from opentraction.drawing.decimate import envelope
from opentraction.drawing.frame import LANE, PHASE_STRIP, Frame, axis_name, in_view, marker_lanes, marker_span
from opentraction.drawing.marks import Band, Marker, Series
from opentraction.drawing.palette import paint
from opentraction.drawing.svg import area, escape, polyline, tag, text

_STROKES = {"prescribed": 1.5, "measured": 2.0, "spine": 1.5, "limit": 1.0, "plain": 1.25}
_UNDER, _FAINT = 6.0, 0.5
_COLOURS = {"spine-band": "spine-band", "limit": "muted", "plain": "muted"}
_KINDS = {"stop": "stop", "alarm": "stop", "warning": "warning", "event": "muted", "now": "ink"}


def phases(frame: Frame, bands: Sequence[Band]) -> str:
    """Phases as a strip above the plot, with their names where they fit and faint edges through the plot."""
    out = []
    for band in bands:
        left, right = (float(np.clip(frame.px(v), frame.left, frame.right)) for v in (band.x0, band.x1))
        if right > left:
            out.append(_phase(frame, band, left, right))
    return "".join(out)


def _phase(frame: Frame, band: Band, left: float, right: float) -> str:
    height = frame.bottom - frame.top if frame.strip else PHASE_STRIP - 4.0
    top = frame.top if frame.strip else frame.top - PHASE_STRIP
    fill = paint("phase-strong" if band.strong else "phase", frame.theme)
    width = max(right - left - 1.0, 0.5)
    name = f"<title>{escape(band.label)}</title>" if band.label else ""
    parts = [tag("rect", name, x=left, y=top, width=width, height=height, fill=fill, rx=2)]
    if frame.strip:
        return parts[0]
    if width >= 24.0:
        parts.append(_edge(frame, right))
    if band.label and labels.text_width(band.label, 11.0) + 6.0 <= width:
        middle = left + width / 2.0
        style = {"text_anchor": "middle", "font_size": 11, "fill": paint("muted", frame.theme)}
        parts.append(text(middle, top + 10.8, band.label, **style))
    return "".join(parts)


def _edge(frame: Frame, at: float) -> str:
    colour = paint("hairline", frame.theme)
    return tag("path", d=f"M{at:.1f} {frame.top:.1f}V{frame.bottom:.1f}", stroke=colour, stroke_width=0.5)


def axes(frame: Frame) -> str:
    """Hairline grid across, ticks below, numbers and units."""
    return _y_axis(frame) + _x_axis(frame)


def _y_axis(frame: Frame) -> str:
    hairline, muted = paint("hairline", frame.theme), paint("muted", frame.theme)
    out = []
    for value in ticks.ticks(*frame.y_range, frame.y_step):
        at = float(frame.py(value))
        path = f"M{frame.left:.1f} {at:.1f}H{frame.right:.1f}"
        out.append(tag("path", d=path, stroke=hairline, stroke_width=1 if value == 0.0 else 0.5))
        words = ticks.number_text(value, frame.y_step)
        out.append(text(frame.left - 8.0, at + 4.4, words, text_anchor="end", fill=muted))
    name = axis_name(frame.y_axis)
    out.append(text(2.0, 12.0, name, fill=muted) if name else "")
    return "".join(out)


def _x_axis(frame: Frame) -> str:
    hairline, muted = paint("hairline", frame.theme), paint("muted", frame.theme)
    name = axis_name(frame.x_axis)
    path = f"M{frame.left:.1f} {frame.bottom:.1f}H{frame.right:.1f}"
    out = [tag("path", d=path, stroke=hairline, stroke_width=1)]
    room = frame.width - 2.0 - labels.text_width(name, frame.font)
    for value in _x_ticks(frame):
        at = float(frame.px(value))
        words = _x_text(frame, value)
        out.append(tag("path", d=f"M{at:.1f} {frame.bottom:.1f}v4", stroke=hairline, stroke_width=1))
        if not name or at + labels.text_width(words, frame.font) / 2.0 + 6.0 < room:
            out.append(text(at, frame.bottom + 18.0, words, text_anchor="middle", fill=muted))
    if name:
        out.append(text(frame.width - 2.0, frame.bottom + 18.0, name, text_anchor="end", fill=muted))
    return "".join(out)


def _x_ticks(frame: Frame) -> list[float]:
    if not frame.x_axis.whole:
        return ticks.ticks(*frame.x_range, frame.x_step)
    return ticks.whole_ticks(*frame.x_range, max(2, int((frame.right - frame.left) // 18.0)))


def _x_text(frame: Frame, value: float) -> str:
    return (ticks.clock_text if frame.x_axis.clock else ticks.number_text)(value, frame.x_step)


def no_values(frame: Frame) -> str:
    """What an empty chart says."""
    middle = 0.5 * (frame.left + frame.right)
    style = {"text_anchor": "middle", "fill": paint("muted", frame.theme)}
    return text(middle, 0.5 * (frame.top + frame.bottom), "No values yet.", **style)


def line(frame: Frame, series: Series, under: bool = False) -> str:
    """One series as a line, or as a band between two values.

    A line `under` another that follows it is drawn wide and fainter, so that it shows on both sides of it.
    """
    colour = paint(_COLOURS.get(series.style, series.style), frame.theme)
    if series.high is not None:
        return _area(frame, series, colour)
    x, y = envelope(series.x, series.y, frame.columns, *frame.x_range)
    path = polyline(frame.px(x), np.clip(frame.py(y), 0.0, frame.height))
    dash = "5 4" if series.style == "limit" else None
    width = _UNDER if under else _STROKES.get(series.style, 1.25) * (0.7 if frame.strip else 1.0)
    style = {"stroke_linejoin": "round", "stroke_linecap": "round", "stroke_dasharray": dash}
    style["stroke_opacity"] = f"{_FAINT}" if under else None
    return tag("path", d=path, fill="none", stroke=colour, stroke_width=f"{width:.2f}", **style) if path else ""


def _area(frame: Frame, series: Series, colour: str) -> str:
    high = series.high if series.high is not None else series.y
    x, high = envelope(series.x, high, frame.columns, *frame.x_range)
    _, low = envelope(series.x, series.y, frame.columns, *frame.x_range)
    path = area(frame.px(x), frame.py(low), frame.py(high))
    return tag("path", d=path, fill=colour, stroke="none") if path else ""


def end_labels(frame: Frame, series: Sequence[Series]) -> str:
    """Each line's name beside the value it is named at, in its own colour, moved apart where they would touch."""
    named = [(one, at) for one in series if one.label and (at := _end(frame, one)) is not None]
    wanted = [at[1] for _, at in named]
    placed = labels.spread(wanted, frame.font + 3.0, frame.top + 4.0, frame.bottom - 2.0)
    out = []
    for (one, (x, y)), place in zip(named, placed, strict=True):
        name = "spine" if one.style == "spine-band" else _COLOURS.get(one.style, one.style)
        colour = paint(name, frame.theme)
        if one.style == "measured":
            out.append(tag("circle", cx=x, cy=y, r=2.5, fill=colour))
        if abs(place - y) > 3.0 or one.named_at is not None:
            path = f"M{x + 3.0:.1f} {y:.1f}L{frame.right + 7.0:.1f} {place:.1f}"
            out.append(tag("path", d=path, stroke=colour, stroke_width=0.5, fill="none"))
        weight = 600 if one.style == "measured" else None
        out.append(text(frame.right + 10.0, place + 4.4, one.label, fill=colour, font_weight=weight))
    return "".join(out)


def _end(frame: Frame, series: Series) -> tuple[float, float] | None:
    """Pixel position of the last value inside the plot, up to where it is named; a band's is its middle."""
    y = series.y if series.high is None else 0.5 * (series.y + series.high)
    last_x = frame.x_range[1] if series.named_at is None else min(series.named_at, frame.x_range[1])
    good = np.flatnonzero(np.isfinite(y) & (series.x >= frame.x_range[0]) & (series.x <= last_x))
    if not good.size:
        return None
    last = int(good[-1])
    return float(frame.px(series.x[last])), float(np.clip(frame.py(y[last]), frame.top, frame.bottom))


def moments(frame: Frame, markers: Sequence[Marker]) -> str:
    """Moments as upright lines; stops and alarms get their words first, a word without room stays as a tooltip."""
    seen = in_view(markers, frame.x_range)
    spans = [marker_span(float(frame.px(m.x)), m.label, frame.width) for m in seen]
    lanes = marker_lanes(spans, seen, frame.marker_lanes)
    heights = [_sign_height(frame, lane) for lane in lanes]
    lines = [_upright(frame, m, y) for m, y in zip(seen, heights, strict=True)]
    placed = zip(seen, spans, lanes, heights, strict=True)
    words = [_words(frame, m, s, y) for m, s, k, y in placed if k is not None and not frame.strip]
    return "".join(lines + words)


def _sign_height(frame: Frame, lane: int | None) -> float:
    return frame.top if lane is None else frame.top - frame.phase_strip - 9.0 - lane * LANE


def _upright(frame: Frame, marker: Marker, top: float) -> str:
    """The moment's line, passing behind the phase strip, and its sign."""
    at = float(frame.px(marker.x))
    colour = paint(_KINDS[marker.kind], frame.theme)
    above = f"M{at:.1f} {top:.1f}V{frame.top - frame.phase_strip:.1f}" if top < frame.top else ""
    path = f"{above}M{at:.1f} {frame.top:.1f}V{frame.bottom:.1f}"
    dash = "3 3" if marker.kind == "event" else None
    inside = f"<title>{escape(marker.label)}</title>" if marker.label else ""
    inside += tag("path", d=path, stroke=colour, stroke_width=1, stroke_dasharray=dash, fill="none")
    return tag("g", inside + ("" if frame.strip else _sign(marker, at, top, colour)))


def _words(frame: Frame, marker: Marker, span: tuple[float, float], y: float) -> str:
    at = float(frame.px(marker.x))
    before = span[0] + 14.0 < at
    halo = {"stroke": paint("ground", frame.theme), "stroke_width": 3, "paint_order": "stroke"}
    style = {"font_size": 12, "fill": paint(_KINDS[marker.kind], frame.theme), "text_anchor": "end" if before else None}
    return text(at + (-9.0 if before else 9.0), y + 4.2, marker.label, **halo, **style)


def _sign(marker: Marker, x: float, y: float, colour: str) -> str:
    """A square stops, a triangle warns, a dot happened."""
    if marker.kind == "stop":
        return tag("rect", x=x - 4.0, y=y - 4.0, width=8, height=8, fill=colour)
    if marker.kind in {"alarm", "warning"}:
        return tag("path", d=f"M{x:.1f} {y - 5:.1f}l5 9h-10Z", fill=colour)
    return tag("circle", cx=x, cy=y, r=3, fill=colour) if marker.kind == "event" else ""
