"""Which visits to a specialist this clinic's own records show. Only these can be reviewed.

Further sources, such as a calendar, add themselves to `SOURCES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User

from opentraction.clinic.days import day_at
from opentraction.clinic.directory.models import Profile, Specialist
from opentraction.clinic.models import Patient, TreatmentSession


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that took place: a lasting id, its day, to whom, and by which patient."""

    id: str
    day: date
    specialist_id: int
    patient: Patient


Source = Callable[[Specialist, User], Iterable[Visit]]


def treated_here(specialist: Specialist, asker: User) -> Iterable[Visit]:
    """Treatments in which something was pulled, by the user who is this specialist; those that the asker may see."""
    profile = Profile.objects.filter(specialist=specialist, works_here__isnull=False).first()
    if profile is None:
        return
    sessions = (
        TreatmentSession.objects.listed_to(asker)
        .filter(operator=profile.works_here_id)
        .select_related("patient__clinic")
    )
    for session in sessions.order_by("-created")[:200]:
        if session.pulled:
            day = day_at(session.patient.clinic, session.created)
            yield Visit(f"session:{session.pk}", day, specialist.pk, session.patient)


SOURCES: list[Source] = [treated_here]


def visits_of(specialist: Specialist, asker: User) -> list[Visit]:
    """All visits, the latest first."""
    found = [visit for source in SOURCES for visit in source(specialist, asker)]
    return sorted(found, key=lambda visit: visit.day, reverse=True)
