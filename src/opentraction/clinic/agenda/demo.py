"""An agenda to try out: hours, a table, a room, a column for the demo's user, and visits on the next open days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care import booking
from opentraction.care.booking import Closure
from opentraction.clinic import roles
from opentraction.clinic.agenda.actions.booking import book
from opentraction.clinic.agenda.actions.series import book_series, find_series
from opentraction.clinic.agenda.actions.settings import add_resource, close_days, write_hours
from opentraction.clinic.agenda.actions.waiting import wait
from opentraction.clinic.agenda.diary import diary_of, today_of
from opentraction.clinic.agenda.models import Opening
from opentraction.clinic.courses.planning import visits_to_book
from opentraction.clinic.models import Clinic, Patient

HOURS: Final = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "8:00-12:00, 13:00-18:00") | {"sat": "9:00-12:00"}
SERIES: Final = 6
TEN: Final = 10 * 60
AFTERNOON: Final = 14 * 60


@transaction.atomic
def demo_agenda(by: User, now: datetime) -> None:
    """Once. Whoever has a course gets its first sessions booked; two others come once."""
    place = roles.place_of(by)
    assert place is not None
    clinic = place.clinic
    if Opening.objects.filter(clinic=clinic).exists():
        return
    write_hours(clinic, HOURS, by=by, now=now)
    add_resource(clinic, "table", "Table 1", by=by)
    add_resource(clinic, "room", "Room 1", by=by)
    add_resource(clinic, "staff", by.get_username().capitalize(), by=by, user=by)
    today = today_of(clinic, now)
    christmas = date(today.year + (today > date(today.year, 12, 26)), 12, 25)
    close_days(clinic, Closure(christmas, christmas + timedelta(days=1), "Christmas"), by=by)
    _series(clinic, by, now)
    _once(clinic, by, now)


def next_open(clinic: Clinic, now: datetime) -> date:
    """The first open day after today."""
    today = today_of(clinic, now)
    diary = diary_of(clinic, today, today + timedelta(days=14))
    days = (today + timedelta(days=n) for n in range(1, 15))
    return next(day for day in days if diary.open_on(day) and day.weekday() < 5)


def _series(clinic: Clinic, by: User, now: datetime) -> None:
    first = next_open(clinic, now)
    for patient in Patient.objects.filter(clinic=clinic, number=1):
        plan = visits_to_book(patient, diary_of(clinic, first, first).for_course(), first, now)
        placed = find_series(patient, plan.visits[:SERIES], TEN, now)
        book_series(patient, [one.slot.start for one in placed if one.slot], by=by, now=now)


def _once(clinic: Clinic, by: User, now: datetime) -> None:
    """Ben comes for a session and waits for an earlier one; the fourth patient is looked at again."""
    first = next_open(clinic, now)
    for patient in Patient.objects.filter(clinic=clinic, number__in=[2, 4]):
        kind = booking.kind("session" if patient.number == 2 else "reassessment")
        last = first + timedelta(days=7)
        diary = diary_of(clinic, first, last)
        slots = booking.free_slots(diary, kind, first, first, patient=str(patient.pk), now=now)
        slot = booking.nearest(slots, AFTERNOON + 30 * (patient.number - 2), diary)
        if slot is not None:
            book(patient, kind.id, slot.start, by=by, now=now)
        if patient.number == 2:
            wait(patient, "session", (first, last), by=by, now=now, times=(8 * 60, 12 * 60))
