"""The idle lock: a console nobody touches closes its records after some minutes, and leaves a running treatment alone.

While a seat is locked its browser opens nothing of a record and sends nothing but a stop, the lease of the page that
watches a pull, the password that unlocks, and a sign-out. The stream goes on with the machine's numbers, and that there
is an emergency is said all the same, not whose.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opentraction.clinic import roles
from opentraction.clinic.actions.locking import lock
from opentraction.clinic.models import Seat

clock = timezone.now
DEFAULT_MIN: Final = 10
TOUCHED_EVERY: Final = timedelta(seconds=30)
"""Input is written down no oftener than this."""
STAYS_OPEN: Final = frozenset(
    {"table-stream", "table-alarms", "table-act", "seat", "unlock", "sign-out", "intake:red-line"}
)
"""Addresses that a locked console still reaches; `table-act` lets stop and lease through by itself."""
BY_ITSELF: Final = frozenset(
    {"table-stream", "table-history", "table-alarms", "table-act", "plan", "seat", "intake:red-line", "spine-after"}
)
"""Addresses a page asks for without a hand on it: no input."""
UNTOUCHED_ACTS: Final = frozenset({"stop", "lease"})
WHY: Final = _("This console is locked. Give your password first. Stop still works.")


def left(seat: Seat, place: roles.Place | None, now: datetime) -> timedelta:
    """How long until it locks; zero or less once it should be."""
    minutes = place.clinic.idle_min if place else DEFAULT_MIN
    return seat.last_input + timedelta(minutes=minutes) - now


def is_locked(seat: Seat | None, place: roles.Place | None) -> bool:
    """Whether the seat is locked; one whose time is up is locked by being asked."""
    if seat is None:
        return False
    if seat.locked_at is None and left(seat, place, clock()) <= timedelta(0):
        lock(seat, clock(), idle=True)
    return seat.locked_at is not None


def touch(seat: Seat | None) -> None:
    """A hand moved."""
    now = clock()
    if seat and seat.locked_at is None and now - seat.last_input >= TOUCHED_EVERY:
        Seat.objects.filter(pk=seat.pk, locked_at=None).update(last_input=now)
        seat.last_input = now


def turned_away(request: HttpRequest, name: str, seat: Seat | None, user: User) -> HttpResponseBase | None:
    """What a locked console gets instead of a record; None where it may go on. Any other request counts as input."""
    if not is_locked(seat, roles.place_of(user)):
        if name not in BY_ITSELF:
            touch(seat)
        return None
    if name in STAYS_OPEN:
        return None
    if "text/html" in request.headers.get("Accept", "text/html"):
        leads_to = request.get_full_path() if request.method == "GET" else "/"
        return render(request, "clinic/locked.html", {"leads_to": leads_to, "may": frozenset()}, status=423)
    return JsonResponse({"ok": False, "locked": True, "why": WHY}, status=423)
