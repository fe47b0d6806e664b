"""The live line: what the table says, streamed to the browser, and what a person asks of it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotAllowed,
    JsonResponse,
    StreamingHttpResponse,
)
from django.views.decorators.http import require_GET

from opentraction.clinic import roles
from opentraction.clinic.acting import UNNOTED, Arguments, arguments
from opentraction.clinic.actions.treatments import note_answer, note_asked, note_request
from opentraction.clinic.apart import apart
from opentraction.clinic.consents.in_session import LOOKS, note_told, taken_back, told_by
from opentraction.clinic.context import force_unit
from opentraction.clinic.forms.saying import said_in
from opentraction.clinic.idle import UNTOUCHED_ACTS, WHY, is_locked
from opentraction.clinic.last_seen import last_seen
from opentraction.clinic.models import AuditRow, TreatmentSession
from opentraction.clinic.reading import reading_by
from opentraction.clinic.sight import Sight, bound_in, is_foreign, machine_only
from opentraction.clinic.signed_in import standing, who_is
from opentraction.clinic.table_link import TableAway, Viewer, shared_link
from opentraction.clinic.templatetags.amounts import forces_in
from opentraction.quantities import BadInput

log = logging.getLogger(__name__)
LOOKED_UP_S = 0.5
"""Longest that a stop, or its answer, waits for the database [s]."""
NOBODY_KNOWS = "someone the console could not look up"
UNWRITTEN = "Nothing was sent: the console cannot write down who asks. Stop still works."
_told: set[int] = set()
"""Withdrawals that the table has heard of from this process; hearing of one twice changes nothing there."""
_unfinished: set[asyncio.Future[Any]] = set()
STILL_HERE_S = 5.0
ASK_AGAIN_S = 1.0
AT_REST = {"idle", "setup", "stop test", "safe", "complete"}


@require_GET
async def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Server-sent events `link`, `document`, `telemetry`, and `over` last: until the browser leaves or may not look."""
    user = await sync_to_async(roles.require)(await request.auser(), roles.LOOK)
    key = request.session.session_key
    last_seen.saw(key, user.get_username())
    await _for_a_moment(apart(_note_stream, request, user))  # a clinician who watches a pull does not wait for it
    sight = Sight(await sync_to_async(_clinic_of)(user))

    async def allowed() -> bool:
        may_look, sight.mute = await standing(key)
        return may_look

    _, sight.mute = await standing(key)
    answer = StreamingHttpResponse(_events(allowed, sight), content_type="text/event-stream")
    answer["X-Accel-Buffering"] = "no"
    return answer


def _note_stream(request: HttpRequest, user: User) -> None:
    """That somebody began to watch, and whose session was on the table then."""
    session = next(iter(_any_session(bound_in(shared_link().telemetry or {}))), None)
    reading_by(user, request, session or user, "live stream")


def _clinic_of(user: User) -> int:
    """Where the reader acts; whoever may look acts somewhere."""
    place = roles.place_of(user)
    return place.clinic.pk if place else 0


async def _events(allowed: Callable[[], Awaitable[bool]], sight: Sight | None = None) -> AsyncIterator[bytes]:
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
                    seen = body if sight is None else await sight.through(kind, body)
                    if seen is not None:
                        yield _event(kind, seen)
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
    user = await sync_to_async(roles.require)(await request.auser(), roles.LOOK)
    hidden = await sync_to_async(_foreign)(user, shared_link().telemetry or {})
    return JsonResponse({"rows": [] if hidden else list(shared_link().history)})


def _foreign(user: User, telemetry: dict[str, Any]) -> bool:
    """Whether what is on the table is another clinic's."""
    bound = bound_in(telemetry)
    return bool(bound) and is_foreign(bound, _clinic_of(user))


