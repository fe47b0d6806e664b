"""A cookie by which a browser shows who has signed in from it before.

It opens nothing; it only spares its owner the waits that strangers cause (see `actions/signing_in.py`). Names are kept
hashed, one mark for each.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from opentraction.clinic.actions.signing_in import plain

COOKIE = "known_browser"
SALT = "opentraction.known-browser"
KEPT_S = 180 * 24 * 3600
MOST_NAMES = 16


def mark_of(request: HttpRequest, name: str) -> str:
    """This browser's mark for a name; empty when nobody has signed in with it from here."""
    return _marks(request).get(_hashed(name), "")


def remember(request: HttpRequest, response: HttpResponseBase, name: str) -> None:
    """Give the browser a new mark for a name; the oldest of many names is dropped."""
    marks = {key: mark for key, mark in _marks(request).items() if key != _hashed(name)}
    kept = dict(list(marks.items())[-(MOST_NAMES - 1) :])
    value = signing.dumps({**kept, _hashed(name): secrets.token_urlsafe(9)}, salt=SALT)
    response.set_cookie(COOKIE, value, KEPT_S, secure=settings.HTTPS, httponly=True, samesite="Strict")


def _marks(request: HttpRequest) -> dict[str, str]:
    """What the cookie says, where it is one of ours."""
    try:
        marks: Any = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_S)
    except signing.BadSignature:
        return {}
    return marks if isinstance(marks, dict) else {}


def _hashed(name: str) -> str:
    return salted_hmac(SALT, plain(name)).hexdigest()[:16]
