"""Is the person behind an open stream still signed in? It outlives the sign-in it began with, so it is asked again.

The session row is gone after a sign-out and out of date after its time; the user may have been closed, changed the
password or lost the role. Any of these ends the stream, and with it the lease that its page kept.
"""

from __future__ import annotations

import logging

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, connection
from django.http import HttpRequest

from opentraction.clinic import idle, roles
from opentraction.clinic.apart import let_go
from opentraction.clinic.seats import known_seat, place

log = logging.getLogger(__name__)


async def may_still_look(session_key: str | None) -> bool:
    """Whether this session stands, its user is active and may look.

    A database that does not answer ends no stream: a clinician who watches a pull goes on watching.
    """
    return (await standing(session_key))[0]


@sync_to_async
def standing(session_key: str | None) -> tuple[bool, bool]:
    """Whether the reader may still look, and whether the seat is locked; on as before where nobody can be asked."""
    try:
        user = who_is(session_key)
        if user is None:
            return False, False
        return roles.may(user, roles.LOOK), idle.is_locked(getattr(user, "seat", None), roles.place_of(user))
    except DatabaseError as trouble:
        connection.close()  # the next time it is asked anew
        log.warning("nobody could be asked whether a stream may go on: %s", trouble)
        return True, False
    finally:
        let_go()  # a stream lasts for hours


def who_is(session_key: str | None) -> User | None:
    """Whose sign-in this is; nobody's once it is gone or out of date, or its user was disabled."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = get_user(request)
    return place(user, known_seat(session_key, user)) if isinstance(user, User) else None
