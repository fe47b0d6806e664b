"""My record: take it home, ask for a correction, see who looked at it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from opentraction.clinic.models import Patient
from opentraction.clinic.portal.actions.access import links_of
from opentraction.clinic.portal.looks import lists_with, looks_at
from opentraction.clinic.portal.own import own_patient
from opentraction.clinic.portal.record import ask_correction, can_export, requests_of, whole_record
from opentraction.clinic.portal.speaking import speaking
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput


@require_GET
@speaking
def record(request: HttpRequest) -> HttpResponse:
    """What can be taken home, what was asked to be corrected, and who looked."""
    user, patient = own_patient(request)
    reading(request, patient, "portal record")
    return _page(request, user, patient)


@require_POST
@speaking
def export(request: HttpRequest) -> HttpResponseBase:
    """Everything that is kept, as one file."""
    user, patient = own_patient(request)
    if not can_export():
        raise Http404
    file, name = whole_record(patient, user, request.path), f"record-{patient.pseudonym}.zip"
    from opentraction.clinic.records.answer import zip_answer

    return zip_answer(file, name)


@require_POST
@speaking
def correction(request: HttpRequest) -> HttpResponse:
    """A request to correct something. The row it is about stays; the answer stands beside it."""
    user, patient = own_patient(request)
    if not can_export():
        raise Http404
    what, why = request.POST.get("what", "")[:2001], request.POST.get("why", "")[:2001]
    try:
        ask_correction(patient, what, why, user, timezone.now())
    except BadInput:
        return _page(request, user, patient, 400, refused=True, what=what, why=why)
    messages.success(request, _("Sent. A clinician decides, and the answer will stand here."))
    return redirect("portal:record")


def _page(request: HttpRequest, user: User, patient: Patient, status: int = 200, **more: Any) -> HttpResponse:
    looks = looks_at(patient)
    page = {
        "at": "record",
        "patient": patient,
        "looks": [one for one in looks if not one.own],
        "own_looks": [one for one in looks if one.own],
        "lists": lists_with(patient),
        "can_export": can_export(),
        "requests": requests_of(user),
        "links": links_of(patient),
        **more,
    }
    return render(request, "portal/record.html", page, status=status)
