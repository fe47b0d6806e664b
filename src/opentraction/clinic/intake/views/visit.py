"""The check of the day: six questions on one page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from opentraction.clinic import roles
from opentraction.clinic.days import day_at
from opentraction.clinic.intake.actions.visits import check_visit
from opentraction.clinic.intake.answering import Read, read_screen, wanted
from opentraction.clinic.intake.fields import Beside, fields_of
from opentraction.clinic.intake.models import VisitCheckRow
from opentraction.clinic.intake.screens import visit_screen
from opentraction.clinic.intake.wording import words
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading
from opentraction.screening import REGIONS, validity


@require_http_methods(["GET", "POST"])
def visit_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, keep, and say what the answers say; the checks before it below."""
    act = roles.TREAT if request.method == "POST" else roles.LOOK
    user = roles.require(request.user, act)
    patient = get_object_or_404(Patient.objects.seen_by(user, act).select_related("clinic"), pk=pk)
    region = request.POST.get("region") or request.GET.get("region") or patient.region
    region = region if region in REGIONS else patient.region
    if request.method == "GET":
        reading(request, patient, "visit check")
        return _page(request, patient, region)
    today = day_at(patient.clinic, timezone.now())
    read = read_screen(visit_screen(), region, {}, request.POST, today)
    asked = {question.id: question for question in visit_screen().questions}
    for key in read.open:
        read.refusals[key] = wanted(asked[key])
    if read.refusals:
        return _page(request, patient, region, read, status=400)
    check_visit(patient, region, read.answers, by=user, now=timezone.now())
    return redirect(reverse("intake:visit-check", args=[patient.pk]) + f"?region={region}")


def _page(
    request: HttpRequest, patient: Patient, region: str, read: Read | None = None, status: int = 200
) -> HttpResponse:
    rows = list(VisitCheckRow.objects.filter(patient=patient).select_related("by")[:20])
    newest = next((row for row in rows if row.region == region), None)
    hours, now = validity().visit_hours, timezone.now()
    fresh = newest is not None and (now - newest.at).total_seconds() <= hours * 3600
    place = roles.place_of(request.user)
    page: dict[str, Any] = {
        "room": "patients",
        "wing": "visit",
        "patient": patient,
        "region": region,
        "regions": sorted(REGIONS, key=lambda one: one != patient.region),
        "w": words(),
        "language": "en",
        "fields": fields_of(visit_screen(), region, read or Read({}), "en", Beside(post=request.POST)),
        "wrong": bool(read and read.refusals),
        "hours": hours,
        "newest": newest if fresh else None,
        "made": newest.check_made if fresh and newest else None,
        "rows": rows,
        "may_ask": bool(place and place.clinic == patient.clinic and roles.may(request.user, roles.TREAT)),
        "ask_again": not fresh or "again" in request.GET or status != 200,
    }
    return render(request, "intake/visit.html", page, status=status)
