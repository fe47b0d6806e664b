"""Courses and treatment sessions, to read. Nothing here reaches a table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from opentraction.clinic.api.operations.shapes import Document, Told
from opentraction.clinic.courses.models import CourseRow
from opentraction.clinic.models import Patient, TreatmentSession
from opentraction.clinic.reading import reading

router = Router()


class CourseTold(Told):
    """A course with its terms as they stand now."""

    id: int
    patient: int
    region: str
    start: date
    ended: bool
    terms: Document


class Courses(Told):
    """Newest first; the first one counts."""

    courses: list[CourseTold]


class SessionTold(Told):
    """A treatment session. What is not known yet is null."""

    id: UUID
    patient: int
    number: int
    created: datetime
    started: datetime | None
    ended: datetime | None
    ending: str
    cause: str
    comfort: int | None
    plan_sha256: str
    summary: Document | None


class Sessions(Told):
    """Oldest first."""

    sessions: list[SessionTold]


@router.get("/patients/{int:pk}/courses", response=Courses, url_name="courses", summary="Courses of a patient")
def courses(request: HttpRequest, pk: int) -> Any:
    """List the courses that were written, amendments included."""
    one = get_object_or_404(Patient.objects.seen_by(request.user), pk=pk)
    reading(request, one, "courses")
    rows = CourseRow.objects.filter(patient=one).prefetch_related("amendments")
    return {"courses": [_course(row) for row in rows]}


@router.get("/patients/{int:pk}/sessions", response=Sessions, url_name="sessions", summary="Sessions of a patient")
def sessions(request: HttpRequest, pk: int) -> Any:
    """List the treatment sessions with what each came to."""
    one = get_object_or_404(Patient.objects.seen_by(request.user), pk=pk)
    reading(request, one, "sessions")
    rows = one.sessions.select_related("plan").order_by("created")
    return {"sessions": [_session(row, number) for number, row in enumerate(rows, 1)]}


@router.get("/sessions/{uuid:pk}", response=SessionTold, url_name="session", summary="One session")
def session(request: HttpRequest, pk: UUID) -> Any:
    """Give one session with its summary."""
    rows = TreatmentSession.objects.seen_by(request.user).select_related("patient", "plan")
    row = get_object_or_404(rows, pk=pk)
    reading(request, row, "session")
    return _session(row, row.number)


def _course(row: CourseRow) -> dict[str, Any]:
    return {"id": row.pk, "patient": row.patient_id, "region": row.region, "start": row.start, "ended": row.ended,
            "terms": row.terms.document()}  # fmt: skip


def _session(row: TreatmentSession, number: int) -> dict[str, Any]:
    plain = ("created", "started", "ended", "ending", "cause", "comfort", "summary")
    told = {name: getattr(row, name) for name in plain}
    return told | {"id": row.pk, "patient": row.patient_id, "number": number, "plan_sha256": row.plan.sha256}
