"""Who asked what of the table, written before it is sent; what it answered, after."""

from __future__ import annotations

import logging

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.db import DatabaseError

from opentraction.clinic.acting import UNNOTED, Arguments
from opentraction.clinic.actions.treatments import note_answer, note_asked
from opentraction.clinic.models import AuditRow, TreatmentSession

log = logging.getLogger(__name__)


async def asked_for(session: TreatmentSession, do: str, asked: Arguments, user: User) -> AuditRow | None:
    """Before it is sent; where it cannot be written, nothing is sent. Raises DatabaseError."""
    if do in UNNOTED:
        return None
    detail = {name: value for name, value in asked.items() if name in {"to_n", "score", "plan_sha256"}}
    return await sync_to_async(note_asked)(session, do, detail, by=user)


async def answered(row: AuditRow | None, session: TreatmentSession, do: str, ok: bool | None, user: User) -> None:
    """After it. The table has acted by now, so what cannot be written is logged and the answer still told."""
    if row is None:
        return
    try:
        await sync_to_async(note_answer)(row, session, do, ok, by=user)
    except DatabaseError as trouble:
        log.warning("the answer to row %s is not in the record of acts: %s", row.pk, trouble)
