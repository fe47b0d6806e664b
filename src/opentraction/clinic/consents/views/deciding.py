"""What staff decide about a consent: witness it, put it aside, enter one from paper, take it back, change a purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from opentraction.clinic import roles
from opentraction.clinic.confirmed import confirmed
from opentraction.clinic.consents.actions import taking_back, witnessing
from opentraction.clinic.consents.models import Signing
from opentraction.clinic.consents.models.signing import LANGUAGES
from opentraction.clinic.consents.paper_form import PaperForm, read_paper
from opentraction.clinic.consents.regions import region_names
from opentraction.clinic.consents.texts import one_line
from opentraction.clinic.consents.views.staff import page, patient_of
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput


@require_POST
def witness(request: HttpRequest, pk: int) -> HttpResponse:
    """I have talked with the patient and witness this signature."""
    user, one = roles.require(request.user, roles.TREAT), _signing(request, pk)
    if request.POST.get("talked") != "yes":
        return page(request, one.patient, _("Tick that you have talked about it, then witness."), 400)

    def act() -> None:
        witnessing.witness(one, by=user, confirmed=confirmed(request, recent=True), now=timezone.now())

    return _done(request, one.patient, act, _("The consent counts from now on."))


@require_POST
def put_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an address, or a signature that does not count."""
    user, one = roles.require(request.user, roles.TREAT), _signing(request, pk)
    because = one_line(request.POST.get("because", ""), 200)
    said = _("Put aside. Ask for the consent again when it is time.")
    return _done(request, one.patient, lambda: witnessing.put_aside(one, because, by=user, now=timezone.now()), said)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The patient takes consent back for one region."""
    user, one = roles.require(request.user, roles.TREAT), patient_of(request, pk, roles.TREAT)
    region, reason = request.POST.get("region", ""), one_line(request.POST.get("reason", ""), 400)
    said = _("Withdrawn. No session begins before a new consent.")
    return _done(request, one, lambda: taking_back.withdraw(one, region, reason, by=user, now=timezone.now()), said)


@require_POST
def purpose(request: HttpRequest, pk: int) -> HttpResponse:
    """A later yes or no to one of the further things."""
    user, one = roles.require(request.user, roles.TREAT), patient_of(request, pk, roles.TREAT)
    which, answer = request.POST.get("purpose", ""), request.POST.get("agreed", "")
    if answer not in {"yes", "no"}:
        return page(request, one, _("Choose yes or no."), 400)

    def act() -> None:
        taking_back.change_purpose(one, which, answer == "yes", by=user, now=timezone.now())

    return _done(request, one, act, _("Changed."))


@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A consent that was signed by hand: who, when, what else, where the form lies."""
    user, one = roles.require(request.user, roles.TREAT), patient_of(request, pk, roles.TREAT)
    form = read_paper(request.POST) if request.method == "POST" else PaperForm.empty(one, timezone.now())
    if form.paper is not None:
        try:
            proof = confirmed(request, recent=True)
            witnessing.enter_paper(one, form.paper, by=user, confirmed=proof, now=timezone.now())
            messages.success(request, _("The consent on paper is kept."))
            return redirect("consents:consent", one.pk)
        except BadInput as refusal:
            form.refusals[refusal.where] = str(refusal)
    reading(request, one, "consent on paper")
    told = {"room": "patients", "wing": "consent", "patient": one, "form": form, "languages": LANGUAGES}
    told |= {"regions": region_names()}
    return render(request, "consents/paper.html", told, status=400 if form.refusals else 200)


def _signing(request: HttpRequest, pk: int) -> Signing:
    rows = Signing.objects.seen_by(request.user, roles.TREAT).select_related("patient__clinic")
    return get_object_or_404(rows, pk=pk)


def _done(request: HttpRequest, one: Patient, act: Callable[[], Any], said: str) -> HttpResponse:
    """Back to the page, which says what was done, or why nothing was."""
    try:
        act()
    except BadInput as refusal:
        return page(request, one, str(refusal), 400)
    messages.success(request, said)
    return redirect("consents:consent", one.pk)
