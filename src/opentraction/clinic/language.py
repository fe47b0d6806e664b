"""In which language a page speaks: the one its reader chose; for the public, else the browser's; for staff, English."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

PUBLIC: Final = ("/portal", "/sign-in", "/specialists")
"""Where also somebody who is signed in gets the language of their browser."""


class ForItsReader(LocaleMiddleware):
    """As Django's own, but a console of staff does not change its words with the browser it runs in."""

    def process_request(self, request: HttpRequest) -> None:
        """Choose, before anything is said."""
        translation.activate(language_of(request))
        request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE


def language_of(request: HttpRequest) -> str:
    """The language of this request: a cookie that says one of ours, else as above."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
    if signed_in and not request.path.startswith(PUBLIC):
        return str(settings.LANGUAGE_CODE)
    return translation.get_language_from_request(request)
