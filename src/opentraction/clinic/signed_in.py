"""Is the person behind an open stream still signed in? It outlives the sign-in it began with, so it is asked again.

The session row is gone after a sign-out and out of date after its time; the user may have been closed, changed the
password or lost the role. Any of these ends the stream, and with it the lease that its page kept.
"""

from __future__ import annotations

import logging

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, connection
from django.http import HttpRequest

from opentraction.clinic import roles

log = logging.getLogger(__name__)


@sync_to_async
def may_still_look(session_key: str | None) -> bool:
    """Whether this session stands, its user is active and may look.

    A database that does not answer ends no stream: a clinician who watches a pull goes on watching.
    """
    request = HttpRequest()
    request.session = SessionStore(session_key)
    try:
        return roles.may(get_user(request), roles.LOOK)
    except DatabaseError as trouble:
        connection.close()  # the next time it is asked anew
        log.warning("nobody could be asked whether a stream may go on: %s", trouble)
        return True
