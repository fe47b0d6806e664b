"""The table's own checks: what its power-on test found, and the guided trial of each stop with nobody on the table."""

from __future__ import annotations

import uuid
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from opentraction.clinic import roles
from opentraction.clinic.acting import SIMULATED, seen_numbers
from opentraction.clinic.actions.checks import note_check, note_check_asked
from opentraction.clinic.context import force_unit
from opentraction.clinic.table_line import line
from opentraction.clinic.table_line.answers import cannot_be_used, refused, said
from opentraction.clinic.table_link import TableAway
from opentraction.quantities import BadInput

ITEMS = {
    "nobody_on_the_table": "Nobody on the table, nobody near the cable",
    "cord_to_frame": "Cord tied from the cable to the frame, in line",
}
PRESSES = {
    "patient remote": {"remote-press": "Press remote", "remote-release": "Let go of remote"},
    "clinician stop": {"clinician-stop": "Press clinician stop", "clinician-reset": "Reset clinician stop"},
}
PLUG = {"remote-plug": "Plug in remote", "remote-press": "Press remote", "remote-release": "Let go of remote"}
OF_A_TRIAL = frozenset({"acknowledge", "checklist", "arm", "start", "unbind", "lease", "simulate"})
NOTED = frozenset({"acknowledge", "self-test", "bind-trial", "arm", "start", "unbind"})
Message = dict[str, Any]


@require_GET
@ensure_csrf_cookie
async def checks(request: HttpRequest) -> HttpResponse:
    """How the table stands. What it says is asked for anew: an old answer about safety is none."""
    user = await sync_to_async(roles.require)(await request.auser(), roles.LOOK)
    try:
        told = _readable(await line.link().request("checks", operator=user.get_username()))
    except TableAway as away:
        told = {"away": str(away)}
    unit = await sync_to_async(force_unit)(request)
    simulated = {**PLUG, **PRESSES["clinician stop"]}
    page = {"room": "checks", "told": told, "items": ITEMS, "simulated": simulated, "live": {"unit": unit}}
    return await sync_to_async(render)(request, "clinic/checks.html", page)


@require_POST
async def act(request: HttpRequest) -> HttpResponseBase:
    """One act of somebody who checks the table. A stop has an address of its own."""
    user = await sync_to_async(roles.require)(await request.auser(), roles.TREAT)
    do = request.POST.get("do", "")
    try:
        asked = _arguments(do, request.POST, line.telemetry())
        return await said(request, await _sent(do, asked, user))
    except BadInput as refusal:
        return await cannot_be_used(request, refusal)
    except TableAway as away:
        return refused(str(away), 503)


async def _sent(do: str, asked: Message, user: User) -> Message:
    detail: Message = {key: asked[key] for key in ("stop", "session") if key in asked}
    if do in NOTED:
        await sync_to_async(note_check_asked)(do, detail, by=user)
    who = {} if do == "simulate" else {"viewer" if do == "lease" else "operator": user.get_username()}
    answer = await line.link().request(do, **asked, **who)
    if do in NOTED:
        await sync_to_async(note_check)(do, detail, answer.get("ok") is True, by=user)
    return answer


def _arguments(do: str, post: Any, now: Message) -> Message:
    """What goes to the table. Raises BadInput: only a trial is reached from here, never a patient's session."""
    if do == "self-test":
        return {}
    bound = now.get("bound") or {}
    if do == "bind-trial":
        on_table = bound.get("session") if now.get("trial") else None
        return {"stop": post.get("stop", ""), "session": str(uuid.uuid4()), "instead_of": on_table}
    if do not in OF_A_TRIAL:
        raise BadInput("do", do, ", ".join(("self-test", "bind-trial", *sorted(OF_A_TRIAL))))
    if not now.get("trial"):
        raise BadInput("act", do, "an act in a trial of a stop; none is on the table")
    asked: Message = {"session": bound.get("session")}
    if do == "checklist":
        asked |= {"item": _one_of(ITEMS, post, "item"), "done": post.get("done") == "true"}
    elif do == "acknowledge":
        asked |= {"numbers": seen_numbers(post)}
    elif do == "simulate":
        asked |= {"what": _one_of(SIMULATED, post, "what")}
    return asked


def _one_of(known: dict[str, str], post: Any, key: str) -> str:
    value = str(post.get(key, ""))
    if value not in known:
        raise BadInput(key, value, "one of " + ", ".join(known))
    return value


def _readable(answer: Message) -> Message:
    """Times as times, for a page."""
    for stop in (answer.get("stops") or {}).values():
        newest = stop.get("newest")
        if newest:
            newest["at"] = parse_datetime(newest["utc"])
        stop["due_at"] = parse_datetime(stop["due_utc"]) if stop.get("due_utc") else None
    return answer
