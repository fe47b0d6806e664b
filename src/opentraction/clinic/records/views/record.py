"""A patient's record as a whole: take it out, see what was asked to be corrected, decide on it."""

from __future__ import annotations

import tempfile
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from opentraction.clinic import roles
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading
from opentraction.clinic.records.actions.amending import ask_amendment, decide
from opentraction.clinic.records.actions.exporting import hand_out
from opentraction.clinic.records.answer import zip_answer
from opentraction.clinic.records.belongs import patient_tables, rows_about
from opentraction.clinic.records.models import ASKED_BY, Amendment
from opentraction.clinic.records.retention import kept
from opentraction.quantities import BadInput


@require_GET
def record_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What is kept, how long, and every request to correct it."""
    one = get_object_or_404(Patient.objects.seen_by(request.user), pk=pk)
    reading(request, one, "record as a whole")
    return _page(request, one)


def _page(request: HttpRequest, one: Patient, refusal: str = "", about: Any = None) -> HttpResponse:
    tables = patient_tables().items()
    counts = [(table._meta.verbose_name, rows_about(table, path, one).count()) for table, path in tables]
    page = {
        "room": "patients",
        "wing": "record",
        "patient": one,
        "counts": sorted((name, count) for name, count in counts if count),
        "amendments": Amendment.objects.filter(patient=one).select_related("decision__by", "by").order_by("-id"),
        "asked_by": ASKED_BY,
        "kept": kept([one])[0],
        "own": roles.clinic_of(one) == _clinic(request),
        "refusal": refusal,
        "refused": about,
        "written": request.POST,
    }
    return render(request, "records/record.html", page, status=400 if refusal else 200)


def _clinic(request: HttpRequest) -> int | None:
    place = roles.place_of(request.user)
    return place.clinic.pk if place else None


@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The ZIP. A post, because it leaves an act in the record of acts."""
    user = roles.require(request.user, roles.EXPORT)
    one = get_object_or_404(Patient.objects.seen_by(user, roles.EXPORT), pk=pk)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
    hand_out(one, file, by=user, page=request.path)
    return zip_answer(file, f"record-{one.pseudonym}.zip")


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """A request to correct the record."""
    user = roles.require(request.user, roles.OUTCOMES)
    one = get_object_or_404(Patient.objects.seen_by(user, roles.OUTCOMES), pk=pk)
    words = {name: request.POST.get(name, "") for name in ("what", "why", "about")}
    try:
        who = request.POST.get("asked_by", "patient")
        ask_amendment(one, **words, asked_by=who, by=user, now=timezone.now())
    except BadInput as refusal:
        return _page(request, one, str(refusal), "ask")
    return redirect("records:record", pk=one.pk)


@require_POST
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Accepted or refused, with the reason."""
    user = roles.require(request.user, roles.SIGN)
    one = get_object_or_404(Amendment.objects.seen_by(user, roles.SIGN).select_related("patient"), pk=pk)
    try:
        said = request.POST.get("do", "")
        if said not in {"accept", "refuse"}:
            raise BadInput("decision", said, "accept or refuse")
        decide(one, said == "accept", request.POST.get("reason", ""), by=user, now=timezone.now())
    except BadInput as refusal:
        return _page(request, one.patient, str(refusal), one.pk)
    return redirect("records:record", pk=one.patient_id)
