"""What screening decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from opentraction.clinic.api.operations.shapes import Document, Told
from opentraction.clinic.intake.models import Screening
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading

router = Router()


class Verdict(Told):
    """One verdict. What counts at the table is `counts`: after an override it is CAUTION."""

    id: int
    patient: int
    region: str
    action: str
    counts: str
    decided: datetime
    valid_until: date


class Verdicts(Told):
    """Newest first."""

    screenings: list[Verdict]


class VerdictInFull(Verdict):
    """With every reason, its rule and its source, and what is missing."""

    verdict: Document


@router.get("/patients/{int:pk}/screenings", response=Verdicts, url_name="screenings", summary="Verdicts of a patient")
def screenings(request: HttpRequest, pk: int) -> Any:
    """List what screening decided, newest first."""
    one = get_object_or_404(Patient.objects.seen_by(request.user), pk=pk)
    reading(request, one, "verdicts")
    return {"screenings": [_told(row) for row in one.screenings.select_related("override")]}


@router.get("/screenings/{int:pk}", response=VerdictInFull, url_name="screening", summary="One verdict")
def screening(request: HttpRequest, pk: int) -> Any:
    """Give one verdict with all its reasons."""
    rows = Screening.objects.seen_by(request.user).select_related("patient__clinic", "override")
    row = get_object_or_404(rows, pk=pk)
    reading(request, row, "verdict")
    return _told(row) | {"verdict": row.verdict.document()}


def _told(row: Screening) -> dict[str, Any]:
    return {"id": row.pk, "patient": row.patient_id, "region": row.region, "action": row.action,
            "counts": "CAUTION" if hasattr(row, "override") else row.action, "decided": row.decided,
            "valid_until": row.valid_until}  # fmt: skip
