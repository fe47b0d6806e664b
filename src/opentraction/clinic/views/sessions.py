"""A finished session: its chart, what happened, the report, the files."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from opentraction.clinic import roles
from opentraction.clinic.actions.comfort import give_comfort
from opentraction.clinic.context import as_guest, force_unit
from opentraction.clinic.models import TreatmentSession
from opentraction.clinic.reading import reading
from opentraction.clinic.recording_page import report_pdf, shown
from opentraction.clinic.recordings import take_in_all
from opentraction.clinic.scores import SCORES
from opentraction.quantities import BadInput

FILES = {"session.edf": "application/octet-stream", "documents.jsonl": "application/x-ndjson"}


@require_GET
def session(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One session as recorded; a session still open is shown live instead."""
    roles.require(request.user, roles.LOOK)
    one = _of(request, pk)
    if not one.ending:
        take_in_all()
        one.refresh_from_db()
    if not one.ending:
        return redirect("treatment", pk=pk)
    reading(request, one, "session")
    page = {"room": "patients", "session": one, "patient": one.patient, "files": FILES, "scores": SCORES}
    page["later_scores"] = one.later_scores.select_related("by")
    if not one.folder:
        page["refusal"] = "There is no recording of this session."
        return render(request, "clinic/session.html", page | as_guest(request, one.patient))
    try:
        page["recording"] = shown(_folder(one), force_unit(request))
    except BadInput as refusal:
        page["refusal"] = str(refusal)
    return render(request, "clinic/session.html", page | as_guest(request, one.patient))


@require_POST
def comfort(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A comfort score of a session that is over; the recording is not touched."""
    user = roles.require(request.user, roles.TREAT)
    one = _of(request, pk, roles.TREAT)
    try:
        give_comfort(one, request.POST.get("score", ""), by=user)
    except BadInput as refusal:
        page = {"heading": "This score cannot be kept", "sentence": str(refusal)}
        return render(request, "clinic/refusal.html", page, status=400)
    return redirect("session", pk=pk)


@require_GET
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The report as PDF, with the patient's name from the database; a recording that cannot be read is said."""
    roles.require(request.user, roles.LOOK)
    one = _of(request, pk)
    reading(request, one, "report")
    try:
        pdf = report_pdf(_folder(one), one, force_unit(request))
    except BadInput as refusal:
        said = {"heading": "This recording cannot be read", "sentence": str(refusal)}
        return render(request, "clinic/refusal.html", said, status=409)
    name = f"{one.patient.pseudonym}-session-{one.number}.pdf"
    shown_as = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=shown_as)


@require_GET
def file(request: HttpRequest, pk: UUID, name: str) -> FileResponse:
    """A raw file of the recording; it holds the pseudonym only."""
    roles.require(request.user, roles.LOOK)
    one = _of(request, pk)
    path = _folder(one) / name
    if name not in FILES or not path.is_file():
        raise Http404
    reading(request, one, name)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{one.pk}-{name}", content_type=FILES[name])


def _of(request: HttpRequest, pk: UUID, act: str = roles.LOOK) -> TreatmentSession:
    rows = TreatmentSession.objects.seen_by(request.user, act).select_related(
        "patient", "plan__prescription__signed_by", "operator"
    )
    return get_object_or_404(rows, pk=pk)


def _folder(one: TreatmentSession) -> Path:
    if not one.folder:
        raise Http404
    return Path(settings.DATA) / one.folder
