"""The patient's door: an invitation, a birth date, a password of their own."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from opentraction.clinic.known_browser import remember
from opentraction.clinic.portal.actions.access import invitation_of, join
from opentraction.clinic.portal.models import Invitation
from opentraction.clinic.portal.speaking import speaking
from opentraction.clinic.tokens import TRIES
from opentraction.quantities import BadInput


@login_not_required
@require_http_methods(["GET", "POST"])
@speaking
def joining(request: HttpRequest, token: str) -> HttpResponse:
    """The invitation. It says nobody's name before the birth date is right."""
    now, invitation = timezone.now(), invitation_of(token)
    if invitation is None or not invitation.is_open(now):
        return render(request, "portal/closed.html", status=404)
    if request.method == "GET":
        return _door(request, invitation)
    password, again = request.POST.get("password", ""), request.POST.get("again", "")
    if password != again:
        return _door(request, invitation, password=_("The two are not the same. Type both again."))
    try:
        user = join(invitation, _born(request.POST.get("born", "")), password, now=now)
    except BadInput:
        said = _("This one is too easy to guess, or too short. Take 12 letters or more, such as four words.")
        return _door(request, invitation, password=said)
    if user is None:
        return _wrong(request, invitation, now)
    login(request, user)
    answer = redirect("portal:today")
    remember(request, answer, user.username)
    return answer


def _wrong(request: HttpRequest, invitation: Invitation, now: Any) -> HttpResponse:
    if not invitation.is_open(now):
        return render(request, "portal/closed.html", status=404)
    left = TRIES - invitation.tries
    said = ngettext(
        "This is not the birth date we have. You can try once more.",
        "This is not the birth date we have. You can try {n} more times.",
        left,
    )
    return _door(request, invitation, born=said.format(n=left))


def _door(request: HttpRequest, invitation: Invitation, **refusals: str) -> HttpResponse:
    page = {"clinic": invitation.patient.clinic, "refusals": refusals, "born": request.POST.get("born", "")[:10],
            "name": invitation.patient.pseudonym}  # fmt: skip
    return render(request, "portal/join.html", page, status=400 if refusals else 200)


def _born(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
