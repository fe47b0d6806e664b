"""The picture of a session: force against its prescription, modelled spine force, phases, stops, alarms, events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from opentraction.drawing import Axis, Band, Marker, Series, chart
from opentraction.drawing.palette import Theme
from opentraction.quantities import vocabulary as v
from opentraction.session import measures
from opentraction.session.documents import Document
from opentraction.session.rows import RATE_HZ, Rows

_SHOWN = {"disturbance", "comfort"}
_OWN_STOP = {"A1", "A2"}


def session_chart(
    columns: Mapping[str, Rows],
    documents: Sequence[Document],
    size: tuple[int, int] = (960, 360),
    theme: Theme = "standalone",
) -> str:
    """SVG of a session from its columns (of a row or of a recording) and documents."""
    t = columns["t"]
    series = [
        Series(t, columns["spine_low"], "spine, modelled", "spine-band", high=columns["spine_high"]),
        Series(t, columns["prescribed"], "prescribed", "prescribed"),
        Series(t, columns["measured"], "measured", "measured"),
    ]
    end = float(t[-1]) if t.size else 1.0
    return chart(
        series,
        phase_bands(t, columns["phase"]),
        Axis("time", low=0.0, high=max(end, 1.0), clock=True),
        Axis("force", "N", low=0.0),
        size,
        markers=markers(columns, documents),
        title="Force over time",
        description=_in_words(columns, documents),
        theme=theme,
    )


def phase_bands(t: Rows, phase: Rows) -> list[Band]:
    """The phases of a session; what comes before and after the pull has no name on the strip."""
    named = {*measures.PULLING, *measures.RELEASING, v.PAUSE_RELEASE, v.PAUSED, v.RESUME, v.END_RELEASE}
    bands = []
    for run in measures.runs(phase):
        if run.phase in named:
            end = float(t[run.end - 1]) + 1.0 / RATE_HZ
            name = "release" if run.phase in measures.RELEASING else v.PHASE_NAMES[run.phase]
            bands.append(Band(float(t[run.begin]), end, name, run.phase == v.HOLD))
    return bands


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
        elif doc["doc"] == "event" and doc["kind"] in _SHOWN:
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


def _in_words(columns: Mapping[str, Rows], documents: Sequence[Document]) -> str:
    """The picture for those who cannot see it."""
    measured = columns["measured"][np.isfinite(columns["measured"])]
    if measured.size == 0:
        return "No force was recorded."
    minutes = columns["t"].size / RATE_HZ / 60.0
    stops = [str(doc["ending"]) for doc in documents if doc["doc"] == "stop"]
    ending = f" Ending: {stops[-1]}." if stops else ""
    return f"{minutes:.1f} minutes recorded, highest measured force {measured.max():.0f} N.{ending}"
