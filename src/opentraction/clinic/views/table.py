"""The addresses of the live line: what the table says to a browser, and what a person asks of it."""

from __future__ import annotations

import logging

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, JsonResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from opentraction.clinic import roles
from opentraction.clinic.last_seen import last_seen
from opentraction.clinic.sight import Sight
from opentraction.clinic.signed_in import standing
from opentraction.clinic.table_line import beside, line
from opentraction.clinic.table_line.answers import UNWRITTEN, cannot_be_used, refused, said
from opentraction.clinic.table_line.carrying import carried
from opentraction.clinic.table_line.high_alarms import high_alarms
from opentraction.clinic.table_line.permitted import Barred
from opentraction.clinic.table_line.sessions import clinic_of, foreign
from opentraction.clinic.table_line.stopping import stopped
from opentraction.clinic.table_line.streaming import events, note_watching
from opentraction.clinic.table_link import TableAway
from opentraction.quantities import BadInput

log = logging.getLogger(__name__)


@require_GET
async def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Server-sent events: link, document, telemetry, spine, and over last; until the browser goes or may not look."""
    user = await sync_to_async(roles.require)(await request.auser(), roles.LOOK)
    key = request.session.session_key
    last_seen.saw(key, user.get_username())
    # a clinician who watches a pull does not wait for its note
    await beside.for_a_moment(beside.begin(note_watching, request, user))
    sight = Sight(await sync_to_async(clinic_of)(user))

    async def allowed() -> bool:
        may_look, sight.mute = await standing(key)
        return may_look

    _, sight.mute = await standing(key)
    answer = StreamingHttpResponse(events(allowed, sight), content_type="text/event-stream")
    answer["X-Accel-Buffering"] = "no"
    return answer


@require_GET
async def history(request: HttpRequest) -> JsonResponse:
    """The last two minutes of telemetry, so that a page loaded again is not empty."""
    user = await sync_to_async(roles.require)(await request.auser(), roles.LOOK)
    hidden = await sync_to_async(foreign)(user, line.telemetry())
    return JsonResponse({"rows": [] if hidden else list(line.link().history)})


@require_GET
async def alarms(request: HttpRequest) -> JsonResponse:
    """What every page tells of the table; a locked console too."""
    user = await sync_to_async(roles.require)(await request.auser(), roles.LOOK)
    return JsonResponse(await sync_to_async(high_alarms)(user))


@login_not_required  # it asks by itself, after a stop has gone out
async def act(request: HttpRequest) -> HttpResponseBase:
    """Carry one act to the table and its answer back. Stop goes first and asks for no role."""
    do = request.POST.get("do", "")
    if request.method == "POST" and do == "stop":
        return await stopped(request)
    user = await request.auser()
    if not user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        return await said(request, await carried(request, do, user))
    except BadInput as refusal:
        return await cannot_be_used(request, refusal)
    except Barred as bar:
        return refused(str(bar), bar.status, **bar.more)
    except TableAway as away:
        return refused(str(away), 503)
    except DatabaseError as trouble:
        log.warning("%s was not sent: %s", do, trouble)
        return refused(UNWRITTEN, 503)
