"""A patient's consent as staff see it: how it stands, what is on its way, what was signed; asking for it, and paper."""

from __future__ import annotations

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from opentraction.care.consent import current
from opentraction.clinic import roles
from opentraction.clinic.consents.actions.signing import begin
from opentraction.clinic.consents.handing_over import hand_over, watches_a_treatment
from opentraction.clinic.consents.models import SignedConsent
from opentraction.clinic.consents.models.signing import LANGUAGES, OWN, TABLET
from opentraction.clinic.consents.overview import overview
from opentraction.clinic.consents.paper import answer_with, empty_pdf, signed_pdf
from opentraction.clinic.consents.regions import region_names
from opentraction.clinic.consents.version_list import version_list
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput


@require_GET
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """How consent stands, by region, with all that was signed."""
    roles.require(request.user, roles.LOOK)
    return page(request, patient_of(request, pk))


def page(request: HttpRequest, one: Patient, refusal: str = "", status: int = 200, **more: Any) -> HttpResponse:
    """The page, perhaps with what could not be done; whoever is shown it has read it."""
    reading(request, one, "consent")
    told: dict[str, Any] = {
        "room": "patients",
        "wing": "consent",
        "patient": one,
        "languages": LANGUAGES,
        "regions": region_names(),
    }
    told |= {"clinic_language": one.clinic.language, "refusal": refusal, **overview(one, timezone.now()), **more}
    told["unwitnessed"] = any(region.waiting for region in told["shown"])
    return render(request, "consents/consent.html", told, status=status)


@require_POST
def give_tablet(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand this device to the patient."""
    user = roles.require(request.user, roles.TREAT)
    one = patient_of(request, pk, roles.TREAT)
    if watches_a_treatment(user):
        said = _("You watch a treatment. Hand over another device, or make a link: this one would sign you out.")
        return page(request, one, said, 409)
    try:
        signing, token = begin(one, **_asked(request), place=TABLET, by=user, now=timezone.now())
    except BadInput as refusal:
        return page(request, one, str(refusal), 400)
    hand_over(request, signing)
    return redirect("consents:patient", token)


@require_POST
def make_link(request: HttpRequest, pk: int) -> HttpResponse:
    """An address for the patient's own phone, told once: its word is not kept."""
    user = roles.require(request.user, roles.TREAT)
    one = patient_of(request, pk, roles.TREAT)
    try:
        signing, token = begin(one, **_asked(request), place=OWN, by=user, now=timezone.now())
    except BadInput as refusal:
        return page(request, one, str(refusal), 400)
    address = request.build_absolute_uri(reverse("consents:patient", args=[token]))
    square = segno.make(address, error="m").svg_inline(border=2, omitsize=True)
    told = {"room": "patients", "wing": "consent", "patient": one, "signing": signing}
    return render(request, "consents/link.html", told | {"address": address, "square": square})


@require_GET
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """The words as PDF, with lines to sign by hand."""
    roles.require(request.user, roles.LOOK)
    one, asked = patient_of(request, pk), request.GET
    try:
        text = current(timezone.now().date(), asked.get("language", one.clinic.language))
        region = _one_of_regions(asked.get("region", ""))
    except BadInput as refusal:
        return page(request, one, str(refusal), 400)
    reading(request, one, "consent form")
    pdf = empty_pdf(text, region, one.pseudonym, one.clinic)
    return answer_with(pdf, f"consent-form-{one.pseudonym}-{region}-{text.version}.pdf")


@require_GET
def signed(request: HttpRequest, pk: int) -> HttpResponse:
    """One consent as it was signed, as PDF."""
    roles.require(request.user, roles.LOOK)
    rows = SignedConsent.objects.seen_by(request.user).select_related("patient__clinic", "withdrawal")
    row = get_object_or_404(rows, pk=pk)
    reading(request, row, "signed consent")
    try:
        pdf = signed_pdf(row.given, row.patient.clinic, row.drawing)
    except BadInput as refusal:
        said = {"heading": _("This consent is not as it was signed"), "sentence": str(refusal)}
        return render(request, "clinic/refusal.html", said, status=409)
    return answer_with(pdf, f"consent-{row.patient.pseudonym}-{row.region}-{row.signed:%Y-%m-%d}.pdf")


@require_GET
def versions(request: HttpRequest) -> HttpResponse:
    """All versions of the words, and what changed from each to the next."""
    roles.require(request.user, roles.LOOK)
    language = "es" if request.GET.get("language") == "es" else "en"
    told = {"room": "patients", "list": version_list(language), "language": language, "languages": LANGUAGES}
    return render(request, "consents/versions.html", told)


def patient_of(request: HttpRequest, pk: int, act: str = roles.LOOK) -> Patient:
    """The patient, where this user may do `act` there; else 404."""
    return get_object_or_404(Patient.objects.seen_by(request.user, act).select_related("clinic"), pk=pk)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {"region": request.POST.get("region", ""), "language": request.POST.get("language", "")}


def _one_of_regions(region: str) -> str:
    if region not in region_names():
        raise BadInput("region", region, "one of " + ", ".join(region_names()))
    return region
