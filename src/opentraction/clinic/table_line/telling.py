"""What the table hears of by itself: consent taken back, and a record that forbids the pull under way.

A page that watches says so each second, and with that the console looks. In set-up the table is not told of a record:
there arm and start ask, and whoever settles it goes on with the same set-up.
"""

from __future__ import annotations

import time
from typing import Final

from asgiref.sync import sync_to_async
from django.utils import timezone, translation

from opentraction.clinic.actions.treatments import note_request
from opentraction.clinic.consents.in_session import LOOKS, note_told, taken_back, told_by
from opentraction.clinic.models import TreatmentSession
from opentraction.clinic.table_line import line
from opentraction.clinic.table_line.sessions import UNDER_WAY, Message
from opentraction.clinic.table_line.stops_now import stops_now

clock = time.monotonic
LOOKED_EVERY_S: Final = 5.0
"""The whole record is asked no oftener than this [s]."""
RECORD: Final = "the clinic's record"
NOT_CLEARED: Final = "no longer cleared"
LONGEST: Final = 400
_told: set[int | str] = set()
"""Withdrawals, and sessions not cleared any more, that the table has heard of from this process.

Hearing of one twice changes nothing there.
"""
_looked: dict[str, float] = {}
"""When the record of a session was asked last [s]; of the session on the table only."""


async def of_what_changed(session: TreatmentSession, do: str, now: Message) -> None:
    """Before a lease, and before what would bring force."""
    if do in LOOKS:
        await _of_withdrawal(session)
    if do == "lease" and now.get("phase") in UNDER_WAY and _is_due(str(session.pk)):
        await _of_the_record(session)


async def _of_withdrawal(session: TreatmentSession) -> None:
    """A consent taken back by now, in the portal or by the staff, goes to the table before anything else does."""
    withdrawal = await sync_to_async(taken_back)(session)
    if withdrawal is None or withdrawal.pk in _told:
        return
    by = await sync_to_async(told_by)(withdrawal)
    answer = await line.link().request("withdrawn", session=str(session.pk), operator=by)
    if answer.get("ok") is True:
        _told.add(withdrawal.pk)
    await sync_to_async(note_told)(session, withdrawal, answer.get("ok") is True)


async def _of_the_record(session: TreatmentSession) -> None:
    """What was recorded during the pull and forbids one: it is let go as for consent taken back."""
    why = await sync_to_async(_in_english)(session)
    if not why:
        return
    answer = await line.link().request("uncleared", session=str(session.pk), operator=RECORD, why=why)
    ok = answer.get("ok") is True
    if ok:
        _told.add(str(session.pk))
    await sync_to_async(note_request)(session, NOT_CLEARED, {"ok": ok, "why": why}, by=None)


def _in_english(session: TreatmentSession) -> str:
    """One line of plain text for the recording, which has one language."""
    with translation.override("en"):
        said = stops_now(session, timezone.now())
    plain = "".join(sign for sign in said if sign.isprintable() or sign.isspace())
    return " ".join(plain.split())[:LONGEST]


def _is_due(session: str) -> bool:
    at = clock()
    if session in _told or at - _looked.get(session, at - LOOKED_EVERY_S) < LOOKED_EVERY_S:
        return False
    _looked.clear()
    _looked[session] = at
    return True
