"""A patient's whole record, as a ZIP."""

from __future__ import annotations

import tempfile

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import Router

from opentraction.clinic import roles
from opentraction.clinic.models import Patient
from opentraction.clinic.records.actions.exporting import hand_out
from opentraction.clinic.records.answer import zip_answer

router = Router()
ZIP = {"responses": {200: {"description": "The ZIP", "content": {"application/zip": {}}}}}


@router.post("/patients/{int:pk}/export", url_name="export", summary="Take the whole record out", openapi_extra=ZIP)
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give everything the clinic keeps of a patient, with its files. It leaves an act in the record of acts."""
    user = roles.require(request.user, roles.EXPORT)
    one = get_object_or_404(Patient.objects.seen_by(user, roles.EXPORT).select_related("clinic"), pk=pk)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
    hand_out(one, file, by=user, page=request.path)
    return zip_answer(file, f"record-{one.pseudonym}.zip")
