"""What staff do: note checks and evidence, link a listing to a user, ask for reviews, answer them, see imports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from opentraction.clinic import roles
from opentraction.clinic.consents.purposes import REVIEWS, agreed
from opentraction.clinic.directory import asked
from opentraction.clinic.directory.actions import profiles, reviews
from opentraction.clinic.directory.filling import import_command
from opentraction.clinic.directory.models import CredentialCheck, ImportRun, Offer, Review, Specialist
from opentraction.clinic.directory.views.public import about
from opentraction.clinic.directory.visits import Visit
from opentraction.clinic.reading import reading_list
from opentraction.quantities import BadInput


@require_GET
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one specialist for those who keep it."""
    user = roles.require(request.user, profiles.KEEP)
    return _keep(request, get_object_or_404(Specialist, pk=pk), user)


def _keep(request: HttpRequest, one: Specialist, user: User, refusal: str = "") -> HttpResponse:
    visits = reviews.open_visits(one, user)[:20]
    if visits:
        reading_list(request, "visits to review", [visit.patient for visit in visits])
    page = about(request, one) | {
        "refusal": refusal,
        "sent": request.POST,
        "found": [word for word, _ in CredentialCheck.FOUND],
        "languages": ", ".join(_offers(one, Offer.LANGUAGE)),
        "insurers": ", ".join(_offers(one, Offer.INSURANCE)),
        "invitations": _invitations(visits),
    }
    return render(request, "directory/keep.html", page, status=400 if refusal else 200)


def _invitations(visits: list[Visit]) -> list[tuple[Visit, str]]:
    """Each visit with the word of its address; none for a patient who does not agree to reviews."""
    patients = {visit.patient.pk: visit.patient for visit in visits}
    willing = {pk for pk, patient in patients.items() if agreed(patient, REVIEWS)}
    return [(visit, reviews.invitation(visit) if visit.patient.pk in willing else "") for visit in visits]


def _offers(one: Specialist, kind: str) -> list[str]:
    return list(Offer.objects.filter(specialist=one, kind=kind, from_file=False).values_list("value", flat=True))


def _acting(act: Callable[[HttpRequest, Specialist, User], str]) -> Callable[[HttpRequest, int], HttpResponse]:
    """A view that does one act on one specialist and says so, or says what is wrong with what was typed."""

    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        user = roles.require(request.user, profiles.KEEP)
        one = get_object_or_404(Specialist, pk=pk)
        try:
            messages.success(request, act(request, one, user))
        except BadInput as refusal:
            return _keep(request, one, user, str(refusal))
        return redirect("directory:keep", pk=pk)

    return view


def _check(request: HttpRequest, one: Specialist, user: User) -> str:
    sent: Any = request.POST
    what, found, source, number = (sent.get(name, "") for name in ("what", "found", "source", "number"))
    until = asked.day(sent, "valid_until")
    profiles.check_credential(one, what, found, source, number, until, by=user, now=timezone.now())
    return "Noted what you found."


def _evidence(request: HttpRequest, one: Specialist, user: User) -> str:
    sent: Any = request.POST
    languages, insurers = asked.several(sent, "languages"), asked.several(sent, "insurers")
    profiles.keep_profile(one, asked.evidence_of(sent), languages, insurers, by=user, now=timezone.now())
    return "Kept."


def _works_here(request: HttpRequest, one: Specialist, user: User) -> str:
    name = request.POST.get("user", "").strip()
    profiles.says_works_here(one, name, by=user, now=timezone.now())
    return "Linked." if name else "Not linked to anyone now."


check = _acting(_check)
evidence = _acting(_evidence)
works_here = _acting(_works_here)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a review with one of the fixed texts, or hide its words for one of three reasons."""
    user = roles.require(request.user, profiles.KEEP)
    one = get_object_or_404(Review, pk=pk)
    try:
        if request.POST.get("hide"):
            reviews.hide_words(one, request.POST["hide"], by=user)
        else:
            reviews.answer_review(one, request.POST.get("reply", ""), by=user)
    except BadInput as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    return redirect(one.specialist)


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """The files that were read, how far each has come, and why rows were left out."""
    roles.require(request.user, profiles.KEEP)
    page = {"room": "specialists", "runs": ImportRun.objects.all()[:50], "command": import_command(request.user)}
    return render(request, "directory/imports.html", page)
