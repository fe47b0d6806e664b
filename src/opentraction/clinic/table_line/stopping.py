"""A stop: it goes out before anything is looked up or written, and asks for no role, no second factor and no clearance.

A browser that was known within the last minute, as every page that watches a pull is, is not looked up at all. Another
is, but only for a moment: where the database cannot say by then who asks, the stop is carried all the same. A needless
stop is harmless; one that waits is not. A browser without any sign-in is sent to sign in, and so is a patient's own,
which may be anywhere. Both the look-up and the note run apart from the request, so that its answer does not queue
behind them.
"""

from __future__ import annotations

import logging
from typing import Final

from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from opentraction.clinic import roles
from opentraction.clinic.actions.treatments import note_request
from opentraction.clinic.last_seen import last_seen
from opentraction.clinic.sight import bound_in
from opentraction.clinic.signed_in import who_is
from opentraction.clinic.table_line import beside, line
from opentraction.clinic.table_line.answers import refused, why_not
from opentraction.clinic.table_line.sessions import any_session
from opentraction.clinic.table_link import TableAway

NOBODY_KNOWS: Final = "someone the console could not look up"
log = logging.getLogger(__name__)


async def stopped(request: HttpRequest) -> HttpResponseBase:
    """Carry a stop to the table."""
    key = request.session.session_key
    if not key:
        return redirect_to_login(request.get_full_path())
    name = last_seen.who(key) or await _name_in_time(key)
    if not name:
        return redirect_to_login(request.get_full_path())
    try:
        answer = await line.link().request("stop", operator=name)
    except TableAway as away:
        await beside.for_a_moment(beside.begin(_note, key, name, _meant(request), None))
        return refused(str(away), 503)
    ok = answer.get("ok") is True
    await beside.for_a_moment(beside.begin(_note, key, name, _meant(request), ok))
    return JsonResponse({"ok": True}) if ok else refused(why_not(answer), 409)


def _meant(request: HttpRequest) -> tuple[str, str]:
    """The session of the page that stops, and the one bound to the table, which is what stops."""
    return request.POST.get("session", ""), bound_in(line.telemetry())


async def _name_in_time(key: str) -> str:
    """Who asks; empty for a stranger, and `NOBODY_KNOWS` when the database does not say in time."""
    looking = beside.begin(who_is, key)
    await beside.for_a_moment(looking)
    if not looking.done() or looking.exception() is not None:
        return NOBODY_KNOWS
    user = looking.result()
    return user.get_username() if user and not _only_a_patient(user) else ""


def _only_a_patient(user: User) -> bool:
    """Somebody who reads their own pages at home; who lies on the table has the remote in the hand."""
    place = roles.place_of(user)
    return place is not None and place.roles == {roles.PATIENT}


def _note(key: str, name: str, meant: tuple[str, str], ok: bool | None) -> None:
    """Who stopped, in the clinic's record, whether they may look at patients by now or not.

    Without a session, or a database, the table's own log has it, and this one too.
    """
    try:
        session = next((one for pk in meant for one in any_session(pk)), None)
        if session is None:
            log.warning("a stop by %s is not in the record of acts: no such session: %s", name, meant[0])
            return
        by = who_is(key) if name == NOBODY_KNOWS else User.objects.filter(username=name).first()
        sent = {} if by and by.get_username() == name else {"sent_as": name}
        note_request(session, "stop", {"ok": ok, **sent}, by=by)
    except DatabaseError as trouble:
        log.warning("a stop by %s is not in the record of acts: %s", name, trouble)
