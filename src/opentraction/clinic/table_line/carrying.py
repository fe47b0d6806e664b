"""One act of a person, other than a stop, to the table and its answer back."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.http import HttpRequest

from opentraction.clinic.acting import Arguments, arguments
from opentraction.clinic.last_seen import last_seen
from opentraction.clinic.models import TreatmentSession
from opentraction.clinic.sight import bound_in, machine_only
from opentraction.clinic.table_line import line, noting, telling
from opentraction.clinic.table_line.permitted import BRING_FORCE, operator_for, still_cleared
from opentraction.clinic.table_line.sessions import Message, foreign, right_session, session_of


async def carried(request: HttpRequest, do: str, user: Any) -> Message:
    """The table's answer. Raises Barred, BadInput, PermissionDenied, Http404, TableAway, DatabaseError.

    Who asked is written before it is sent, what was answered after.
    """
    operator = await sync_to_async(operator_for)(user, do)
    last_seen.saw(request.session.session_key, operator.get_username())
    session = await session_of(request, user)
    now = await _seen_by(operator, session)
    right_session(do, session, now)
    if bound_in(now) == str(session.pk):
        await telling.of_what_changed(session, do, now)
    if do in BRING_FORCE:  # nothing else waits for it
        await sync_to_async(still_cleared)(session)
    asked = await sync_to_async(arguments)(do, request.POST, now, session)
    return await _sent(session, do, asked, operator)


async def _seen_by(operator: User, session: TreatmentSession) -> Message:
    """What the table says, without the patient where that is another clinic's."""
    now = line.telemetry()
    if bound_in(now) != str(session.pk) and await sync_to_async(foreign)(operator, now):
        return machine_only(now)
    return now


async def _sent(session: TreatmentSession, do: str, asked: Arguments, operator: User) -> Message:
    row = await noting.asked_for(session, do, asked, operator)
    answer: Message = {}
    try:
        answer = await line.link().request(do, **asked, **_who(do, operator))
    finally:
        # Without an answer the table may have heard it all the same; that none came is kept too.
        ok = answer.get("ok") is True if answer else None
        await noting.answered(row, session, do, ok, operator)
    return answer


def _who(do: str, user: User) -> dict[str, str]:
    if do == "simulate":
        return {}
    return {"viewer": user.get_username()} if do == "lease" else {"operator": user.get_username()}