@login_not_required  # it asks by itself, after a stop has gone out
async def act(request: HttpRequest) -> HttpResponseBase:
    """Carry one act to the table and its answer back. Stop goes first and asks for no role."""
    do = request.POST.get("do", "")
    if request.method == "POST" and do == "stop":
        return await _stop(request)
    user = await request.auser()
    if not user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        return await _said(request, await _carried(request, do, user))
    except BadInput as refusal:
        why = said_in(refusal, await sync_to_async(force_unit)(request))
        return JsonResponse({"ok": False, "why": why, "where": refusal.where}, status=400)
    except TableAway as away:
        return JsonResponse({"ok": False, "why": str(away)}, status=503)
    except DatabaseError as trouble:
        log.warning("%s was not sent: %s", do, trouble)
        return JsonResponse({"ok": False, "why": UNWRITTEN}, status=503)


async def _carried(request: HttpRequest, do: str, user: Any) -> dict[str, Any]:
    """The table's answer. Who asked is written before it is sent, what was answered after."""
    operator = await sync_to_async(roles.require)(user, roles.TREAT)
    if do not in UNTOUCHED_ACTS and await sync_to_async(is_locked)(getattr(user, "seat", None), roles.place_of(user)):
        return {"ok": False, "why": WHY, "locked": True}
    last_seen.saw(request.session.session_key, operator.get_username())
    session, link = await _session(request, user), shared_link()
    now = link.telemetry or {}
    if bound_in(now) != str(session.pk) and await sync_to_async(_foreign)(operator, now):
        now = machine_only(now)
    _right_session(do, session, now)
    if do in LOOKS and bound_in(now) == str(session.pk):
        await _tell_of_withdrawal(session)
    asked = await sync_to_async(arguments)(do, request.POST, now, session)
    row = await _note_asked(session, do, asked, operator)
    answer: dict[str, Any] = {}
    try:
        answer = await link.request(do, **asked, **_who(do, operator))
    finally:
        # Without an answer the table may have heard it all the same; that none came is kept too.
        await _note_answer(row, session, do, answer, operator)
    return answer


async def _tell_of_withdrawal(session: TreatmentSession) -> None:
    """A consent taken back by now, in the portal or by the staff, goes to the table before anything else does."""
    withdrawal = await sync_to_async(taken_back)(session)
    if withdrawal is None or withdrawal.pk in _told:
        return
    by = await sync_to_async(told_by)(withdrawal)
    answer = await shared_link().request("withdrawn", session=str(session.pk), operator=by)
    if answer.get("ok") is True:
        _told.add(withdrawal.pk)
    await sync_to_async(note_told)(session, withdrawal, answer.get("ok") is True)


async def _stop(request: HttpRequest) -> HttpResponseBase:
    """Stop goes out before anything is looked up or written; it waits for no database.

    A browser that was known within the last minute, as every page that watches a pull is, is not looked up at all.
    Another is, but only for `LOOKED_UP_S`: where the database cannot say by then who asks, the stop is carried all the
    same. A needless stop is harmless; one that waits is not. A browser without any sign-in is sent to sign in, and so
    is a patient's own, which may be anywhere.
    Both the look-up and the note run apart from the request, so that its answer does not queue behind them.
    """
    key = request.session.session_key
    if not key:
        return redirect_to_login(request.get_full_path())
    name = last_seen.who(key) or await _name_in_time(key)
    if not name:
        return redirect_to_login(request.get_full_path())
    try:
        answer = await shared_link().request("stop", operator=name)
    except TableAway as away:
        await _for_a_moment(apart(_note_stop, key, name, _meant(request), None))
        return JsonResponse({"ok": False, "why": str(away)}, status=503)
    ok = answer.get("ok") is True
    await _for_a_moment(apart(_note_stop, key, name, _meant(request), ok))
    return JsonResponse({"ok": True}) if ok else JsonResponse(_refused(answer), status=409)


def _meant(request: HttpRequest) -> tuple[str, str]:
    """The session of the page that stops, and the one bound to the table, which is what stops."""
    bound = ((shared_link().telemetry or {}).get("bound") or {}).get("session")
    return request.POST.get("session", ""), str(bound or "")


