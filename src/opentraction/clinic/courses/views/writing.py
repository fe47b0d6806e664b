"""The form of a course: a new one, or the one that goes on with other terms."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from opentraction.clinic import roles
from opentraction.clinic.agenda.diary import today_of
from opentraction.clinic.context import force_unit
from opentraction.clinic.courses.actions.courses import amend_course, begin_course
from opentraction.clinic.courses.models import CourseRow, Terms
from opentraction.clinic.courses.reading_forms import CourseForm
from opentraction.clinic.courses.standing import current_course
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading
from opentraction.patient.patient import REGIONS
from opentraction.prescription.progress import templates
from opentraction.prescription.progress.rules import CAVEAT
from opentraction.quantities import BadInput
from opentraction.quantities.units import FACTORS


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a course, or change the one that goes on."""
    user = roles.require(request.user, roles.PRESCRIBE)
    patient = get_object_or_404(Patient.objects.seen_by(user, roles.PRESCRIBE).select_related("clinic"), pk=pk)
    row, now = current_course(patient), timezone.now()
    if request.method == "GET":
        reading(request, patient, "course")
        return _form(
            request, patient, row, CourseForm.of(row.terms if row else _first(request, patient), patient.mass_kg)
        )
    form = CourseForm.read(request.POST, patient.mass_kg)
    if form.terms is not None and not form.refusals:
        try:
            if row is None:
                begin_course(patient, form.terms, by=user, now=now)
            else:
                amend_course(row, form.terms, request.POST.get("why", "")[:400], by=user, now=now)
            return redirect("courses:course", pk=pk)
        except BadInput as refusal:
            if refusal.where in {"why", "course"}:
                form.refusals["why"] = str(refusal)
            else:
                form.refuse(refusal)
    return _form(request, patient, row, form)


def _first(request: HttpRequest, patient: Patient) -> Terms:
    """What a new form begins with."""
    length = 900.0 if patient.region == "cervical" else 1680.0
    start = today_of(patient.clinic, timezone.now())
    return Terms(region=patient.region, start=start, length_s=length, unit=force_unit(request))


def _form(request: HttpRequest, patient: Patient, row: CourseRow | None, form: CourseForm) -> HttpResponse:
    page = {
        "room": "patients",
        "patient": patient,
        "wing": "course",
        "course": row,
        "form": form,
        "why": request.POST.get("why", ""),
        "regions": REGIONS,
        "units": list(FACTORS["force"]),
        "shelf": [(key, one, CAVEAT[one.certainty]) for key, one in templates().items()],
    }
    return render(request, "courses/write.html", page, status=400 if form.refusals else 200)
