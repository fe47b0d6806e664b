"""A small clinic to book in: two tables, two therapists, a room; half past eight to noon and one to five."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from opentraction.care import booking
from opentraction.care.booking import Booked, Diary, Hours, Resource

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:30-12:00, 13:00-17:00")
TABLE, SECOND = Resource(1, "table", "Table 1"), Resource(2, "table", "Table 2")
NORA, OMAR = Resource(3, "staff", "Nora"), Resource(4, "staff", "Omar")
ROOM = Resource(5, "room", "Room 1")
SESSION = booking.kind("session")


def diary(*resources: Resource, zone: ZoneInfo = BERLIN, week: dict[str, str] | None = None) -> Diary:
    return Diary(zone, Hours.from_document(week or WEEK), (), resources or (TABLE, SECOND, NORA, OMAR, ROOM))


def at(day: date, hour: int, minute: int = 0, zone: ZoneInfo = BERLIN) -> datetime:
    return booking.shown(day, hour * 60 + minute, zone)


def session(key: str, patient: str, start: datetime, *resources: Resource) -> Booked:
    return Booked(key=key, patient=patient, kind=SESSION, start=start, resources=resources or (TABLE, NORA))
