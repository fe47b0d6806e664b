"""What an API answers when it says no: problem details (RFC 9457) with one sentence."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from opentraction.care.booking import NotFree
from opentraction.clinic.models.clinical import Frozen
from opentraction.clinic.views.failed import AGAIN_S, AT_ONCE, NO_ANSWER
from opentraction.quantities import BadInput

log = logging.getLogger(__name__)
TYPE: Final = "application/problem+json"
TITLES: Final = {
    400: "This is no JSON",
    401: "No key",
    403: "Not permitted",
    404: "Not found",
    405: "No such method",
    409: "Not now",
    413: "Too much",
    415: "Not JSON",
    422: "Cannot be used",
    423: "Set up the second factor first",
    429: "Wait",
    500: "Our fault",
    503: "Not just now",
}
"""What each status means here, in a few words."""


class Refused(Exception):
    """An operation says no with a status of its own."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status, self.sentence = status, sentence
        super().__init__(sentence)


def problem(status: int, sentence: str, **headers: str) -> HttpResponse:
    """The answer. Header names are written with `_` for `-`."""
    body = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": sentence}
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(json.dumps(body), status=status, content_type=TYPE, headers=told)


def say_no(api: NinjaAPI) -> None:
    """Every refusal of an operation as a problem; what nobody thought of is logged and told as our fault."""
    for kind, answer in ANSWERS:
        api.add_exception_handler(kind, _handler(answer))
    api.add_exception_handler(Exception, _our_fault)


def _handler(answer: Callable[[Any], HttpResponse]) -> Callable[[HttpRequest, Any], HttpResponse]:
    def handle(request: HttpRequest, trouble: Any) -> HttpResponse:
        return answer(trouble)

    return handle


def in_a_sentence(trouble: ValidationError) -> str:
    """The first thing that is wrong: where it stands, and what is."""
    first: dict[str, Any] = trouble.errors[0] if trouble.errors else {}
    steps = [str(step) for step in first.get("loc", ()) if step not in {"body", "query", "path", "written"}]
    said = str(first.get("msg", "cannot be used")).rstrip(".")
    return f"{'.'.join(steps) or 'request'}: {said[:1].lower()}{said[1:]}."


def _malformed(trouble: HttpError) -> HttpResponse:
    known = trouble.status_code if trouble.status_code in TITLES else 400
    return problem(known, "Send one JSON object in UTF-8." if known == 400 else str(trouble))


def _our_fault(request: HttpRequest, trouble: Any) -> HttpResponse:
    log.exception("%s %s", request.method, request.path, exc_info=trouble)
    return problem(500, "Something went wrong here. Nothing was changed. It is in the server's log.")


ANSWERS: tuple[tuple[type[Exception], Callable[[Any], HttpResponse]], ...] = (
    (BadInput, lambda refusal: problem(422, str(refusal))),
    (NotFree, lambda refusal: problem(409, str(refusal))),
    (Frozen, lambda refusal: problem(409, f"{refusal}.")),
    (Refused, lambda refusal: problem(refusal.status, refusal.sentence)),
    (PermissionDenied, lambda refusal: problem(403, str(refusal) or "You may not do this here.")),
    (Http404, lambda _: problem(404, "There is no such thing here.")),
    (ValidationError, lambda trouble: problem(422, in_a_sentence(trouble))),
    (HttpError, _malformed),
    (IntegrityError, lambda _: problem(409, gettext(AT_ONCE))),
    (OperationalError, lambda _: problem(503, NO_ANSWER, Retry_After=str(AGAIN_S))),
    (InterfaceError, lambda _: problem(503, NO_ANSWER, Retry_After=str(AGAIN_S))),
)
