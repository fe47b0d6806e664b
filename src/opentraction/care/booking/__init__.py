"""The diary of a clinic: hours, closures, kinds of appointments, tables, rooms and staff; free times, conflicts, the
series of a course, the waiting list, what becomes of an appointment, and iCalendar. Pure: a diary is a value, time is
passed in, moments are UTC, and the wall clock of the clinic is a zone.
"""

from __future__ import annotations

from opentraction.care.booking.conflicts import NotFree, book, conflicts, least_between
from opentraction.care.booking.diary import Booked, Diary, Given, Resource, overlap
from opentraction.care.booking.hours import DAYS, Closure, Hours, Span, open_stretches, read_spans, said_spans
from opentraction.care.booking.ics import Entry, calendar
from opentraction.care.booking.kinds import RESOURCES, Kind, kind, kinds, rules
from opentraction.care.booking.series import Placed, nearest, place_series
from opentraction.care.booking.slots import Slot, free_slots, slot_at
from opentraction.care.booking.states import (
    ARRIVED,
    BOOKED,
    CANCELLED,
    DONE,
    NO_SHOW,
    REASONS,
    STANDS,
    STATES,
    Notice,
    acts_of,
    after,
    late_by,
    may_be_missed,
    notice,
    too_late,
)
from opentraction.care.booking.waiting import Waiting, who_fits
from opentraction.care.booking.wall_clock import day_of, minute_of, minute_said, minute_written, moment, shown

__all__ = [
    "ARRIVED",
    "BOOKED",
    "CANCELLED",
    "DAYS",
    "DONE",
    "NO_SHOW",
    "REASONS",
    "RESOURCES",
    "STANDS",
    "STATES",
    "Booked",
    "Closure",
    "Diary",
    "Entry",
    "Given",
    "Hours",
    "Kind",
    "NotFree",
    "Notice",
    "Placed",
    "Resource",
    "Slot",
    "Span",
    "Waiting",
    "acts_of",
    "after",
    "book",
    "calendar",
    "conflicts",
    "day_of",
    "free_slots",
    "kind",
    "kinds",
    "late_by",
    "least_between",
    "may_be_missed",
    "minute_of",
    "minute_said",
    "minute_written",
    "moment",
    "nearest",
    "notice",
    "open_stretches",
    "overlap",
    "place_series",
    "read_spans",
    "rules",
    "said_spans",
    "shown",
    "slot_at",
    "too_late",
    "who_fits",
]
