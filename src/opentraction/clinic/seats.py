"""Middleware: whose browser this is, in which clinic they act, and whether they may open this address at all.

An address that no `access.toml` names is closed to everybody, so that nothing is open by accident.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from opentraction.clinic import access, idle, roles
from opentraction.clinic.actions.second_factor import has, required_here
from opentraction.clinic.before_view import BeforeView
from opentraction.clinic.models import Seat

SETTING_UP = {"second-factor", "account", "choose-clinic", "sign-out", "seat", "unlock"}
"""What may be opened without the second factor that the clinic asks for."""
KEPT = timedelta(days=2)
"""A seat nobody sits at for so long is cleared away when somebody signs out."""


class Seated(BeforeView):
    """Gives `request.user` and `request.auser()` their place, and asks `access.toml` before a view is entered."""

    def __call__(self, request: HttpRequest) -> Any:
        _lazily(request)
        return super().__call__(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Refuse what the table of access does not grant; a view that asks by itself is let through untouched."""
        match = request.resolver_match
        name = match.view_name if match else ""
        need = access.needed(name, request.method or "")
        if need in {access.ITSELF, access.ANYONE}:
            return None
        if need is None:
            return HttpResponseNotAllowed(access.methods(name)) if access.methods(name) else _closed(name)
        turned_away = _turned_away(request, name)
        if turned_away is not None:
            return turned_away
        if need != access.SIGNED_IN:
            roles.require(request.user, need)
        return None


def _turned_away(request: HttpRequest, name: str) -> HttpResponseBase | None:
    """What stands between a user who is signed in and any page: an idle lock, a second factor to set up."""
    user = request.user
    if not isinstance(user, User):
        return None
    return idle.turned_away(request, name, getattr(user, "seat", None), user) or _second_factor_first(request, name)


def _second_factor_first(request: HttpRequest, name: str) -> HttpResponseBase | None:
    """Where the clinic asks for a second factor, nothing opens before it is set up."""
    user = request.user
    place = roles.place_of(user)
    if name in SETTING_UP or place is None or not required_here(place) or has(place.user):
        return None
    if request.method == "GET" and "text/html" in request.headers.get("Accept", "text/html"):
        return redirect("second-factor")
    raise PermissionDenied("Your clinic asks for a second factor. Set it up first: it is under your name.")


def _closed(name: str) -> HttpResponseBase:
    raise PermissionDenied(f"The address {name or 'without a name'} stands in no table of access.")


def _lazily(request: HttpRequest) -> None:
    """Nothing is looked up before somebody asks who the user is: a stop must not wait for it."""
    user, auser = request.user, request.auser

    async def placed() -> Any:
        return await sync_to_async(sit)(request, await auser())

    request.user = SimpleLazyObject(lambda: sit(request, user))  # type: ignore[assignment]
    request.auser = placed


def sit(request: HttpRequest, user: Any) -> Any:
    """The user with the place that goes with this browser."""
    if user.is_authenticated and isinstance(user, User):
        place(user, seat_of(request.session.session_key, user))
    return user


def place(user: User, seat: Seat | None) -> User:
    """The user, acting in the clinic that was chosen at the seat."""
    user.place = roles.find_place(user, seat.clinic_id if seat else None)  # type: ignore[attr-defined]
    user.seat = seat  # type: ignore[attr-defined]
    return user


def seat_of(session_key: str | None, user: User) -> Seat | None:
    """The seat behind a sign-in, made where there is none; none without a sign-in."""
    if not session_key:
        return None
    fresh = {"user": user, "last_input": idle.clock()}
    seat, _ = Seat.objects.get_or_create(key=seat_key(session_key), defaults=fresh)
    if seat.user_id != user.pk:  # a session key is never handed on; whoever finds one begins afresh
        Seat.objects.filter(pk=seat.pk).update(user=user, clinic=None, locked_at=None, confirmed_at=None)
        seat.refresh_from_db()
    return seat


def confirmed_now(request: HttpRequest, user: User) -> None:
    """The password was given at this browser just now."""
    seat = seat_of(request.session.session_key, user)
    if seat:
        Seat.objects.filter(pk=seat.pk).update(confirmed_at=timezone.now(), last_input=idle.clock(), locked_at=None)


def known_seat(session_key: str | None, user: User) -> Seat | None:
    """The seat behind a sign-in, where there is one; for those who only ask."""
    return Seat.objects.filter(key=seat_key(session_key or ""), user=user).first()


def seat_key(session_key: str) -> str:
    """What stands in the database for a session key."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def leave(session_key: str | None) -> None:
    """Somebody signed out there; seats long empty go with theirs."""
    if session_key:
        Seat.objects.filter(key=seat_key(session_key)).delete()
    Seat.objects.filter(last_input__lt=timezone.now() - KEPT).delete()
