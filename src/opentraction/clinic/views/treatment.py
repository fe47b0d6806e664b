"""The treatment page, and what it draws from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from opentraction.clinic import roles
from opentraction.clinic.acting import SIMULATED, items_for
from opentraction.clinic.actions.changes import plan_in_force
from opentraction.clinic.actions.treatments import begin
from opentraction.clinic.at_the_table import has_been_there
from opentraction.clinic.clearance import NotCleared
from opentraction.clinic.context import bound_now, force_unit
from opentraction.clinic.days import day_at
from opentraction.clinic.forms.saying import said_in
from opentraction.clinic.models import Patient, Prescription, TreatmentSession
from opentraction.clinic.pictures import plan_curve, plan_strip
from opentraction.clinic.reading import reading
from opentraction.clinic.recordings import take_in_all
from opentraction.clinic.road import steps_of
from opentraction.clinic.scores import SCORES
from opentraction.quantities import BadInput, display


@require_POST
def begin_treatment(request: HttpRequest) -> HttpResponse:
    """Open the next session of a signed prescription."""
    user = roles.require(request.user, roles.TREAT)
    take_in_all()
    request.session.modified = True  # a treatment begins with a whole sign-in time before it
    prescription = _chosen(request.POST.get("prescription", ""), user)
    try:
        return redirect(begin(prescription, by=user, at_table=bound_now()))
    except NotCleared as refusal:
        return _not_cleared(request, prescription.patient, refusal)
    except BadInput as refusal:
        page = {"heading": "This prescription cannot be treated", "sentence": said_in(refusal, force_unit(request))}
        return render(request, "clinic/refusal.html", page, status=400)


def _not_cleared(request: HttpRequest, patient: Patient, refusal: NotCleared) -> HttpResponse:
    """Why this patient is not treated now, with the way to where it is settled."""
    steps = steps_of(patient, request.user, timezone.now())
    page = {
        "heading": "Not now",
        "sentence": str(refusal),
        "patient": patient,
        "step": next((step for step in steps if step.key == refusal.step), None),
    }
    return render(request, "clinic/not_cleared.html", page, status=400)


def _chosen(number: str, user: User) -> Prescription:
    """The prescription of a posted number; what is no number is no prescription."""
    try:
        return get_object_or_404(Prescription.objects.seen_by(user, roles.TREAT), pk=int(number))
    except ValueError:
        raise Http404 from None


@require_GET
@ensure_csrf_cookie
def treatment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One session, live: until it has ended and somebody has unbound the patient."""
    user = roles.require(request.user, roles.LOOK)
    rows = TreatmentSession.objects.seen_by(user).select_related("patient", "plan__prescription")
    session = get_object_or_404(rows, pk=pk)
    if session.ending and bound_now() != str(session.pk):
        return redirect("session", pk=pk)
    reading(request, session, "treatment page")
    return render(request, "clinic/treatment.html", _page(request, session))


def _page(request: HttpRequest, session: TreatmentSession) -> dict[str, Any]:
    plan = plan_in_force(session)
    patient = session.patient
    return {
        "room": "treatment",
        "session": session,
        "patient": patient,
        "age": patient.age_on(day_at(patient.clinic, timezone.now())),
        "plan": plan,
        "angle": display(plan.angle, "angle", "deg", 0),
        "planned_sessions": session.plan.prescription.plans.count(),
        "strip": plan_strip(plan),
        "items": items_for(plan.region, plan.position),
        "simulated": SIMULATED,
        "scores": SCORES,
        "may_change": roles.may(request.user, roles.PRESCRIBE),
        "live": {
            "session": str(session.pk),
            "been": bound_now() != str(session.pk) and has_been_there(session),
            "unit": force_unit(request),
            "plan": plan_curve(plan),
            "plan_url": reverse("plan", args=[session.pk]),
        },
    }
