"""When a clinic is open: spans of each weekday, and closures that take away from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from opentraction.care.booking.wall_clock import MINUTES, minute_said, minute_written, moment
from opentraction.quantities import BadInput

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_SPANS: Final = 6
Stretch = tuple[datetime, datetime]
"""From one moment to another (UTC), the second not included."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one minute of the day to another on the wall clock."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= MINUTES:
            said = f"{minute_said(self.opens)}-{minute_said(self.closes)}"
            raise BadInput("hours", said, "an opening before its closing, such as 8:00-12:00")

    def __str__(self) -> str:
        return f"{minute_said(self.opens)}-{minute_said(self.closes)}"


@dataclass(frozen=True, slots=True)
class Hours:
    """Spans of the seven weekdays, Monday first."""

    week: tuple[tuple[Span, ...], ...]

    def __post_init__(self) -> None:
        if len(self.week) != len(DAYS):
            raise BadInput("hours", len(self.week), "seven weekdays")
        for name, spans in zip(DAYS, self.week, strict=True):
            _check(name, spans)

    @property
    def weekdays(self) -> frozenset[int]:
        """Weekdays with any hours; 0 is Monday."""
        return frozenset(day for day, spans in enumerate(self.week) if spans)

    def document(self) -> dict[str, str]:
        """As JSON holds it: `{"mon": "08:00-12:00, 13:00-18:00", ...}`."""
        return {name: said_spans(spans) for name, spans in zip(DAYS, self.week, strict=True)}

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> Hours:
        """The hours of a document; a weekday left out is closed. Raises BadInput."""
        for name in document:
            if name not in DAYS:
                raise BadInput("hours", name, "one of " + ", ".join(DAYS))
        return Hours(tuple(read_spans(str(document.get(name, "")), name) for name in DAYS))


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which the clinic is closed, both ends included; with a span, only so many hours of each."""

    first: date
    last: date
    why: str = ""
    span: Span | None = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadInput("last", self.last.isoformat(), f"{self.first.isoformat()} or later")

    def covers(self, day: date) -> bool:
        """Whether anything of this day is taken away."""
        return self.first <= day <= self.last

    @property
    def whole(self) -> bool:
        """Whether the days are closed altogether."""
        return self.span is None


def open_stretches(hours: Hours, closures: Iterable[Closure], day: date, zone: ZoneInfo) -> tuple[Stretch, ...]:
    """When the clinic is open on a day, as moments in order that neither touch nor overlap."""
    spans = [_stretch(day, span, zone) for span in hours.week[day.weekday()]]
    left = _joined([one for one in spans if one[0] < one[1]])
    for closure in closures:
        if closure.covers(day):
            left = _without(left, _stretch(day, closure.span or Span(0, MINUTES), zone))
    return tuple(left)


def read_spans(text: str, where: str = "hours") -> tuple[Span, ...]:
    """Spans as people write them, `8:00-12:00, 13:00-18:00`; nothing is closed. Raises BadInput."""
    parts = [part for part in text.replace(";", ",").split(",") if part.strip()]
    found = []
    for part in parts:
        opens, dash, closes = part.replace("\u2013", "-").partition("-")
        if not dash:
            raise BadInput(where, part.strip(), "hours such as 8:00-12:00, 13:00-18:00")
        try:
            found.append(Span(minute_written(opens, where), minute_written(closes, where)))
        except BadInput as refusal:
            raise BadInput(where, part.strip(), refusal.allowed) from None
    _check(where, tuple(found))
    return tuple(found)


def said_spans(spans: Sequence[Span]) -> str:
    """Spans as people write them; empty for a closed day."""
    return ", ".join(map(str, spans))


def _check(where: str, spans: tuple[Span, ...]) -> None:
    if len(spans) > MOST_SPANS:
        raise BadInput(where, f"{len(spans)} spans", f"at most {MOST_SPANS} spans a day")
    for one, two in pairwise(spans):
        if two.opens < one.closes:
            raise BadInput(where, said_spans(spans), "spans in order that do not overlap")


def _stretch(day: date, span: Span, zone: ZoneInfo) -> Stretch:
    """An opening that the clock shows twice is the first, a closing the second: the doubled hour is open whole."""
    return moment(day, span.opens, zone), moment(day, span.closes, zone, last=True)


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _without(stretches: list[Stretch], away: Stretch) -> list[Stretch]:
    parts = [((start, min(end, away[0])), (max(start, away[1]), end)) for start, end in stretches]
    return [part for pair in parts for part in pair if part[0] < part[1]]