async def _name_in_time(key: str) -> str:
    """Who asks; empty for a stranger, and `NOBODY_KNOWS` when the database does not say in time."""
    looking = apart(who_is, key)
    await _for_a_moment(looking)
    if not looking.done() or looking.exception() is not None:
        return NOBODY_KNOWS
    user = looking.result()
    return user.get_username() if user and not _only_a_patient(user) else ""


def _only_a_patient(user: User) -> bool:
    """Somebody who reads their own pages at home; who lies on the table has the remote in the hand."""
    place = roles.place_of(user)
    return place is not None and place.roles == {roles.PATIENT}


async def _for_a_moment(work: asyncio.Future[Any]) -> None:
    """Wait `LOOKED_UP_S` at most; it goes on by itself, and what goes wrong is logged."""
    _unfinished.add(work)
    work.add_done_callback(_done)
    await asyncio.wait({work}, timeout=LOOKED_UP_S)


def _done(work: asyncio.Future[Any]) -> None:
    _unfinished.discard(work)
    if not work.cancelled() and work.exception() is not None:
        log.warning("beside a request the database did not answer: %s", work.exception())


def _note_stop(key: str, name: str, meant: tuple[str, str], ok: bool | None) -> None:
    """Who stopped, in the clinic's record, whether they may look at patients by now or not.

    Without a session, or a database, the table's own log has it, and this one too.
    """
    try:
        session = next((one for pk in meant for one in _any_session(pk)), None)
        if session is None:
            log.warning("a stop by %s is not in the record of acts: no such session: %s", name, meant[0])
            return
        by = who_is(key) if name == NOBODY_KNOWS else User.objects.filter(username=name).first()
        sent = {} if by and by.get_username() == name else {"sent_as": name}
        note_request(session, "stop", {"ok": ok, **sent}, by=by)
    except DatabaseError as trouble:
        log.warning("a stop by %s is not in the record of acts: %s", name, trouble)


def _any_session(pk: str) -> list[TreatmentSession]:
    """The session of that number, whoever asks; none for what is no number of a session."""
    try:
        return list(TreatmentSession.objects.filter(pk=pk).select_related("patient"))
    except (ValidationError, ValueError):
        return []


async def _said(request: HttpRequest, answer: dict[str, Any]) -> JsonResponse:
    if answer.get("ok") is True:
        return JsonResponse({"ok": True})
    said = _refused(answer)
    return JsonResponse({**said, "why": await _in_their_unit(request, said["why"])}, status=409)


def _refused(answer: dict[str, Any]) -> dict[str, Any]:
    return {"ok": False, "why": answer.get("why") or "The table refused."}


async def _in_their_unit(request: HttpRequest, why: str) -> str:
    """A refusal with its forces in both units, the reader's first."""
    return forces_in(why, await sync_to_async(force_unit)(request)) if " N" in why else why


def _who(do: str, user: User) -> dict[str, str]:
    if do == "simulate":
        return {}
    return {"viewer": user.get_username()} if do == "lease" else {"operator": user.get_username()}


@sync_to_async
def _session(request: HttpRequest, user: Any) -> TreatmentSession:
    rows = TreatmentSession.objects.seen_by(user, roles.TREAT).select_related("patient", "plan__prescription")
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


async def _note_asked(session: TreatmentSession, do: str, asked: Arguments, user: User) -> AuditRow | None:
    """Before it is sent; where it cannot be written, nothing is sent."""
    if do in UNNOTED:
        return None
    detail = {name: value for name, value in asked.items() if name in {"to_n", "score", "plan_sha256"}}
    return await sync_to_async(note_asked)(session, do, detail, by=user)


async def _note_answer(
    row: AuditRow | None, session: TreatmentSession, do: str, answer: dict[str, Any], user: User
) -> None:
    """After it. The table has acted by now, so what cannot be written is logged and the answer still told."""
    if row is None:
        return
    try:
        await sync_to_async(note_answer)(row, session, do, answer.get("ok") is True if answer else None, by=user)
    except DatabaseError as trouble:
        log.warning("the answer to row %s is not in the record of acts: %s", row.pk, trouble)
