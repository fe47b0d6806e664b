"""What a browser is told when a page could not be made: the database did not answer (503), or it is our fault (500)."""

from __future__ import annotations

import sys
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

NO_ANSWER: Final = "The database does not answer just now. Look whether it was done before you ask for it again."
AGAIN_S: Final = 5


def failed(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`: it is called while the exception is being handled. Nothing here asks the database."""
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return HttpResponse(render_to_string("500.html"), status=500)
    return not_now(request, NO_ANSWER)


def not_now(request: HttpRequest, sentence: str) -> HttpResponse:
    """To come again, as a page; to a program as it is told everything else."""
    if request.path.startswith("/api/"):
        from opentraction.clinic.api.problems import problem  # which says our sentence too

        return problem(503, sentence, Retry_After=str(AGAIN_S))
    page = render_to_string("503.html", {"sentence": sentence})
    return HttpResponse(page, status=503, headers={"Retry-After": str(AGAIN_S)})
