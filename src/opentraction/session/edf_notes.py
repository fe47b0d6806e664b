"""What of a session's documents stands among the annotations of its waveform file."""

from __future__ import annotations

import math
from typing import Any

from opentraction.session.documents import Document


def edf_note(doc: Document) -> tuple[float, str] | None:
    """Where and in what words a document stands among the annotations; the descriptor does not."""
    if doc["doc"] == "start":
        return 0.0, "recording starts"
    if doc["doc"] == "event":
        return _time(doc), f"{doc['kind']}: {doc['text']}"
    if doc["doc"] == "stop":
        return _time(doc), f"stop: {doc['ending']}" + (f", {doc['cause']}" if doc["cause"] else "")
    return None


def _time(doc: Document) -> float:
    t: Any = doc["t"]
    return float(t) if t is not None and math.isfinite(t) else 0.0
