"""The picture of a session: force against its prescription, modelled spine force, phases, stops, alarms, events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from opentraction.drawing import Axis, Band, Marker, Series, chart
from opentraction.drawing.labels import text_width
from opentraction.drawing.palette import Theme
from opentraction.prescription.words import spoken
from opentraction.quantities import BadInput
from opentraction.quantities import vocabulary as v
from opentraction.quantities.units import FACTORS
from opentraction.session import measures
from opentraction.session.documents import Document, at_the_neck, plan_in_force
from opentraction.session.event_list import simulated_remote
from opentraction.session.rows import RATE_HZ, Rows

_DRAWN = ("spine_low", "spine_high", "prescribed", "measured")
_PAUSE = (v.PAUSE_RELEASE, v.PAUSED, v.RESUME)
_ROOM = 150.0  # of a chart's width that is not time: numbers left, names right
_SHOWN = {"disturbance", "comfort"}
_OWN_STOP = {"A1", "A2"}


def session_chart(
    columns: Mapping[str, Rows],
    documents: Sequence[Document],
    size: tuple[int, int] = (960, 360),
    theme: Theme = "standalone",
    unit: str = "N",
) -> str:
    """SVG of a session from its columns (of a row or of a recording) and documents.

    `unit` is the one on the force axis: lb, kgf, N, kN or daN. Raises BadInput for another.
    """
    force_unit(unit)
    t = columns["t"]
    shown = {name: columns[name] / FACTORS["force"][unit] for name in _DRAWN}
    told_apart = _told_apart(columns)
    series = [
        Series(t, shown["prescribed"], "prescribed", "prescribed", named_at=told_apart),
        Series(t, shown["measured"], "measured", "measured", named_at=told_apart),
    ]
    if not at_the_neck(plan_in_force(documents)):
        band = Series(t, shown["spine_low"], "spine, modelled", "spine-band", shown["spine_high"], told_apart)
        series.insert(0, band)
    end = float(t[-1]) if t.size else 1.0
    return chart(
        series,
        _named(phase_bands(t, columns["phase"]), end, size) if theme == "print" else phase_bands(t, columns["phase"]),
        Axis("time", low=0.0, high=max(end, 1.0), clock=True),
        Axis("force", unit, low=0.0),
        size,
        markers=markers(columns, documents),
        title="Force over time",
        description=_in_words(columns, documents, unit),
        theme=theme,
    )


def _told_apart(columns: Mapping[str, Rows]) -> float | None:
    """When the lines stand at their heights [s]: the last hold, else the highest prescribed; the end is at 0."""
    held = np.flatnonzero(columns["phase"] == v.HOLD)
    if held.size:
        return float(columns["t"][held[-1]])
    prescribed = np.nan_to_num(columns["prescribed"], nan=-1.0)
    return float(columns["t"][prescribed.argmax()]) if prescribed.size and prescribed.max() > 0.0 else None


def force_unit(unit: str) -> None:
    """Refuse a unit that is none of force. Raises BadInput."""
    if unit not in FACTORS["force"]:
        raise BadInput("unit", unit, "one of " + ", ".join(FACTORS["force"]))


def phase_bands(t: Rows, phase: Rows) -> list[Band]:
    """The phases of a session; what comes before and after the pull has no name on the strip, a pause has one."""
    named = {*measures.PULLING, *measures.RELEASING, *_PAUSE, v.END_RELEASE}
    bands: list[Band] = []
    for run in measures.runs(phase):
        if run.phase not in named:
            continue
        end, name = float(t[run.end - 1]) + 1.0 / RATE_HZ, _phase_name(run.phase)
        goes_on = bool(bands) and bands[-1].label == name == "pause"
        begin = bands.pop().x0 if goes_on else float(t[run.begin])
        bands.append(Band(begin, end, name, run.phase == v.HOLD))
    return bands


def _phase_name(phase: int) -> str:
    if phase in _PAUSE:
        return "pause"
    return "release" if phase in measures.RELEASING else v.PHASE_NAMES[phase]


def _named(bands: Sequence[Band], end: float, size: tuple[int, int]) -> list[Band]:
    """On paper nothing tells the name of a cell too narrow for it, so only holds, dark and alike, go without."""
    scale = (size[0] - _ROOM) / max(end, 1.0)
    return [band for band in bands if band.strong or text_width(band.label, 11.0) + 6.0 <= (band.x1 - band.x0) * scale]


def markers(columns: Mapping[str, Rows], documents: Sequence[Document]) -> list[Marker]:
    """The stop that ended a session, alarms of the pull as they began, disturbances and comfort scores."""
    found = []
    force = columns["measured"]
    released = measures.stop_response(
        columns["t"], force, columns["phase"], columns.get("switches"), columns.get("cause")
    )
    if released is not None and released["t"] is not None:
        found.append(Marker(released["t"], _ending(documents), "stop"))
    pulled = np.flatnonzero(np.isin(columns["phase"], measures.PULLING))
    begun = float(columns["t"][pulled[0]]) if pulled.size else 0.0
    for doc in documents:
        if doc["doc"] == "event" and doc["kind"] == "alarm" and doc["t"] >= begun:
            found += _alarm(doc)
        elif doc["doc"] == "event" and doc["data"].get("change") == "made":
            found.append(Marker(float(doc["t"]), "prescription changed", "event"))
        elif doc["doc"] == "event" and doc["kind"] in _SHOWN and not simulated_remote(doc):
            found.append(Marker(float(doc["t"]), str(doc["text"]), "event"))
    return found


def _alarm(doc: Document) -> list[Marker]:
    """An alarm as it begins: high priority red, medium amber; low ones and the stop's own are only listed."""
    data = doc["data"]
    if not data.get("on", True) or data.get("id") in _OWN_STOP or data.get("priority") == "low":
        return []
    return [Marker(float(doc["t"]), str(doc["text"]), "warning" if data.get("priority") == "medium" else "alarm")]


def _ending(documents: Sequence[Document]) -> str:
    last = documents[-1] if documents else {"doc": ""}
    if last["doc"] != "stop" or last["ending"] == "interrupted":
        return "stop"
    return str(last["cause"] or last["ending"]) if last["ending"] == "fault" else str(last["ending"])


def _in_words(columns: Mapping[str, Rows], documents: Sequence[Document], unit: str) -> str:
    """The picture for those who cannot see it."""
    measured = columns["measured"][np.isfinite(columns["measured"])]
    if measured.size == 0:
        return "No force was recorded."
    minutes = columns["t"].size / RATE_HZ / 60.0
    stops = [str(doc["ending"]) for doc in documents if doc["doc"] == "stop"]
    ending = f" Ending: {stops[-1]}." if stops else ""
    return f"{minutes:.1f} minutes recorded, highest measured force {spoken(measured.max(), unit)}.{ending}"
