"""The visits of a course still to come, and its whole calendar: done, booked, missed, not booked yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from opentraction.care import booking
from opentraction.clinic.agenda.diary import opening_of, today_of
from opentraction.clinic.agenda.models import Appointment
from opentraction.clinic.agenda.standing import appointments_of
from opentraction.clinic.courses.models import CourseRow
from opentraction.clinic.courses.standing import current_course, sessions_since
from opentraction.clinic.models import Patient
from opentraction.prescription.progress import Clinic, Visit, course_calendar
from opentraction.prescription.progress.visits import due
from opentraction.quantities import BadInput


@dataclass(frozen=True, slots=True)
class ToBook:
    """What of a course is still to be booked. `visits` are days its rhythm asks for; no course, nothing."""

    course: CourseRow | None
    visits: tuple[Visit, ...] = ()
    total: int = 0
    done: int = 0
    booked: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the calendar. `number` counts sessions done and to come; None for one that was missed."""

    day: date
    state: str
    number: int | None = None
    appointment: Appointment | None = None
    scores: bool = False


def visits_to_book(patient: Patient, clinic: Clinic, first: date, now: datetime) -> ToBook:
    """The sessions of the current course that are neither done nor booked, from `first` on. Raises BadInput."""
    row = current_course(patient)
    if row is None:
        return ToBook(None)
    template, done = row.terms.rhythm, len(sessions_since(row, now))
    coming = _coming(row, now)
    if coming:
        first = max(first, coming[-1].day + timedelta(days=1))
    first, had = max(first, row.terms.start), min(done + len(coming), template.total)
    visits = course_calendar(template, clinic, first, had) if had < template.total else ()
    return ToBook(row, visits, template.total, done, len(coming))


def calendar_of(row: CourseRow, now: datetime) -> list[Entry]:
    """The whole course in the order of its days. Raises BadInput."""
    today = today_of(row.patient.clinic, now)
    done = sessions_since(row, now)
    template = row.terms.rhythm
    entries = [Entry(day, "done", n, scores=due(n, template)) for n, day in enumerate(done, start=1)]
    entries += [Entry(one.day, _gone(one), appointment=one) for one in _gone_by(row, done, now)]
    coming = _coming(row, now)
    for n, one in enumerate(coming, start=len(done) + 1):
        entries.append(Entry(one.day, one.state, n, one, due(n, template)))
    entries += [Entry(one.day, "not booked", one.number, scores=one.reassess) for one in _left(row, today, now)]
    return sorted(entries, key=lambda one: (one.day, one.number or 0))


def _left(row: CourseRow, today: date, now: datetime) -> tuple[Visit, ...]:
    """What is still to be booked; nothing where the hours do not allow the rhythm, which the page of booking says."""
    diary = opening_of(row.patient.clinic, today)
    clinic = diary.for_course() if diary.hours.weekdays else Clinic()
    try:
        return visits_to_book(row.patient, clinic, today, now).visits
    except BadInput:
        return ()


def _coming(row: CourseRow, now: datetime) -> list[Appointment]:
    """Sessions that are booked from now on, or under way."""
    rows = appointments_of(row.patient, row.terms.start)
    standing = {booking.BOOKED, booking.ARRIVED}
    done = set(sessions_since(row, now))
    return [one for one in rows if one.session and one.state in standing and one.ends > now and one.day not in done]


def _gone_by(row: CourseRow, done: list[date], now: datetime) -> list[Appointment]:
    """Sessions that were booked and not held: nobody came, it was cancelled, or nobody said what became of it."""
    rows = appointments_of(row.patient, row.terms.start)
    over = {booking.NO_SHOW, booking.CANCELLED}
    return [
        one for one in rows if one.session and one.day not in done and (one.state in over or one.ends <= now)
    ]  # fmt: skip


def _gone(one: Appointment) -> str:
    return one.state if one.state in {booking.NO_SHOW, booking.CANCELLED} else "no pull"
