"""Changing the prescription of a running session: first what would happen, then the act; the table decides both."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_http_methods

from opentraction.clinic import roles
from opentraction.clinic.actions.changes import change_prescription, note_change_asked, offered, plan_in_force
from opentraction.clinic.actions.treatments import note_request
from opentraction.clinic.context import force_unit
from opentraction.clinic.forms.saying import said_in
from opentraction.clinic.models import SignedPlan, TreatmentSession
from opentraction.clinic.pictures import plan_curve, plan_strip
from opentraction.clinic.reading import reading
from opentraction.clinic.recordings import take_in_changes_of
from opentraction.clinic.table_line.answers import UNWRITTEN
from opentraction.clinic.table_link import TableAway, shared_link
from opentraction.clinic.templatetags.amounts import force_both, forces_in, lasting, limit
from opentraction.prescription import Plan
from opentraction.quantities import BadInput

Message = dict[str, Any]
log = logging.getLogger(__name__)


@require_http_methods(["GET", "POST"])
async def change(request: HttpRequest, pk: UUID) -> JsonResponse:
    """GET: what a change would come to now. POST: change to the very plan that was shown (its `sha256`)."""
    user = await sync_to_async(roles.require)(await request.auser(), roles.PRESCRIBE)
    try:
        session, signed = await _both(user, pk)
        if request.method == "POST":
            return await _change(request, session, signed, user)
        await sync_to_async(reading)(request, session, "change of prescription, rehearsed")
        answer = await _ask(session, signed, user, rehearse=True)
        return await sync_to_async(_shown)(request, session, signed, answer)
    except BadInput as refusal:
        why = said_in(refusal, await sync_to_async(force_unit)(request))
        return JsonResponse({"ok": False, "why": why}, status=400)
    except TableAway as away:
        return JsonResponse({"ok": False, "why": str(away)}, status=503)
    except DatabaseError as trouble:
        log.warning("a change of prescription was not sent: %s", trouble)
        return JsonResponse({"ok": False, "why": UNWRITTEN}, status=503)


@require_GET
def plan(request: HttpRequest, pk: UUID) -> JsonResponse:
    """The plan that is pulled now, for a page that was drawn with another."""
    user = roles.require(request.user, roles.LOOK)
    session = get_object_or_404(TreatmentSession.objects.seen_by(user), pk=pk)
    reading(request, session, "plan in force")
    now = plan_in_force(session)
    return JsonResponse({"plan": plan_curve(now), "strip": plan_strip(now), "length": lasting(now.total_time)})


@sync_to_async
def _both(user: User, pk: UUID) -> tuple[TreatmentSession, SignedPlan]:
    rows = TreatmentSession.objects.seen_by(user, roles.PRESCRIBE).select_related("patient", "plan__prescription")
    session = get_object_or_404(rows, pk=pk)
    take_in_changes_of(session)
    return session, offered(session)


async def _ask(session: TreatmentSession, signed: SignedPlan, user: User, **more: Any) -> Message:
    """The table's answer; it knows where the treatment stands."""
    plan = {"plan": signed.canonical, "plan_sha256": signed.sha256}
    return await shared_link().request("change", session=str(session.pk), operator=user.get_username(), **plan, **more)


async def _change(request: HttpRequest, session: TreatmentSession, signed: SignedPlan, user: User) -> JsonResponse:
    if request.POST.get("sha256") != signed.sha256:
        raise BadInput("prescription", "another than was shown", "the newest signed one; look at it again")
    await sync_to_async(note_change_asked)(session, signed, by=user)
    answer = await _ask(session, signed, user)
    if answer.get("ok") is not True:
        detail = {"plan_sha256": signed.sha256, "ok": False}
        await _kept(note_request, session, "change prescription", detail, by=user)
        return _refused(answer, await sync_to_async(force_unit)(request))
    await _kept(change_prescription, session, signed, answer, by=user)
    return JsonResponse({"ok": True, "words": answer["words"]})


async def _kept(write: Callable[..., Any], session: TreatmentSession, *what: Any, by: User) -> None:
    """Written after the table has answered: what cannot be is logged, and the answer told; the recording has it too."""
    try:
        await sync_to_async(write)(session, *what, by=by)
    except DatabaseError as trouble:
        log.warning("the answer to a change of prescription by %s is not in the record yet: %s", by, trouble)


def _shown(request: HttpRequest, session: TreatmentSession, signed: SignedPlan, answer: Message) -> JsonResponse:
    """What would happen, in three sentences and the strip of the whole session."""
    unit, before = force_unit(request), plan_in_force(session)
    now = shared_link().telemetry or {}
    most = now.get("limit_n")
    if answer.get("ok") is not True:
        return _refused(answer, unit)
    after, new = Plan.from_canonical(answer["plan"]), Plan.from_canonical(signed.canonical)
    sentences = [
        f"{new.name}, version {signed.prescription.version}, {answer['words']}.",
        f"High force {force_both(new.peak, unit)}; until now {_until_now(before, most, unit)}.",
        f"The session then lasts {lasting(after.total_time)} with {after.cycles} pulls; before, "
        f"{lasting(before.total_time)} with {before.cycles}.",
    ]
    return JsonResponse(
        {
            "ok": True,
            "sentences": sentences,
            "strip": plan_strip(after, most, now.get("treatment_s") or 0.0),
            "sha256": signed.sha256,
        }
    )


def _until_now(before: Plan, most: float | None, unit: str) -> str:
    if most is None or most >= before.peak:
        return f"{force_both(before.peak, unit)} at most"
    return f"reduced to {limit(most, unit)}; signed {force_both(before.peak, unit)}"


def _refused(answer: Message, unit: str) -> JsonResponse:
    why = forces_in(answer.get("why") or "The table refused.", unit)
    return JsonResponse({"ok": False, "why": why}, status=409)
