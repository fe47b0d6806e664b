"""From the clock on the clinic's wall to the one moment it means, also in the night the clocks change.

A minute of the day counts from midnight, 0 to 1440; 1440 is the midnight that ends the day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from opentraction.quantities import BadInput, State

MINUTES = 1440


def moment(day: date, minute: int, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """The moment (UTC) at which the wall clock shows this minute of this day.

    Shown twice, it is the first of both, or the second for `last`. Never shown, it is the moment the clock jumps.
    """
    early, late = _both(day, minute, zone)
    if early > late:
        return _jump(late, early, zone)
    return late if last else early


def shown(day: date, minute: int, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """The same for a time somebody wrote. Raises BadInput for one that the clock skips on that day."""
    early, late = _both(day, minute, zone)
    if early > late:
        said = State(f"skipped on {day.isoformat()}, when the clocks go forward")
        raise BadInput(f"{minute // 60:02d}:{minute % 60:02d}", said, "a time that the clock shows")
    return late if last else early


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The day on the clinic's wall."""
    return at.astimezone(zone).date()


def minute_of(at: datetime, zone: ZoneInfo) -> int:
    """The minute of the day on the clinic's wall."""
    wall = at.astimezone(zone)
    return wall.hour * 60 + wall.minute


def minute_written(text: str, where: str = "time") -> int:
    """The minute of a time written as `8:30` or `24:00`. Raises BadInput."""
    hours, colon, minutes = text.strip().partition(":")
    digits = hours.isascii() and hours.isdecimal() and len(hours) <= 2
    if not digits or not colon or len(minutes) != 2 or not (minutes.isascii() and minutes.isdecimal()):
        raise BadInput(where, text, "a time such as 8:30")
    found = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or found > MINUTES:
        raise BadInput(where, text, "a time from 0:00 to 24:00")
    return found


def minute_said(minute: int) -> str:
    """`8:30` as people write it, with two digits for the hour."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _both(day: date, minute: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    wall = datetime.combine(day, time(), zone) + timedelta(minutes=minute)
    return wall.replace(fold=0).astimezone(UTC), wall.replace(fold=1).astimezone(UTC)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second in between at which the zone's offset changes, by halving."""
    low, high = int(before.timestamp()), int(after.timestamp())
    offset = before.astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)
