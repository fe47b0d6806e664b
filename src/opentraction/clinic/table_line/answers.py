"""What a browser is told: the table's answer, or why nothing was sent, in the reader's words and units."""

from __future__ import annotations

from typing import Any, Final

from asgiref.sync import sync_to_async
from django.http import HttpRequest, JsonResponse

from opentraction.clinic.context import force_unit
from opentraction.clinic.forms.saying import said_in
from opentraction.clinic.templatetags.amounts import forces_in
from opentraction.quantities import BadInput

UNWRITTEN: Final = "Nothing was sent: the console cannot write down who asks. Stop still works."


async def said(request: HttpRequest, answer: dict[str, Any]) -> JsonResponse:
    """The table's answer; a refusal with its forces in both units, the reader's first."""
    if answer.get("ok") is True:
        return JsonResponse({"ok": True})
    why = why_not(answer)
    if " N" in why:
        why = forces_in(why, await sync_to_async(force_unit)(request))
    return refused(why, 409)


def why_not(answer: dict[str, Any]) -> str:
    """Why the table refused."""
    return str(answer.get("why") or "The table refused.")


async def cannot_be_used(request: HttpRequest, refusal: BadInput) -> JsonResponse:
    """A refusal of the console's own, and where it is settled."""
    why = said_in(refusal, await sync_to_async(force_unit)(request))
    return refused(why, 400, where=refusal.where)


def refused(why: str, status: int, **more: Any) -> JsonResponse:
    """One sentence, and what the page has to know beside it."""
    return JsonResponse({"ok": False, "why": why, **more}, status=status)
