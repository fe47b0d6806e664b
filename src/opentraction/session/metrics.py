"""The figures of a session, gathered while it happens. What each means stands in `measures.py`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from opentraction.quantities.vocabulary import CAUSE_TEXTS
from opentraction.session import measures, rows
from opentraction.session.documents import Document, changes, plan_in_force
from opentraction.session.rows import COLUMNS, RATE_HZ, Rows


class Metrics:
    """The listener that sums a session up; `summary()` may be asked at any time."""

    def __init__(self) -> None:
        self._documents: list[Document] = []
        self._blocks: list[Rows] = []
        self._hash = hashlib.sha256()

    def document(self, doc: Document) -> None:
        """Keep a document."""
        self._documents.append(doc)

    def rows(self, block: Rows) -> None:
        """Keep a copy of rows [n, 18], column by column, and add their bytes to the hash."""
        self._hash.update(np.ascontiguousarray(block, dtype=np.float64).data)
        self._blocks.append(np.array(block.T, dtype=np.float64, order="C"))

    def close(self) -> None:
        """Nothing to close."""

    @property
    def trace_sha256(self) -> str:
        """Hash over the float64 bytes (little-endian) of all rows in order: equal traces, equal hash."""
        return self._hash.hexdigest()

    def columns(self) -> dict[str, Rows]:
        """All rows so far by column name."""
        if len(self._blocks) > 1:
            self._blocks = [np.concatenate(self._blocks, axis=1)]
        table = self._blocks[0] if self._blocks else np.zeros((rows.N_COLUMNS, 0))
        return dict(zip(COLUMNS, table, strict=True))

    def summary(self, ending: str = "") -> dict[str, Any]:
        """The figures so far, `ending` as given or as the stop document says; None is "not known", never 0."""
        columns = self.columns()
        summary = summarise(columns, self._documents)
        stops = [str(doc["ending"]) for doc in self._documents if doc["doc"] == "stop"]
        return {
            "ending": ending or (stops[-1] if stops else "interrupted"),
            "cause": _cause(columns["cause"]),
            **summary,
            "trace_sha256": self.trace_sha256,
        }


def _cause(cause: Rows) -> str | None:
    """Why it ended, in words, as the last row says; None while it does not end."""
    if cause.size == 0 or not np.isfinite(cause[-1]):
        return None
    return CAUSE_TEXTS[int(cause[-1])] or None


def summarise(columns: Mapping[str, Rows], documents: Sequence[Document]) -> dict[str, Any]:
    """The figures of a session from its columns (those of a row, or the fewer that a recording keeps) and documents."""
    phase, prescribed = columns["phase"], columns["prescribed"]
    truth = columns.get("true_force", np.zeros(0))
    simulated = bool(np.isfinite(truth).any())
    force = truth if simulated else columns["measured"]
    events = [doc for doc in documents if doc["doc"] == "event"]
    calm = measures.quiet(columns["t"], [float(doc["t"]) for doc in events if doc["kind"] == "disturbance"])
    calm &= ~measures.reducing(columns["t"], prescribed, _reduces(events))
    excess = measures.overshoot(force, prescribed, phase, calm)
    pulling = np.isin(phase, measures.PULLING)
    return {
        "force_source": "true" if simulated else "measured",
        "duration_s": phase.size / RATE_HZ,
        "treatment_s": int(pulling.sum()) / RATE_HZ,
        "cycles_done": measures.cycles_done(phase),
        "peak_force_n": _largest(force),
        "peak_prescribed_n": _largest(prescribed[pulling]),
        "overshoot_n": excess["n"],
        "overshoot_of_step": excess["of_step"],
        "hold_error_n": measures.hold_error(force, prescribed, phase, calm),
        "spine_force_n": measures.spine_force(columns["spine"], columns["spine_low"], columns["spine_high"], phase),
        "stop": measures.stop_response(columns["t"], force, phase, columns.get("switches"), columns.get("cause")),
        "impulse_n_s": float(np.nansum(force[pulling])) / RATE_HZ,
        "phase_timing": measures.phase_timing(columns["t"], phase, plan_in_force(documents).get("rows", ())),
        "changes": [_changed(doc) for doc in changes(events)],
        "comfort": [_said(doc) for doc in events if doc["kind"] == "comfort"],
        "alarms": [_said(doc) for doc in events if doc["kind"] == "alarm"],
    }


def _reduces(events: Sequence[Document]) -> list[tuple[float, float]]:
    """When the limit fell and to what [s, N]; from the events, for a recording keeps no column of it."""
    lowered = (doc for doc in events if doc["data"].get("limit_n") is not None)
    return [(float(doc["t"]), float(doc["data"]["limit_n"])) for doc in lowered]


def _largest(values: Rows) -> float | None:
    good = values[np.isfinite(values)]
    return float(good.max()) if good.size else None


def _changed(doc: Document) -> dict[str, Any]:
    """A change of prescription: when it began [s of the recording, s of treatment], by whom, to which plan."""
    data = doc["data"]
    return {"t": doc["t"], "at_s": data["at_s"], "by": data["by"], "plan_sha256": data["plan_sha256"]}


def _said(doc: Document) -> dict[str, Any]:
    return {"t": doc["t"], "text": doc["text"], **doc["data"]}
