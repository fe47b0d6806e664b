"""A small clinic to book in: open every day from eight to six, one table, one room, Nora; and a course to book from."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from opentraction.care import booking
from opentraction.care.booking import Closure
from opentraction.clinic import roles
from opentraction.clinic.agenda.actions import booking as books
from opentraction.clinic.agenda.actions import settings, waiting
from opentraction.clinic.agenda.models import Appointment, ClosureRow, Opening, ResourceRow, WaitingRow
from opentraction.clinic.courses.actions.courses import begin_course
from opentraction.clinic.courses.models import CourseRow, Terms
from opentraction.clinic.models import Clinic, Patient
from tests.clinic_ground import user_with

EVERY_DAY = dict.fromkeys(booking.DAYS, "8:00-18:00")
NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)
"""A Monday, an hour before the clinic opens."""
MONDAY = NOW.date()


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    """On the clinic's clock, which is UTC here."""
    return datetime.combine(day, time(hour, minute), UTC)


def manager(clinic: Clinic) -> User:
    """Somebody who manages the clinic."""
    known = User.objects.filter(memberships__clinic=clinic, memberships__role=roles.ADMINISTRATOR).first()
    return known or user_with(roles.ADMINISTRATOR, clinic)


def ready(clinic: Clinic) -> tuple[ResourceRow, ResourceRow, ResourceRow]:
    """Hours, a table, a room and Nora; made once."""
    by = manager(clinic)
    if not Opening.objects.filter(clinic=clinic).exists():
        settings.write_hours(clinic, EVERY_DAY, by=by, now=NOW)
        for kind, name in (("table", "Table 1"), ("room", "Room 1"), ("staff", "Nora")):
            settings.add_resource(clinic, kind, name, by=by)
    table, room, nora = ResourceRow.objects.filter(clinic=clinic).order_by("pk")[:3]
    return table, room, nora


def course_for(patient: Patient, by: User, now: datetime = NOW, **terms: object) -> CourseRow:
    """A running course of the patient's region, three a week."""
    return begin_course(patient, Terms(region=patient.region, start=now.date(), **terms), by=by, now=now)  # type: ignore[arg-type]


def appointment_of(patient: Patient, by: User) -> int:
    """An appointment in two days; made once."""
    ready(patient.clinic)
    known = Appointment.objects.filter(patient=patient).first()
    start = at(10, day=timezone.now().date() + timedelta(days=2))
    return (known or books.book(patient, "session", start, by=by, now=timezone.now())).pk


def waiting_of(patient: Patient, by: User) -> int:
    """Somebody who waits; made once."""
    known = WaitingRow.objects.filter(patient=patient, closed=None).first()
    days = timezone.now().date(), timezone.now().date() + timedelta(days=7)
    return (known or waiting.wait(patient, "session", days, by=by, now=timezone.now())).pk


def closure_of(clinic: Clinic) -> int:
    """A day on which the clinic is closed; made once."""
    known = ClosureRow.objects.filter(clinic=clinic).first()
    day = timezone.now().date() + timedelta(days=30)
    return (known or settings.close_days(clinic, Closure(day, day, "holiday"), by=manager(clinic))).pk


def table_of(clinic: Clinic) -> int:
    """A table nobody is booked on."""
    known = ResourceRow.objects.filter(clinic=clinic, name="Table 9").first()
    return (known or settings.add_resource(clinic, "table", "Table 9", by=manager(clinic))).pk
