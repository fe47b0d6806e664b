"""Middleware of /api/v1: a key opens it and nothing else does, so that no browser can be made to use it.

It comes before a sign-in is asked for. Cookies are not looked at. The same table of access holds as everywhere.
"""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from opentraction.clinic import access, roles
from opentraction.clinic.actions.second_factor import has, required_here
from opentraction.clinic.actions.signing_in import begin_try, in_words, note_bad_try
from opentraction.clinic.api.actions.keys import KeyTry, key_of, note_use, place_for
from opentraction.clinic.api.models import ApiKey
from opentraction.clinic.api.problems import problem
from opentraction.clinic.before_view import BeforeView

NAMESPACE: Final = "api"
NO_KEY: Final = "Send a key of this clinic as Authorization: Bearer. Keys are made on the page of your account."
clock = timezone.now


class Keyed(BeforeView):
    """Says who asks, and whether they may, before an operation is entered."""

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """A problem, or None to go on in the name of the key's owner."""
        match = request.resolver_match
        if match is None or NAMESPACE not in match.namespaces:
            return None
        row = key_of(_shown(request), clock())
        if row is None:
            return _no_key(request)
        _be(request, row)
        return _refused(request, match.view_name) or _body(request)


def _shown(request: HttpRequest) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _no_key(request: HttpRequest) -> HttpResponseBase:
    """A wrong key is a try that is counted; none at all is not."""
    if _shown(request):
        one = KeyTry("", request.META.get("REMOTE_ADDR", ""))
        wait = begin_try(one, clock())
        if wait > timedelta(0):
            sentence = f"Too many wrong keys from your address. Wait {in_words(wait)}."
            return problem(429, sentence, Retry_After=str(ceil(wait.total_seconds())))
        note_bad_try(one, "key")
    return problem(401, NO_KEY, WWW_Authenticate="Bearer")


def _be(request: HttpRequest, row: ApiKey) -> None:
    """From here on the request is the owner's, with the acts of the key. No browser sits behind it."""
    user: Any = row.user
    user.place, user.seat = place_for(row), None

    async def auser() -> User:
        return row.user

    request.user, request.auser = user, auser
    note_use(row, clock())


def _refused(request: HttpRequest, name: str) -> HttpResponseBase | None:
    """What the table of access says, as a problem."""
    need = access.needed(name, request.method or "")
    if need is None:
        allowed = ", ".join(access.methods(name))
        return problem(405, f"Allowed here: {allowed or 'nothing'}.", Allow=allowed)
    place = roles.place_of(request.user)
    if place is not None and required_here(place) and not has(place.user):
        return problem(423, "Your clinic asks for a second factor. Set it up at the console first.")
    try:
        if need != access.SIGNED_IN:
            roles.require(request.user, need)
    except PermissionDenied as refusal:
        return problem(403, str(refusal))
    return None


def _body(request: HttpRequest) -> HttpResponseBase | None:
    """Only JSON, and not too much of it."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    if not length.isdecimal() or int(length[:18]) > most:
        return problem(413, f"At most {most} bytes at once.")
    if request.method == "POST" and int(length) and request.content_type != "application/json":
        return problem(415, "Send application/json.")
    return None
