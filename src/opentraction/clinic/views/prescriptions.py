"""Prescriptions: write, rehearse while writing, sign, amend."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opentraction.clinic import roles
from opentraction.clinic.actions.prescriptions import amend, canonical, draft, redraft, sign
from opentraction.clinic.actions.signatures import signatures_of
from opentraction.clinic.actions.treatments import newest_signed, next_plan
from opentraction.clinic.alarms import alarms_of
from opentraction.clinic.confirmed import confirmed
from opentraction.clinic.context import as_guest, force_unit
from opentraction.clinic.forms.prescription import PrescriptionForm, place
from opentraction.clinic.models import Patient, Prescription
from opentraction.clinic.reading import reading
from opentraction.clinic.rehearsing import drawable, library, person_today, plan_of, rehearsal_of, rehearsal_of_plan
from opentraction.prescription import Plan
from opentraction.prescription.limits import ceiling_for
from opentraction.prescription.rehearsal import Rehearsal
from opentraction.prescription.words import both_units, spoken
from opentraction.quantities import BadInput

NARROW = (640, 300)
WIDE = (1120, 340)


@require_http_methods(["GET", "POST"])
def new_prescription(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor with nothing or with a published protocol in it; a draft from what is posted."""
    user = roles.require(request.user, roles.PRESCRIBE)
    patient = get_object_or_404(Patient.objects.seen_by(user, roles.PRESCRIBE), pk=pk)
    if request.method == "POST":
        return _save(request, user, patient, None)
    reading(request, patient, "body and complaint, to prescribe")
    shelf = library()
    chosen = request.GET.get("protocol", "")
    form = PrescriptionForm.of(shelf[chosen].read_text("utf-8")) if chosen in shelf else PrescriptionForm.new()
    return _editor(request, patient, form, None)


@require_http_methods(["GET", "POST"])
def prescription(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft in the editor, or a signed prescription as it will be pulled."""
    user = roles.require(request.user, roles.LOOK)
    one = get_object_or_404(Prescription.objects.seen_by(user).select_related("patient"), pk=pk)
    reading(request, one, "prescription")
    if one.signed:
        return _signed(request, one)
    roles.require(user, roles.PRESCRIBE, of=one)
    if request.method == "POST":
        return _save(request, user, one.patient, one)
    return _editor(request, one.patient, PrescriptionForm.of(one.document), one)


@require_POST
def amend_prescription(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft from a signed prescription."""
    user = roles.require(request.user, roles.PRESCRIBE)
    one = get_object_or_404(Prescription.objects.seen_by(user, roles.PRESCRIBE), pk=pk)
    return redirect(amend(one, by=user))


@require_POST
def rehearse(request: HttpRequest, pk: int) -> HttpResponse:
    """What the fields mean for this patient, as they stand: curve, words and bounds, or one refusal."""
    roles.require(request.user, roles.LOOK)
    patient = get_object_or_404(Patient.objects.seen_by(request.user), pk=pk)
    form, unit = PrescriptionForm.read(request.POST), force_unit(request)
    try:
        rehearsal = rehearsal_of(form.document, patient, unit)
    except BadInput as refusal:
        broken = drawable(form.document, patient, unit)
        drawn = _drawn(broken, patient) if broken else ""
        said = {"where": place(refusal), "why": form.says(refusal, unit), "html": drawn}
        return JsonResponse(said, status=400)
    return JsonResponse({"html": _drawn(rehearsal, patient)})


def _drawn(rehearsal: Rehearsal, patient: Patient) -> str:
    page = {"rehearsal": rehearsal, "curve": rehearsal.svg(NARROW), "patient": patient}
    return render_to_string("clinic/_rehearsal.html", page)


def _save(request: HttpRequest, user: User, patient: Patient, one: Prescription | None) -> HttpResponse:
    form = PrescriptionForm.read(request.POST)
    try:
        plan = plan_of(form.document, patient)
    except BadInput as refusal:
        form.refuse(refusal, force_unit(request))
        return _editor(request, patient, form, one, status=400)
    signing = request.POST.get("act") == "sign"
    try:
        proof = confirmed(request) if signing else None
    except BadInput as refusal:  # before anything is kept: what was written stands on the page
        return _editor(request, patient, form, one, status=400, signing=_sentence(refusal))
    kept = redraft(one, plan.name, form.document, by=user) if one else draft(patient, plan.name, form.document, by=user)
    if proof is not None:
        try:
            sign(kept, by=user, confirmed=proof)
        except BadInput as refusal:
            form.refuse(refusal, force_unit(request))
            return _editor(request, patient, form, kept, status=400)
    return redirect(kept)


def _sentence(refusal: BadInput) -> str:
    return f"The password is {refusal.value}. Nothing was signed; give {refusal.allowed}."


def _editor(
    request: HttpRequest,
    patient: Patient,
    form: PrescriptionForm,
    one: Prescription | None,
    status: int = 200,
    signing: str = "",
) -> HttpResponse:
    rehearsal, old = _curve(form, patient, one, force_unit(request))
    page = {
        "room": "patients",
        "patient": patient,
        "form": form,
        "prescription": one,
        "rehearsal": rehearsal,
        "curve": rehearsal.svg(NARROW) if rehearsal else "",
        "old": old,
        "ceiling": _ceilings(patient, force_unit(request)),
        "shelf": sorted(library()),
        "signing": signing,
        "chosen": request.GET.get("protocol", ""),
        **_alarmed(patient),
    }
    return render(request, "clinic/prescription_editor.html", page, status=status)


def _alarmed(patient: Patient) -> dict[str, bool]:
    """Whether something keeps the patient from the table, and whether nobody signs at all."""
    found = alarms_of(patient, timezone.now())
    return {"stopped": bool(found), "emergency": any(one.level == "emergency" for one in found)}


def _curve(
    form: PrescriptionForm, patient: Patient, one: Prescription | None, unit: str
) -> tuple[Rehearsal | None, bool]:
    """What is written, drawn even where it breaks a bound; else the draft as it was kept, and that it is an old one."""
    try:
        return rehearsal_of(form.document, patient, unit), False
    except BadInput:
        broken = drawable(form.document, patient, unit)
    if broken or not one:
        return broken, False  # an unfinished form is not an error; the page says what is still wanted while writing
    try:
        return rehearsal_of(one.document, patient, unit), True
    except BadInput:
        return None, False


def _ceilings(patient: Patient, unit: str) -> str:
    """The most this patient may be pulled, in both units; the neck's own where it is lower."""
    ceiling = person_today(patient)
    back, neck = ceiling_for("lumbar", ceiling), ceiling_for("cervical", ceiling)
    also = f"; for the neck {_both(neck, unit)}" if neck < back else ""
    return f"Ceiling of this patient: {_both(back, unit)}{also}."


def _both(force: float, unit: str) -> str:
    return both_units(force) if unit == "N" else spoken(force, unit)


@require_GET
def _signed(request: HttpRequest, one: Prescription) -> HttpResponse:
    signed = next_plan(one)
    plan = Plan.from_canonical(signed.canonical)
    rehearsal = rehearsal_of_plan(plan, one.patient, force_unit(request))
    page = {
        "room": "patients",
        "prescription": one,
        "patient": one.patient,
        "rehearsal": rehearsal,
        "curve": rehearsal.svg(WIDE),
        "signed_plan": signed,
        "count": one.plans.count(),
        "newest": newest_signed(one.patient) == one,
        "signatures": [(mark, mark.is_of(canonical(one))) for mark in signatures_of(one)],
        **_alarmed(one.patient),
    }
    return render(request, "clinic/prescription.html", page | as_guest(request, one.patient))
