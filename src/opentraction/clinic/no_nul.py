"""Middleware: text with a NUL in it is refused at the door. PostgreSQL keeps no such text, and nobody types one.

The table's own addresses are let through: a stop waits for nothing, and what they read is checked word by word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from opentraction.clinic.before_view import BeforeView

NUL: Final = "\0"
TABLE: Final = "/table/"
ESCAPED: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""As JSON writes it; after an even number of backslashes it is one."""


class NoNul(BeforeView):
    """Looks at the address, the query, the form or the JSON, before a view is entered."""

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """The refusal, or None to go on."""
        if request.path.startswith(TABLE):
            return None
        if any(NUL in words for words in _texts(request, kwargs)) or _in_json(request):
            return _refused(request)
        return None


def _texts(request: HttpRequest, kwargs: dict[str, Any]) -> Iterator[str]:
    yield from (one for one in kwargs.values() if isinstance(one, str))
    for fields in (request.GET, request.POST):
        for name, values in fields.lists():
            yield from (name, *values)
    yield from (one.name or "" for files in request.FILES.lists() for one in files[1])


def _in_json(request: HttpRequest) -> bool:
    """Whatever comes as JSON, or says nothing of what it is; a form was read already."""
    if request.method not in {"POST", "PUT", "PATCH"} or "form" in (request.content_type or ""):
        return False
    return b"\0" in request.body or ESCAPED.search(request.body) is not None


def _refused(request: HttpRequest) -> HttpResponse:
    """To a program as it is told everything else that cannot be used; to people a page."""
    sentence = _("What was sent holds a sign that is no text (NUL). Nothing was changed. Take it out, then send again.")
    if request.path.startswith("/api/"):
        from opentraction.clinic.api.problems import problem  # which the sign-in of a person does not need

        return problem(422, sentence)
    return HttpResponse(render_to_string("400.html", {"sentence": sentence}), status=400)
