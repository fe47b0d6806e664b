"""A verdict, its papers, and the override."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from opentraction.clinic import roles
from opentraction.clinic.actions.signatures import signatures_of
from opentraction.clinic.confirmed import confirmed
from opentraction.clinic.consents.purposes import OWN_DOCTOR, refused
from opentraction.clinic.days import day_at
from opentraction.clinic.intake.actions import overrides
from opentraction.clinic.intake.letters import file_name, letter_pdf, verdict_json
from opentraction.clinic.intake.models import Screening
from opentraction.clinic.intake.standing import newest_screening
from opentraction.clinic.intake.telling import change, told
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput
from opentraction.screening import Action, addressee, plain_headline, plain_why


@require_GET
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided, why, and what follows."""
    row = _row(request, pk)
    reading(request, row, "verdict")
    return _verdict(request, row)


def _row(request: HttpRequest, pk: int, act: str = roles.LOOK) -> Screening:
    rows = Screening.objects.seen_by(request.user, act).select_related(
        "patient__clinic", "intake", "by", "override__by"
    )
    return get_object_or_404(rows, pk=pk)


def _verdict(request: HttpRequest, row: Screening, refusal: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    every = list(Screening.objects.filter(patient=row.patient, region=row.region).select_related("override"))
    before = next((one for one in every if one.pk < row.pk), None)
    over = getattr(row, "override", None)
    shown: dict[str, Any] = {
        "room": "patients",
        "wing": "intake",
        "patient": row.patient,
        "row": row,
        "refusal": refusal,
    }
    shown |= told(row) | {"override": over, "overridden": over.overridden if over else None}
    shown["signatures"] = [(mark, mark.is_of(over.canonical)) for mark in signatures_of(over)] if over else []
    shown["newest"] = newest_screening(row.patient, row.region, now) == row
    shown["out_of_date"] = row.valid_until < day_at(row.patient.clinic, now)
    shown["change"], shown["before"] = change(row, before), before
    shown["history"] = [one for one in every if one.pk != row.pk]
    ours = roles.clinic_of(row) == _clinic(request)
    shown["may_screen"] = ours and roles.may(request.user, roles.SCREEN)
    shown["may_override"] = ours and shown["newest"] and _overridable(row, request)
    shown["reason"] = request.POST.get("reason", "")[:500]
    shown["theirs"] = _theirs(row)
    shown["no_letters"] = refused(row.patient, OWN_DOCTOR)
    return render(request, "intake/verdict.html", shown, status=status)


def _clinic(request: HttpRequest) -> int | None:
    place = roles.place_of(request.user)
    return place.clinic.pk if place else None


def _overridable(row: Screening, request: HttpRequest) -> bool:
    given = row.verdict
    emergency = any(one.action is Action.EMERGENCY for one in given.reasons)
    return roles.may(request.user, roles.OVERRIDE) and not (emergency or given.may_treat or hasattr(row, "override"))


def _theirs(row: Screening) -> dict[str, Any] | None:
    """The verdict in the patient's own language, where that is not English."""
    language = row.intake.language
    if language == "en":
        return None
    given = row.verdict
    whys = [plain_why(one, given.region, language) for one in given.reasons if one.known]
    return {"language": language, "headline": plain_headline(given, language), "whys": list(dict.fromkeys(whys))}


@require_GET
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter as PDF; `?to=primary` for the primary doctor."""
    row, to = _row(request, pk), request.GET.get("to", "")
    if (to or addressee(row.verdict)) == "primary" and refused(row.patient, OWN_DOCTOR):
        refusal = _(
            "The patient does not agree to letters to their own doctor. Ask again, and keep the answer at Consent."
        )
        return _verdict(request, row, refusal, 409)
    try:
        paper = letter_pdf(row, roles.require(request.user, roles.LOOK), to)
    except BadInput as refusal:
        return _verdict(request, row, str(refusal), 400)
    reading(request, row, "letter", to=to)
    return _file(paper, "application/pdf", file_name(row, "letter", "pdf"), "inline")


@require_GET
def as_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The verdict as the command line gives it."""
    row = _row(request, pk)
    reading(request, row, "verdict as JSON")
    return _file(verdict_json(row).encode(), "application/json", file_name(row, "screening", "json"), "attachment")


def _file(body: bytes, kind: str, name: str, how: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'{how}; filename="{name}"'})


@require_POST
def override(request: HttpRequest, pk: int) -> HttpResponse:
    """A clinician's reason and signature over a verdict that forbids."""
    user = roles.require(request.user, roles.OVERRIDE)
    row = _row(request, pk, roles.OVERRIDE)
    try:
        overrides.check(row, request.POST.get("reason", ""), timezone.now())
        proof = confirmed(request)
        overrides.override(row, request.POST.get("reason", ""), by=user, confirmed=proof, now=timezone.now())
    except BadInput as refusal:
        return _verdict(request, row, _said(refusal), 400)
    messages.success(request, _("Signed. The verdict counts as CAUTION; every reason stays."))
    return redirect(row)


def _said(refusal: BadInput) -> str:
    """One sentence for the page: what was wrong and what to do."""
    if refusal.where in {"password", "reason"}:
        return _("Nothing was signed. Give {allowed}.").format(allowed=refusal.allowed)
    return _("Nothing was signed: {why}").format(why=str(refusal))
