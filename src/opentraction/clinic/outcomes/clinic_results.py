"""The clinic's courses as the domain's results count them: everybody who started, missing ones included.

A course counts for an occasion once its window has closed, or once it was answered. One without a session for six
weeks that nobody ended has come to its end there too, so that nobody drops out by staying away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from opentraction.care.outcomes import CourseFacts, CourseOutcome, Form, Results, Score, add_months, results
from opentraction.care.outcomes.schedule import Occasion, schedule
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Clinic, Patient, TreatmentSession
from opentraction.clinic.outcomes.courses import Course, split
from opentraction.clinic.outcomes.models import COUNTS, AdverseEventRow, CourseEnd, OutcomeForm
from opentraction.clinic.outcomes.rows_of import by_patient

AWAY: Final = timedelta(days=42)
"""A course without a session for so long has ended; a project proposal, reviewed by nobody yet."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which instrument, at which occasion, of courses begun from `since` to `until`."""

    instrument: str
    occasion: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The results, and how many courses are not counted yet because their day is still to come."""

    results: Results
    running: int


def occasions() -> list[Occasion]:
    """The moments at which a result can be told: the end and after it."""
    return [one for one in schedule().occasions if one.at in {"end", "months"}]


def told_results(clinic: Clinic, asked: Asked, now: datetime) -> Told:
    """The clinic's results. Raises BadInput for an instrument that is none."""
    today, occasion = day_at(clinic, now), next(one for one in occasions() if one.id == asked.occasion)
    counted, running = [], 0
    for patient, course in _courses(clinic, asked):
        told = _outcome(patient, course, occasion, asked.instrument, today)
        running += told is None
        counted += [told] if told is not None else []
    return Told(results(counted, asked.instrument), running)


def _courses(clinic: Clinic, asked: Asked) -> Iterable[tuple[_Record, Course]]:
    for record in _records(clinic, asked.instrument):
        for course in split(record.patient, record.sessions, record.ends):
            if (asked.since or date.min) <= course.facts.started <= (asked.until or date.max):
                yield record, course


@dataclass(frozen=True, slots=True)
class _Record:
    """What is needed of one patient."""

    patient: Patient
    sessions: Sequence[TreatmentSession]
    ends: Sequence[CourseEnd]
    forms: Sequence[Form]
    events: dict[str, bool]
    """Session -> whether one of its events was serious."""


def _records(clinic: Clinic, instrument: str) -> list[_Record]:
    patients = Patient.objects.filter(clinic=clinic)
    sessions = TreatmentSession.objects.filter(patient__clinic=clinic).select_related("plan__prescription__signed_by")
    ends = CourseEnd.objects.filter(patient__clinic=clinic, **COUNTS).order_by("ended", "id")
    forms = OutcomeForm.objects.filter(patient__clinic=clinic, instrument=instrument, **COUNTS)
    events = AdverseEventRow.objects.filter(patient__clinic=clinic, **COUNTS).exclude(session=None)
    held, over = by_patient(sessions.order_by("created")), by_patient(ends)
    given, went = by_patient(forms), by_patient(events)
    return [
        _Record(
            one, [s for s in held.get(one.pk, []) if s.pulled], over.get(one.pk, []),
            [row.form for row in given.get(one.pk, [])], _serious(went.get(one.pk, [])),
        )
        for one in patients.select_related("clinic")
    ]  # fmt: skip


def _serious(events: Iterable[AdverseEventRow]) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for one in events:
        found[str(one.session_id)] = found.get(str(one.session_id), False) or one.serious
    return found


def _outcome(record: _Record, course: Course, occasion: Occasion, name: str, today: date) -> CourseOutcome | None:
    """The course as the results count it; None while its day is still to come."""
    facts = course.facts
    ended = facts.ended or (facts.visits[-1] if facts.visits[-1] + AWAY < today else None)
    if ended is None:
        return None
    day = ended if occasion.at == "end" else add_months(ended, occasion.count)
    window = day - timedelta(days=occasion.before), day + timedelta(days=occasion.after)
    later = [form for form in record.forms if form.taken > facts.started]  # a baseline is no outcome
    after = _nearest(later, window, day)
    if after is None and today <= window[1]:
        return None
    touched = [record.events[str(one.pk)] for one in course.sessions if str(one.pk) in record.events]
    return CourseOutcome(
        _clinician(course), _baseline(record.forms, facts), after, len(course.sessions), len(touched), sum(touched)
    )


def _nearest(forms: Sequence[Form], window: tuple[date, date], day: date) -> Score | None:
    inside = [form for form in forms if window[0] <= form.taken <= window[1] and form.score().valid]
    return min(inside, key=lambda form: abs((form.taken - day).days)).score() if inside else None


def _baseline(forms: Sequence[Form], facts: CourseFacts) -> Score | None:
    first = facts.started - timedelta(days=schedule().occasions[0].before)
    before = [form for form in forms if first <= form.taken <= facts.started and form.score().valid]
    return before[-1].score() if before else None


def _clinician(course: Course) -> str:
    """Who signed the prescription that the course began with."""
    signed = course.sessions[0].plan.prescription.signed_by
    return signed.username if signed else ""
