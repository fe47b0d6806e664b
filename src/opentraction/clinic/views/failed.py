"""What a browser is told when a page could not be made.

The database did not answer (503), somebody else did the same at the same moment (409), or it is our fault (500).
"""

from __future__ import annotations

import sys
from typing import Final

from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_noop

NO_ANSWER: Final = "The database does not answer just now. Look whether it was done before you ask for it again."
AGAIN_S: Final = 5
AT_ONCE: Final = gettext_noop(
    "Somebody did the same at the same moment. Nothing of yours was kept. Look, then repeat it."
)


def failed(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`: it is called while the exception is being handled. Nothing here asks the database."""
    trouble = sys.exception()
    if isinstance(trouble, IntegrityError):
        return HttpResponse(render_to_string("503.html", {"sentence": gettext(AT_ONCE)}), status=409)
    if not isinstance(trouble, OperationalError | InterfaceError):
        return HttpResponse(render_to_string("500.html"), status=500)
    return not_now(request, NO_ANSWER)


def not_now(request: HttpRequest, sentence: str) -> HttpResponse:
    """To come again, as a page; to a program as it is told everything else."""
    if request.path.startswith("/api/"):
        from opentraction.clinic.api.problems import problem  # which says our sentence too

        return problem(503, sentence, Retry_After=str(AGAIN_S))
    page = render_to_string("503.html", {"sentence": sentence})
    return HttpResponse(page, status=503, headers={"Retry-After": str(AGAIN_S)})
