"""Who did what and who read what: for auditors and administrators of the clinic."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.auditing import KINDS, Asked, lines, page_of
from opentraction.clinic.chain import LATEST, broken_link
from opentraction.quantities import BadInput


@require_GET
def acts(request: HttpRequest) -> HttpResponse:
    """The newest rows that fit what was asked for, and whether the chain is whole; `whole=yes` checks all of it."""
    user = roles.require(request.user, roles.AUDIT)
    refusal, status, asked = "", 200, Asked()
    try:
        asked = Asked.read(request.GET)
    except BadInput as refused:
        refusal, status = str(refused), 400
    rows, follows = page_of(asked, user)
    whole = request.GET.get("whole") == "yes"
    _note(user, "read record of acts", request.path, asked)
    page = {
        "room": "acts",
        "rows": rows,
        "asked": asked,
        "words": asked.words(),
        "follows": follows,
        "refusal": refusal,
        "kinds": KINDS,
        "whole": whole,
        "latest": LATEST,
        "broken": broken_link(None if whole else LATEST),
    }
    return render(request, "clinic/acts.html", page, status=status)


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """The same rows, all of them, as lines of JSON that can be checked elsewhere."""
    user = roles.require(request.user, roles.AUDIT)
    try:
        asked = Asked.read(request.GET)
    except BadInput as refused:
        said = {"heading": "This cannot be exported", "sentence": str(refused)}
        return render(request, "clinic/refusal.html", said, status=400)
    _note(user, "export record of acts", request.path, asked)
    name = f"acts-{timezone.now():%Y-%m-%d}.jsonl"
    more = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines(asked.of(user)), content_type="application/x-ndjson", headers=more)


@transaction.atomic
def _note(user: User, act: str, page: str, asked: Asked) -> None:
    place = roles.place_of(user)
    record(act, place.clinic if place else user, by=user, page=page, asked=asked.words())
