"""Days as a horizontal axis: the course on one scale and, where there is a time after it, that on another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FOLLOW_UP = 21  # days after the end from which the time after gets its own scale


def day_words(day: date) -> str:
    """`7 Nov 2026`"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


@dataclass(frozen=True)
class Days:
    """From `first` over `middle` (the end of the course) to `last`, between `left` and `right` [px]."""

    first: date
    middle: date
    last: date
    left: float
    right: float

    @property
    def wide(self) -> float:
        """Width [px]."""
        return self.right - self.left

    @property
    def later(self) -> bool:
        """Whether the time after the course has its own scale."""
        return (self.last - self.middle).days > _FOLLOW_UP

    @property
    def break_wide(self) -> float:
        """The gap between the scales [px]."""
        return 16.0

    def x(self, day: date) -> float:
        """The place of a day [px]."""
        end = self.middle if self.later else max(self.middle, self.last)
        room = 0.66 * self.wide if self.later else self.wide
        inner = room - 16.0
        if day <= end:
            return self.left + 8.0 + inner * (day - self.first).days / max(1, (end - self.first).days)
        start = self.left + room + self.break_wide
        return start + (self.right - 10.0 - start) * (day - self.middle).days / (self.last - self.middle).days

    def ticks(self) -> list[tuple[date, str]]:
        """Days worth a line with their words: weeks of the course (at most nine), months after it."""
        end = self.middle if self.later else max(self.middle, self.last)
        step = max(1, -(-((end - self.first).days // 7 + 1) // 7)) * 7
        count = (end - self.first).days // step
        days = [self.first + timedelta(days=k * step) for k in range(count + 1)]
        found = [(day, f"{day.day} {MONTHS[day.month - 1]}") for day in days]
        if not self.later:
            return found
        spans = (30, 91, 182, 365)
        names = ("1 mo", "3 mo", "6 mo", "12 mo")
        after = [(self.middle + timedelta(days=n), w) for n, w in zip(spans, names, strict=True)]
        return found + [one for one in after if one[0] <= self.last]
