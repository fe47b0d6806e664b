"""In which language a patient reads: as chosen at this browser, else as their clinic or their browser speaks."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from opentraction.clinic import roles

LANGUAGES: Final = {"en": "English", "es": "Español"}
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def language_of(request: HttpRequest) -> str:
    """`en` or `es`."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in LANGUAGES:
        return chosen
    place = roles.place_of(request.user) if request.user.is_authenticated else None
    if place is not None and place.patient is not None:
        return place.clinic.language
    return _of_browser(request.headers.get("Accept-Language", ""))


def _of_browser(accepted: str) -> str:
    """The first of the browser's languages that we speak."""
    wanted = (one.partition(";")[0].strip()[:2].lower() for one in accepted.split(","))
    return next((one for one in wanted if one in LANGUAGES), "en")


def speaking(view: View[P]) -> View[P]:
    """The view, and its page, in the reader's language."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: P.args, **more: P.kwargs) -> HttpResponseBase:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            answer = view(request, *args, **more)
        answer.headers["Content-Language"] = language
        patch_vary_headers(answer, ["Cookie", "Accept-Language"])
        return answer

    return cast(View[P], spoken)
