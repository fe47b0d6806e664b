"""What a page asks and says of its seat: is it locked, a hand moved, lock now, unlock."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from opentraction.clinic import idle, roles
from opentraction.clinic.actions.locking import lock
from opentraction.clinic.actions.locking import unlock as open_again
from opentraction.clinic.confirmed import try_of
from opentraction.clinic.models import Seat
from opentraction.clinic.seats import seat_of
from opentraction.clinic.views.account import back_to
from opentraction.quantities import BadInput


@require_http_methods(["GET", "POST"])
def seat(request: HttpRequest) -> JsonResponse:
    """GET: how it stands. POST `input`: a hand moved. POST `lock`: lock now."""
    one = _of(request)
    if request.method == "POST":
        if request.POST.get("act") == "lock":
            lock(one, idle.clock(), idle=False)
        elif not idle.is_locked(one, roles.place_of(request.user)):
            idle.touch(one)
    place = roles.place_of(request.user)
    locked = idle.is_locked(one, place)
    return JsonResponse({"locked": locked, "left_s": max(0.0, idle.left(one, place, idle.clock()).total_seconds())})


@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """The password, or a code from the phone: as JSON for a page that is covered, else back to where one was."""
    one, user = _of(request), request.user
    assert isinstance(user, User)
    as_json = "application/json" in request.headers.get("Accept", "")
    try:
        open_again(one, request.POST.get("password", "").replace("\0", "")[:200], try_of(request, user), idle.clock())
    except BadInput as refusal:
        why = f"The password is {refusal.value}; give {refusal.allowed}."
        if as_json:
            return JsonResponse({"ok": False, "why": why}, status=400)
        page = {"why": why, "leads_to": back_to(request), "may": frozenset()}
        return render(request, "clinic/locked.html", page, status=400)
    return JsonResponse({"ok": True}) if as_json else redirect(back_to(request))


def _of(request: HttpRequest) -> Seat:
    user = request.user
    assert isinstance(user, User)
    one = seat_of(request.session.session_key, user)
    assert one is not None  # whoever is signed in sits somewhere
    return one
