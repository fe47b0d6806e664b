"""My consent: the words, what was agreed to, taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from opentraction.care.consent import current, signed_form
from opentraction.clinic.consents.actions.signing import begin
from opentraction.clinic.consents.actions.taking_back import change_purpose, withdraw
from opentraction.clinic.consents.models import SignedConsent
from opentraction.clinic.consents.models.signing import OWN
from opentraction.clinic.consents.purposes import purposes_now
from opentraction.clinic.consents.regions import region_of
from opentraction.clinic.consents.standing import consent_today
from opentraction.clinic.models import Patient
from opentraction.clinic.portal.own import own_patient
from opentraction.clinic.portal.speaking import speaking
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput
from opentraction.screening import REGIONS


@require_GET
@speaking
def consent(request: HttpRequest) -> HttpResponse:
    """What counts, what was signed before, and the words as they are now."""
    _user, patient = own_patient(request)
    reading(request, patient, "consent")
    return _page(request, patient)


@require_GET
@speaking
def signed(request: HttpRequest, pk: int) -> HttpResponse:
    """One consent as it was signed, as PDF."""
    user, _patient = own_patient(request)
    rows = SignedConsent.objects.seen_by(user, "portal").select_related("patient__clinic", "withdrawal")
    row = get_object_or_404(rows, pk=pk)
    reading(request, row, "signed consent")
    try:
        made = signed_form(row.given, drawing=row.drawing, clinic=row.patient.clinic.letterhead())
    except BadInput:
        return _page(request, row.patient, altered=True, status=409)
    named = f'inline; filename="consent-{row.region}-{row.signed:%Y-%m-%d}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": named})


@require_POST
@speaking
def withdrawing(request: HttpRequest) -> HttpResponse:
    """Take it back. No reason is needed."""
    user, patient = own_patient(request)
    region = request.POST.get("region", "")
    if region not in REGIONS or request.POST.get("sure") != "yes":
        return _page(request, patient, unsure=region, status=400)
    try:
        withdraw(patient, region, request.POST.get("reason", "")[:400], by=user, now=timezone.now())
        messages.success(request, _("Taken back. No session begins without a new one."))
    except BadInput:
        messages.warning(request, _("There was nothing to take back."))
    return redirect("portal:consent")


@require_POST
@speaking
def signing(request: HttpRequest) -> HttpResponse:
    """Begin to sign, or go on, at the page of the consent; it asks for the birth date as it does of everybody."""
    user, patient = own_patient(request)
    language = (get_language() or "en")[:2]
    _one, token = begin(patient, region_of(patient), language, OWN, by=user, now=timezone.now())
    return redirect("consents:patient", token)


@require_POST
@speaking
def purpose(request: HttpRequest) -> HttpResponse:
    """A later yes or no to one of the further things."""
    user, patient = own_patient(request)
    asked, said = request.POST.get("purpose", "")[:40], request.POST.get("agreed", "")
    if said not in {"yes", "no"}:
        return _page(request, patient, status=400)
    try:
        change_purpose(patient, asked, said == "yes", by=user, now=timezone.now())
    except BadInput:
        return _page(request, patient, status=400)
    messages.success(request, _("Kept."))
    return redirect("portal:consent")


def _page(request: HttpRequest, patient: Patient, status: int = 200, **more: Any) -> HttpResponse:
    language = (get_language() or "en")[:2]
    rows = list(SignedConsent.objects.seen_by(request.user, "portal").select_related("withdrawal", "witness"))
    text = current(timezone.now().date(), language)
    try:
        agreed = purposes_now(patient)
    except BadInput:
        agreed = {}
    held = sorted({row.region for row in rows if not hasattr(row, "withdrawal")})
    try:
        holds = consent_today(patient, region_of(patient), timezone.now()).holds
    except BadInput:
        holds = False
    page = {"at": "consent", "holds": holds, "patient": patient, "rows": rows, "held": held, "text": text,
            "sections": text.for_region(patient.region),
            "purposes": [(one, agreed.get(one.id)) for one in text.purposes], **more}  # fmt: skip
    return render(request, "portal/consent.html", page, status=status)
