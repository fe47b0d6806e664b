"""A locked table: why it is locked, and the clinician's reset with what was found and done."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from opentraction.clinic import roles
from opentraction.clinic.actions.lockout import note_reset, note_reset_asked
from opentraction.clinic.context import bound_now, locked_now
from opentraction.clinic.table_link import TableAway, shared_link


@require_http_methods(["GET", "POST"])
async def lockout(request: HttpRequest) -> HttpResponse:
    """The page, and the reset. The table itself decides; what it was asked and answered is in the record of acts."""
    act = roles.PRESCRIBE if request.method == "POST" else roles.LOOK
    user = await sync_to_async(roles.require)(await request.auser(), act)
    if request.method == "POST":
        return await _reset(request, user)
    return await _page(request, {})


async def _reset(request: HttpRequest, user: User) -> HttpResponse:
    reason, why = request.POST.get("reason", "").strip(), locked_now()
    bound = bound_now()
    named = {"session": bound} if bound else {}
    await sync_to_async(note_reset_asked)(why, reason, by=user)
    try:
        answer = await shared_link().request("reset", operator=user.get_username(), reason=reason, **named)
    except TableAway as away:
        return await _page(request, {"reason": reason, "refused": str(away)}, 503)
    ok = answer.get("ok") is True
    await sync_to_async(note_reset)(why, reason, ok, by=user)
    if not ok:
        return await _page(request, {"reason": reason, "refused": answer.get("why") or "The table refused."}, 400)
    messages.success(request, "The table is reset. Test it before the next patient.")
    return redirect("patients")


async def _page(request: HttpRequest, more: dict[str, Any], status: int = 200) -> HttpResponse:
    page = {"why": locked_now(), **more}
    return await sync_to_async(render)(request, "clinic/lockout.html", page, status=status)
