"""An address under /api/v1 that is none."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from opentraction.clinic.api.problems import problem


@csrf_exempt  # a key came before; cookies do not count here
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """404 as everywhere in the API."""
    return problem(404, "There is no such address. /api/v1/ lists all of them.")
