"""One's own keys: made, shown once, closed; and every key of the clinic, for whoever manages it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opentraction.clinic import roles
from opentraction.clinic.actions.people import clinic_of
from opentraction.clinic.api.actions.keys import LASTS, close_key, make_key, may_give
from opentraction.clinic.api.models import ApiKey
from opentraction.clinic.confirmed import confirmed
from opentraction.quantities import BadInput


@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """The keys one has; a post makes another one and shows it this once."""
    user = roles.require(request.user, roles.WORK)
    if request.method == "GET":
        return _own(request, user)
    try:
        days = request.POST.get("days", "")
        lasts = int(days) if days.isascii() and days.isdecimal() and len(days) < 5 else 0
        acts, name = request.POST.getlist("act"), request.POST.get("name", "").strip()
        row, token = make_key(name, acts, lasts, by=user, confirmed=confirmed(request, recent=True), now=timezone.now())
    except BadInput as refusal:
        return _own(request, user, 400, refusal=str(refusal))
    return _own(request, user, token=token, made=row)


def _own(request: HttpRequest, user: User, status: int = 200, **more: Any) -> HttpResponse:
    rows = ApiKey.objects.filter(user=user).select_related("clinic", "closed_by")
    offered = [(act, roles.IN_WORDS.get(act, act)) for act in sorted(may_give(user) - {roles.WORK})]
    page = {"keys": [(row, row.opens(timezone.now())) for row in rows], "offered": offered, "lasts": LASTS}
    page |= {"posted": request.POST, "chosen": request.POST.getlist("act")} | more
    return render(request, "api/keys.html", page, status=status)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """One of one's own."""
    user = roles.require(request.user, roles.WORK)
    row = get_object_or_404(ApiKey, pk=pk, user=user)
    close_key(row, by=user, now=timezone.now())
    messages.success(request, f"{row.name} opens nothing any more.")
    return redirect("keys:own")


@require_GET
def clinic(request: HttpRequest) -> HttpResponse:
    """Every key of the clinic."""
    user = roles.require(request.user, roles.MANAGE)
    rows = ApiKey.objects.filter(clinic=clinic_of(user)).select_related("user", "closed_by")
    page = {"room": "people", "keys": [(row, row.opens(timezone.now())) for row in rows]}
    return render(request, "api/clinic_keys.html", page)


@require_POST
def close_any(request: HttpRequest, pk: int) -> HttpResponse:
    """Any key of the clinic."""
    user = roles.require(request.user, roles.MANAGE)
    row = get_object_or_404(ApiKey, pk=pk, clinic=clinic_of(user))
    close_key(row, by=user, now=timezone.now())
    messages.success(request, f"{row.name} opens nothing any more.")
    return redirect("keys:clinic")
