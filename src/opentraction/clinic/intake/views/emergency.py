"""A patient's emergency: what was told, what was done about it, and where somebody says so."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from opentraction.clinic import roles
from opentraction.clinic.alarms import EMERGENCY_NUMBER, alarms_of, emergencies_in, read_told, seen_to, told_in, written
from opentraction.clinic.intake.actions.emergencies import see_to
from opentraction.clinic.intake.models import SeenTo
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput


@require_GET
def red_line(request: HttpRequest) -> JsonResponse:
    """By which rows the open emergencies of the clinic were told, nothing of whom: a list that stays open asks."""
    place = roles.place_of(roles.require(request.user, roles.FIND))
    found = emergencies_in(place.clinic, timezone.now()) if place else []
    return JsonResponse({"told": written(told_in(found)).split()})


@require_http_methods(["GET", "POST"])
def emergency(request: HttpRequest, pk: int) -> HttpResponse:
    """What was told and done; and the words of whoever has acted."""
    act = roles.TREAT if request.method == "POST" else roles.LOOK
    user = roles.require(request.user, act)
    patient = get_object_or_404(Patient.objects.seen_by(user, act).select_related("clinic"), pk=pk)
    if request.method == "GET":
        reading(request, patient, "emergency")
        return _page(request, patient)
    try:
        told = read_told(request.POST.get("told", ""))
        see_to(patient, request.POST.get("words", ""), told, by=user, now=timezone.now())
    except BadInput as refusal:
        return _page(request, patient, refusal.sentence(), 400)
    messages.success(request, _("Kept. The patient stays off the table until a clinician has settled what was told."))
    return redirect(patient)


def _page(request: HttpRequest, patient: Patient, refusal: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    alarms = [one for one in alarms_of(patient, now) if one.level == "emergency"]
    page = {
        "room": "patients",
        "wing": "emergency",
        "patient": patient,
        "alarms": alarms,
        "told": written(told_in(alarms)),
        "seen": seen_to(patient, now),
        "before": SeenTo.objects.filter(patient=patient).select_related("by"),
        "number": EMERGENCY_NUMBER,
        "words": request.POST.get("words", "")[:500],
        "refusal": refusal,
        "may_act": roles.may(request.user, roles.TREAT) and _ours(request, patient),
    }
    return render(request, "intake/emergency.html", page, status=status)


def _ours(request: HttpRequest, patient: Patient) -> bool:
    place = roles.place_of(request.user)
    return place is not None and place.clinic == patient.clinic
