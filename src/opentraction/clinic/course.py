"""A patient's course over sessions: small pictures of one thing each, drawn from what the recordings said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opentraction.clinic.models import Patient, TreatmentSession
from opentraction.clinic.table_link import shared_link
from opentraction.drawing import Axis, Series, chart
from opentraction.quantities.units import FACTORS

Floats = NDArray[np.float64]
TREND_FROM = 4
EXCESS_SHARE, EXCESS_N = 0.02, 5.0


@dataclass(frozen=True)
class Line:
    """One session as a row of the course."""

    session: TreatmentSession
    number: int
    prescribed: float | None
    peak: float | None
    hold_error: float | None
    comfort: int | None = None
    """The last score given afterwards, else the one that was recorded."""
    afterwards: bool = False
    """Whether it is one given afterwards."""

    @property
    def state(self) -> str:
        """How it ended; before that is in the database, whether it is open or already on its way there."""
        if self.session.ending:
            return str(self.session.ending)
        return "being taken in" if just_ended(shared_link().documents, str(self.session.pk)) else "open"

    @property
    def when(self) -> datetime:
        """When it began, as recorded; until then, when it was opened."""
        return self.session.started or self.session.created


@dataclass(frozen=True)
class Picture:
    """One small chart (SVG), and what must be known to read it."""

    title: str
    svg: str
    note: str = ""


@dataclass(frozen=True)
class Course:
    """Everything the course page shows; `charts` are empty before the second session."""

    lines: list[Line]
    charts: list[Picture]


def course_of(patient: Patient, unit: str) -> Course:
    """The patient's sessions in order, with pictures in the reader's unit."""
    sessions = list(patient.sessions.select_related("plan__prescription").prefetch_related("later_scores"))
    lines = [_line(number, session) for number, session in enumerate(sessions, start=1)]
    ended = [line for line in lines if line.session.ending]
    return Course(lines, _charts(ended, unit) if len(ended) > 1 else [])


def just_ended(documents: Sequence[dict[str, Any]], session: str) -> bool:
    """Whether the table has told the end of this session: its log begins with the session and ends with a stop."""
    return bool(documents) and documents[0].get("uid") == session and documents[-1].get("doc") == "stop"


def _line(number: int, session: TreatmentSession) -> Line:
    summary = session.summary or {}
    prescribed, peak = _number(summary, "peak_prescribed_n"), _number(summary, "peak_force_n")
    later = [one.score for one in session.later_scores.all()]
    comfort = later[-1] if later else session.comfort
    return Line(session, number, prescribed, peak, _number(summary, "hold_error_n", "rms"), comfort, bool(later))


def _number(summary: dict[str, Any], *path: str) -> float | None:
    value: Any = summary
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return float(value) if isinstance(value, int | float) else None


def _charts(lines: list[Line], unit: str) -> list[Picture]:
    factor = FACTORS["force"][unit]
    numbers = np.array([float(line.number) for line in lines])
    peaks = _heights([line.peak for line in lines]) / factor
    asked = Series(numbers, _heights([line.prescribed for line in lines]) / factor, "prescribed", "prescribed")
    errors = _heights([line.hold_error for line in lines])  # accuracy is always in newtons
    comfort = _heights([line.comfort for line in lines])
    ten = Axis("", "of 10", low=0.0, high=10.0)
    return [
        Picture("Peak force", _small(numbers, peaks, Axis("", unit, low=0.0), "measured", [asked]), _excess(lines)),
        Picture("Hold error, rms", _small(numbers, errors, Axis("", "N", low=0.0), "", _trend(numbers, errors))),
        Picture("Comfort", _small(numbers, comfort, ten, "", _trend(numbers, comfort))),
    ]


def _excess(lines: list[Line]) -> str:
    """Which peaks were not prescribed; nothing where all of them are the prescribed pull."""
    above = [str(line.number) for line in lines if line.peak and line.prescribed and _is_excess(line)]
    if not above:
        return ""
    where = f"Session{'s' if len(above) > 1 else ''} {', '.join(above)}"
    return f"{where} peaked above what was prescribed; the session's page says why, such as a cough or a shift."


def _is_excess(line: Line) -> bool:
    """More than the controller's own overshoot may be: the larger of 2 % and 5 N."""
    asked = line.prescribed or 0.0
    return (line.peak or 0.0) > asked + max(EXCESS_SHARE * asked, EXCESS_N)


def _heights(values: Sequence[float | None]) -> Floats:
    """What is not known is not drawn."""
    return np.array([np.nan if value is None else float(value) for value in values])


def _trend(numbers: Floats, heights: Floats) -> list[Series]:
    """A straight line by least squares through four known values or more, between the first and the last of them."""
    known = np.isfinite(heights)
    if known.sum() < TREND_FROM:
        return []
    slope, start = np.polyfit(numbers[known], heights[known], 1)
    within = numbers[known]
    return [Series(within, np.maximum(start + slope * within, 0.0), "trend", "limit")]


def _alone(numbers: Floats, heights: Floats) -> list[Series]:
    """Values without a neighbour make no line: each is drawn as a short stroke."""
    known = np.concatenate([[False], np.isfinite(heights), [False]])
    lonely = np.flatnonzero(known[1:-1] & ~known[:-2] & ~known[2:])
    ends = 1.0, max(2.0, float(numbers[-1]))
    half = 0.015 * (ends[1] - ends[0])
    return [
        Series(np.clip([numbers[i] - half, numbers[i] + half], *ends), [heights[i]] * 2, style="measured")
        for i in lonely
    ]


def _small(numbers: Floats, heights: Floats, y: Axis, label: str, beside: list[Series]) -> str:
    x = Axis(low=1.0, high=max(2.0, float(numbers[-1])), whole=True)
    return chart(
        [*beside, *_alone(numbers, heights), Series(numbers, heights, label, "measured")], x=x, y=y, size=(360, 190)
    )
