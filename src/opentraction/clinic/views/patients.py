"""Patients: the list, one patient's course, the form."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from opentraction.clinic import roles
from opentraction.clinic.actions.patients import add_patient, change_patient
from opentraction.clinic.actions.treatments import newest_signed
from opentraction.clinic.context import force_unit
from opentraction.clinic.course import course_of
from opentraction.clinic.forms.patient import PatientForm
from opentraction.clinic.models import Patient
from opentraction.patient import LEVELS, SEXES
from opentraction.patient.patient import REGIONS


@require_GET
def patients(request: HttpRequest) -> HttpResponse:
    """Everyone in the clinic's care; an empty clinic is told what to do."""
    roles.require(request.user, roles.LOOK)
    rows = Patient.objects.seen_by(request.user).prefetch_related("sessions", "prescriptions")
    return render(request, "clinic/patients.html", {"room": "patients", "patients": rows})


@require_GET
def patient(request: HttpRequest, pk: int) -> HttpResponse:
    """One patient: who, what is prescribed, the course over sessions."""
    one = get_object_or_404(Patient.objects.seen_by(request.user), pk=pk)
    page = {
        "room": "patients",
        "patient": one,
        "prescriptions": one.prescriptions.select_related("author", "signed_by"),
        "signed": newest_signed(one),
        "course": course_of(one, force_unit(request)),
    }
    return render(request, "clinic/patient.html", page)


@require_http_methods(["GET", "POST"])
def new_patient(request: HttpRequest) -> HttpResponse:
    """The empty form, and a new patient from it."""
    user = roles.require(request.user, roles.TREAT)
    form = PatientForm.read(request.POST) if request.method == "POST" else PatientForm.of(None)
    if form.values and not form.refusals:
        return redirect(add_patient(form.values, by=user))
    return _form(request, form, None)


@require_http_methods(["GET", "POST"])
def edit_patient(request: HttpRequest, pk: int) -> HttpResponse:
    """The filled form, and the change from it."""
    user = roles.require(request.user, roles.TREAT)
    one = get_object_or_404(Patient.objects.seen_by(user), pk=pk)
    form = PatientForm.read(request.POST) if request.method == "POST" else PatientForm.of(one)
    if form.values and not form.refusals:
        return redirect(change_patient(one, form.values, by=user))
    return _form(request, form, one)


def _form(request: HttpRequest, form: PatientForm, one: Patient | None) -> HttpResponse:
    page = {"room": "patients", "form": form, "patient": one, "sexes": SEXES, "regions": REGIONS, "levels": LEVELS}
    return render(request, "clinic/patient_form.html", page, status=400 if form.refusals else 200)
