"""Patients: the list, one patient's course, the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from opentraction.clinic import roles
from opentraction.clinic.actions.patients import IDENTITY, add_patient, change_patient
from opentraction.clinic.actions.treatments import newest_signed
from opentraction.clinic.alarms import alarms_of
from opentraction.clinic.context import as_guest, force_unit
from opentraction.clinic.course import course_of
from opentraction.clinic.forms.patient import PatientForm
from opentraction.clinic.looking_up import Looked, lines
from opentraction.clinic.models import Clinic, Patient
from opentraction.clinic.reading import reading, reading_list
from opentraction.clinic.templatetags.road import steps_now
from opentraction.patient import LEVELS, SEXES
from opentraction.patient.patient import REGIONS

TO_BE_DONE = ("intake", "consent", "prescription", "visit")
"""Steps without which nothing is pulled, in the order in which they are best done."""
ENOUGH = frozenset({"done", "look"})


@require_GET
def patients(request: HttpRequest) -> HttpResponse:
    """Those in the clinic's care, by name, a page at a time; an empty clinic is told what to do."""
    roles.require(request.user, roles.FIND)
    looked_for = Looked.read(request.GET)
    found = looked_for.page(Patient.objects.seen_by(request.user, roles.FIND))
    rows = lines(found.patients, look=roles.may(request.user, roles.LOOK))
    reading_list(request, "patients", found.patients, **({"looked_for": looked_for.words} if looked_for.words else {}))
    page = {"room": "patients", "lines": rows, "found": found, "elsewhere": Clinic.objects.count() > 1}
    return render(request, "clinic/patients.html", page)


@require_GET
def patient(request: HttpRequest, pk: int) -> HttpResponse:
    """One patient: who; and for those who may look, what is prescribed and the course over sessions."""
    look = roles.may(request.user, roles.LOOK)
    one = get_object_or_404(Patient.objects.seen_by(request.user, roles.LOOK if look else roles.FIND), pk=pk)
    reading(request, one, "course" if look else "particulars")
    page: dict[str, Any] = {"room": "patients", "patient": one}
    page |= _clinical(request, one) if look else {}
    return render(request, "clinic/patient.html", page | as_guest(request, one))


def _clinical(request: HttpRequest, one: Patient) -> dict[str, Any]:
    now = timezone.now()
    steps = {step.key: step for step in steps_now(one, request.user)}
    return {
        "first": next((steps[key] for key in TO_BE_DONE if key in steps and steps[key].state not in ENOUGH), None),
        "prescriptions": one.prescriptions.select_related("author", "signed_by"),
        "signed": newest_signed(one),
        "course": course_of(one, force_unit(request)),
        "stopped": bool(alarms_of(one, now)),
    }


@require_http_methods(["GET", "POST"])
def new_patient(request: HttpRequest) -> HttpResponse:
    """The empty form, and a new patient from it."""
    user = roles.require(request.user, roles.REGISTER)
    form = _read(request, None) if request.method == "POST" else PatientForm.of(None)
    if form.values and not form.refusals:
        return redirect(add_patient(form.values, by=user))
    return _form(request, form, None)


@require_http_methods(["GET", "POST"])
def edit_patient(request: HttpRequest, pk: int) -> HttpResponse:
    """The filled form, and the change from it."""
    user = roles.require(request.user, roles.REGISTER)
    one = get_object_or_404(Patient.objects.seen_by(user, roles.REGISTER), pk=pk)
    form = _read(request, one) if request.method == "POST" else PatientForm.of(one)
    if form.values and not form.refusals:
        values = form.values if roles.may(user, roles.TREAT) else _only(IDENTITY, form.values)
        return redirect(change_patient(one, values, by=user))
    reading(request, one, "particulars")
    return _form(request, form, one)


def _read(request: HttpRequest, one: Patient | None) -> PatientForm:
    """What was posted; whoever does not treat writes who the patient is, and the rest stays as it was."""
    if roles.may(request.user, roles.TREAT):
        return PatientForm.read(request.POST)
    posted = request.POST.dict()
    if one is None:
        return PatientForm.read(posted | {"disc_grade": "", "ceiling": ""})
    return PatientForm.read(PatientForm.of(one).written | {"mass_confirmed": "yes"} | dict(_only(IDENTITY, posted)))


def _only(names: frozenset[str], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}


def _form(request: HttpRequest, form: PatientForm, one: Patient | None) -> HttpResponse:
    page = {"room": "patients", "form": form, "patient": one, "sexes": SEXES, "regions": REGIONS, "levels": LEVELS}
    page["judging"] = roles.may(request.user, roles.TREAT)
    return render(request, "clinic/patient_form.html", page, status=400 if form.refusals else 200)
