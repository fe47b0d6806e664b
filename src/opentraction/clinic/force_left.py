"""How much of the force screening leaves, held against the plan that is to be pulled.

The bounds are those of a course (`prescription/progress`), whether or not this patient has one: who is treated without
one is no safer.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from opentraction.clinic.courses.standing import current_course
from opentraction.clinic.days import day_at
from opentraction.clinic.intake.standing import screened
from opentraction.clinic.models import Patient
from opentraction.clinic.sessions_of import sessions_of
from opentraction.prescription import Plan
from opentraction.prescription.progress import Course, Screened, Start, starting_force, templates
from opentraction.prescription.progress.saying import said_force
from opentraction.screening import Overridden, Verdict, limit_words


def refused(patient: Patient, plan: Plan, counts: Verdict | Overridden, now: datetime, unit: str = "N") -> str:
    """Why this plan pulls more than screening leaves, in a sentence; empty where it does not."""
    start = _start(patient, plan.region, counts, now)
    if start.cap.found is None or plan.peak <= start.cap.force:
        return ""
    said = _("Screening leaves at most {most}: {why}. This plan pulls {peak}. Sign a lower one.")
    most, peak = said_force(start.cap.force, unit), said_force(plan.peak, unit)
    return said.format(most=most, why=start.cap.words, peak=peak)


def to_mind(patient: Patient, plan: Plan, now: datetime, unit: str) -> list[str]:
    """What speaks for less than this plan pulls, before it is signed and before it begins: words, the gravest first."""
    counts = screened(patient, plan.region, now)
    found = [] if counts is None else [limit_words(limit) for limit in counts.limits]
    if counts is not None and (sentence := refused(patient, plan, counts, now, unit)):
        found.insert(0, sentence)
    start = _start(patient, plan.region, counts, now)
    if plan.peak > start.first and not any(one.pulled for one in sessions_of(patient)):
        said = _("{rule} Here that is {first}; this plan pulls {peak}.")
        first, peak = said_force(start.first, unit), said_force(plan.peak, unit)
        found.append(said.format(rule=start.why_first.words, first=first, peak=peak))
    return found


def _start(patient: Patient, region: str, counts: Verdict | Overridden | None, now: datetime) -> Start:
    """The bounds of this patient's course of that region, or of one that would begin today."""
    row, day = current_course(patient), day_at(patient.clinic, now)
    person = patient.as_person(day)
    if row is not None and row.region == region:
        course = row.terms.course(person)
    else:
        course = Course(patient=person, region=region, template=templates()["A"], start=day)
    return starting_force(course, Screened.of(counts) if counts is not None else None)
