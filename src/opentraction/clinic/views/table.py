"""The live line: what the table says, streamed to the browser, and what a person asks of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET, require_POST

from opentraction.clinic import roles
from opentraction.clinic.acting import UNNOTED, Arguments, arguments
from opentraction.clinic.actions.treatments import note_request
from opentraction.clinic.models import TreatmentSession
from opentraction.clinic.signed_in import may_still_look
from opentraction.clinic.table_link import TableAway, Viewer, shared_link
from opentraction.quantities import BadInput

STILL_HERE_S = 5.0
ASK_AGAIN_S = 1.0
AT_REST = {"idle", "setup", "stop test", "safe", "complete"}


@require_GET
async def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Server-sent events `link`, `document`, `telemetry`, and `over` last: until the browser leaves or may not look."""
    await sync_to_async(roles.require)(await request.auser(), roles.LOOK)
    key = request.session.session_key
    answer = StreamingHttpResponse(_events(lambda: may_still_look(key)), content_type="text/event-stream")
    answer["X-Accel-Buffering"] = "no"
    return answer


async def _events(allowed: Callable[[], Awaitable[bool]]) -> AsyncIterator[bytes]:
    with shared_link().viewer() as viewer:
        watch = asyncio.create_task(_end_when_not(allowed, viewer))
        try:
            while not viewer.over:
                try:
                    await asyncio.wait_for(viewer.changed.wait(), STILL_HERE_S)
                except TimeoutError:
                    yield b": still here\n\n"
                if viewer.shut:
                    yield _event("over", {"why": "signed out"})
                    return
                for kind, body in viewer.take():
                    yield _event(kind, body)
        finally:
            watch.cancel()


def _event(kind: str, body: dict[str, Any]) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(body, allow_nan=False)}\n\n".encode()


async def _end_when_not(allowed: Callable[[], Awaitable[bool]], viewer: Viewer) -> None:
    """Ask every second, beside the stream and never in its way, whether its reader may still look."""
    try:
        while await allowed():
            await asyncio.sleep(ASK_AGAIN_S)
    finally:  # also where asking failed: what cannot be asked is not allowed
        viewer.shut = True
        viewer.changed.set()


@require_GET
async def history(request: HttpRequest) -> JsonResponse:
    """The last two minutes of telemetry, so that a page loaded again is not empty."""
    await sync_to_async(roles.require)(await request.auser(), roles.LOOK)
    return JsonResponse({"rows": list(shared_link().history)})


@require_POST
async def act(request: HttpRequest) -> HttpResponse:
    """Carry one act to the table and its answer back. Stop goes first and asks for no role."""
    link = shared_link()
    user = await request.auser()
    do = request.POST.get("do", "")
    try:
        if do == "stop":
            return await _stop(request, user)
        operator = await sync_to_async(roles.require)(user, roles.TREAT)
        session = await _session(request, user)
        now = link.telemetry or {}
        _right_session(do, session, now)
        asked = await sync_to_async(arguments)(do, request.POST, now, session)
        try:
            answer = await link.request(do, **asked, **_who(do, operator))
        except TableAway:
            # The table may have heard it all the same; that it was asked is kept, with no answer.
            await _note(session, do, asked, {}, user)
            raise
        await _note(session, do, asked, answer, user)
    except BadInput as refusal:
        return JsonResponse({"ok": False, "why": str(refusal), "where": refusal.where}, status=400)
    except TableAway as away:
        return JsonResponse({"ok": False, "why": str(away)}, status=503)
    return _said(answer)


async def _stop(request: HttpRequest, user: Any) -> HttpResponse:
    """Stop is heard from anyone signed in, before anything is looked up or written."""
    answer = await shared_link().request("stop", operator=user.get_username())
    with contextlib.suppress(Http404):  # without a session it is still a stop; the table's own log has it
        await _note(await _session(request, user), "stop", {}, answer, user)
    return _said(answer)


def _said(answer: dict[str, Any]) -> JsonResponse:
    ok = answer.get("ok") is True
    why = {} if ok else {"why": answer.get("why") or "The table refused."}
    return JsonResponse({"ok": ok, **why}, status=200 if ok else 409)


def _who(do: str, user: User) -> dict[str, str]:
    if do == "simulate":
        return {}
    return {"viewer": user.get_username()} if do == "lease" else {"operator": user.get_username()}


@sync_to_async
def _session(request: HttpRequest, user: Any) -> TreatmentSession:
    rows = TreatmentSession.objects.seen_by(user).select_related("patient", "plan__prescription")
    try:
        return rows.get(pk=request.POST.get("session", ""))
    except (TreatmentSession.DoesNotExist, ValidationError, ValueError):
        raise Http404 from None


def _right_session(do: str, session: TreatmentSession, now: dict[str, Any]) -> None:
    """An act from one patient's page never reaches another's session; a table at rest may be bound anew.

    Until the first telemetry nobody knows whose session is on the table, so nothing passes (stop has gone before).
    """
    if not now:
        raise BadInput("act", do, "an act once the table has said what is bound to it; wait a second, then ask again")
    bound = (now.get("bound") or {}).get("session")
    if bound is None or bound == str(session.pk) or (do == "bind" and now.get("phase") in AT_REST):
        return
    raise BadInput("session", str(session.pk), "the session that is bound to the table; open that one, or end it first")


@sync_to_async
def _note(session: TreatmentSession, do: str, asked: Arguments, answer: dict[str, Any], user: Any) -> None:
    if do in UNNOTED:
        return
    detail = {name: value for name, value in asked.items() if name in {"to_n", "score", "plan_sha256"}}
    ok = answer.get("ok") is True if answer else None
    note_request(session, do, {**detail, "ok": ok}, by=user)
