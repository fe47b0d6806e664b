"""In which language a page speaks. Spanish is offered where it is whole: on the pages of patients and readers.

There the reader's choice counts, then the browser. The console of staff is written in English alone: half of it in
another language would be read by nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from opentraction.clinic import roles

WHOLE: Final = ("/portal", "/sign-in", "/specialists", "/learn")
"""Where also somebody who is signed in reads the language they chose, or that of their browser."""
SHARED: Final = "/specialists"
"""For everyone; staff opens it within the console."""


class ForItsReader(LocaleMiddleware):
    """As Django's own, but a console of staff does not change its words with the browser it runs in."""

    def process_request(self, request: HttpRequest) -> None:
        """Choose, before anything is said."""
        _speak(request, language_of(request))

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Who is signed in is known by now: staff reads its own pages in English."""
        if request.path.startswith(SHARED) and roles.may(request.user, roles.WORK):
            _speak(request, str(settings.LANGUAGE_CODE))


def _speak(request: HttpRequest, language: str) -> None:
    translation.activate(language)
    request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE


def language_of(request: HttpRequest) -> str:
    """The language of this request: English in the console; else what a cookie says, or the browser."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith(WHOLE):
        return str(settings.LANGUAGE_CODE)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else translation.get_language_from_request(request)
