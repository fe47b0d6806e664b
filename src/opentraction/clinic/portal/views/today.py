"""Where a patient begins: the next appointment, and what waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from opentraction.clinic.alarms import EMERGENCY_NUMBER
from opentraction.clinic.days import local
from opentraction.clinic.intake.actions.links import make_link
from opentraction.clinic.models import Patient
from opentraction.clinic.portal.due import alarms, on_hold, open_intake, waiting
from opentraction.clinic.portal.installed import has
from opentraction.clinic.portal.own import own_patient
from opentraction.clinic.portal.speaking import speaking
from opentraction.clinic.reading import reading


@require_GET
@speaking
def today(request: HttpRequest) -> HttpResponse:
    """The start."""
    _user, patient = own_patient(request)
    now = timezone.now()
    reading(request, patient, "portal")
    page = {
        "at": "today",
        "patient": patient,
        "appointment": _next(patient, now),
        "alarms": list(alarms(patient, now)),
        "waiting": waiting(patient, now),
        "number": EMERGENCY_NUMBER,
    }
    return render(request, "portal/today.html", page)


@require_POST
@speaking
def questions(request: HttpRequest) -> HttpResponse:
    """Begin the questions that wait, or go on, without a link from the clinic; the birth date is asked there."""
    user, patient = own_patient(request)
    intake = open_intake(patient)
    if intake is None:
        messages.warning(request, _("No questions wait for you now."))
        return redirect("portal:today")
    _link, token = make_link(intake, by=user, now=timezone.now())
    return redirect("intake:phone", token)


def _next(patient: Patient, now: datetime) -> dict[str, Any] | None:
    """The next appointment, on the clinic's clock; None where there is none, or no diary."""
    if not has("agenda"):
        return None
    from opentraction.clinic.agenda.standing import next_appointment

    row = next_appointment(patient, now)
    if row is None:
        return None
    held = row.session and on_hold(patient, now)
    return {"kind": row.kind, "starts": local(patient.clinic, row.starts), "held": held}
