"""A patient's course over sessions: small pictures of one thing each, drawn from what the recordings said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from opentraction.clinic.models import Patient, TreatmentSession
from opentraction.drawing import Axis, Series, chart
from opentraction.quantities.units import FACTORS


@dataclass(frozen=True)
class Line:
    """One session as a row of the course."""

    session: TreatmentSession
    number: int
    peak: float | None
    hold_error: float | None


@dataclass(frozen=True)
class Course:
    """Everything the course page shows; `charts` are (title, SVG) and empty before the second session."""

    lines: list[Line]
    charts: list[tuple[str, str]]


def course_of(patient: Patient, unit: str) -> Course:
    """The patient's sessions in order, with pictures in the reader's unit."""
    sessions = list(patient.sessions.select_related("plan__prescription"))
    lines = [_line(number, session) for number, session in enumerate(sessions, start=1)]
    ended = [line for line in lines if line.session.ending]
    return Course(lines, _charts(ended, unit) if len(ended) > 1 else [])


def _line(number: int, session: TreatmentSession) -> Line:
    summary = session.summary or {}
    return Line(session, number, _number(summary, "peak_force_n"), _number(summary, "hold_error_n", "rms"))


def _number(summary: dict[str, Any], *path: str) -> float | None:
    value: Any = summary
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return float(value) if isinstance(value, int | float) else None


def _charts(lines: list[Line], unit: str) -> list[tuple[str, str]]:
    factor = FACTORS["force"][unit]
    numbers = np.array([float(line.number) for line in lines])
    peaks = [None if line.peak is None else line.peak / factor for line in lines]
    errors = [None if line.hold_error is None else line.hold_error / factor for line in lines]
    comfort = [None if line.session.comfort is None else float(line.session.comfort) for line in lines]
    return [
        ("Peak force", _small(numbers, peaks, Axis("", unit, low=0.0))),
        ("Hold error, rms", _small(numbers, errors, Axis("", unit, low=0.0))),
        ("Comfort", _small(numbers, comfort, Axis("", "of 10", low=0.0, high=10.0))),
    ]


def _small(numbers: np.ndarray[Any, np.dtype[np.float64]], values: list[float | None], y: Axis) -> str:
    heights = np.array([np.nan if value is None else value for value in values])
    known = np.isfinite(heights)
    series = [Series(numbers[known], heights[known], style="measured")]
    if known.sum() > 2:
        slope, start = np.polyfit(numbers[known], heights[known], 1)
        series.insert(0, Series(numbers, start + slope * numbers, "trend", "limit"))
    return chart(series, x=Axis("session"), y=y, size=(420, 200))
