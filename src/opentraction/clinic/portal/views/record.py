"""My record: take it home, and see who looked at it."""

from __future__ import annotations

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from opentraction.clinic.actions.audit import record as record_act
from opentraction.clinic.portal.looks import lists_with, looks_at
from opentraction.clinic.portal.own import own_patient
from opentraction.clinic.portal.record import can_export, whole_record
from opentraction.clinic.portal.speaking import speaking
from opentraction.clinic.reading import reading


@require_GET
@speaking
def record(request: HttpRequest) -> HttpResponse:
    """What can be taken home, and who looked."""
    _user, patient = own_patient(request)
    reading(request, patient, "portal record")
    page = {"at": "record", "patient": patient, "looks": looks_at(patient), "lists": lists_with(patient),
            "can_export": can_export()}  # fmt: skip
    return render(request, "portal/record.html", page)


@require_POST
@speaking
def export(request: HttpRequest) -> HttpResponseBase:
    """Everything that is kept, as one file."""
    user, patient = own_patient(request)
    if not can_export():
        raise Http404
    made = whole_record(patient)
    with transaction.atomic():
        record_act("export own record", patient, by=user)
    if isinstance(made, HttpResponseBase):
        return made
    return FileResponse(made, as_attachment=True, filename=f"record-{patient.pseudonym}.zip")
