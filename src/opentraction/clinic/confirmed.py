"""What a page sends along to show that its user is still its user."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from opentraction.clinic.actions.confirming import RECENT, Confirmed, confirm
from opentraction.clinic.actions.signing_in import Try
from opentraction.clinic.known_browser import mark_of
from opentraction.clinic.models import Seat
from opentraction.clinic.seats import seat_of

clock = timezone.now


def confirmed(request: HttpRequest, recent: bool = False) -> Confirmed:
    """The user's password, posted as `password`, is right. Raises BadInput.

    With `recent` an empty one will do within two minutes of the last: for several signatures in a row.
    """
    user, now, password = request.user, clock(), request.POST.get("password", "")
    assert isinstance(user, User)
    seat = seat_of(request.session.session_key, user)
    if recent and not password and seat and seat.confirmed_at and now - seat.confirmed_at <= RECENT:
        return Confirmed(user.pk, seat.confirmed_at, "recently")
    proof = confirm(user, password.replace("\0", ""), try_of(request, user), now)
    if seat:
        Seat.objects.filter(pk=seat.pk).update(confirmed_at=now)
    return proof


def try_of(request: HttpRequest, user: User) -> Try:
    """A try from this browser, counted with the tries to sign in as this user."""
    name = user.get_username()
    return Try(name, request.META.get("REMOTE_ADDR", ""), mark_of(request, name))
