"""Which session a browser means, and which one is on the table."""

from __future__ import annotations

from typing import Any, Final

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest

from opentraction.clinic import roles
from opentraction.clinic.models import TreatmentSession
from opentraction.clinic.sight import bound_in, is_foreign
from opentraction.quantities import BadInput

Message = dict[str, Any]
AT_REST: Final = frozenset({"idle", "setup", "stop test", "safe", "complete"})
UNDER_WAY: Final = frozenset({"pretension", "rise", "hold", "fall", "rest", "pause release", "paused", "resume"})
"""Phases of a pull that goes on, or would."""


@sync_to_async
def session_of(request: HttpRequest, user: Any) -> TreatmentSession:
    """The session of the page that asks, where its user treats. Raises Http404."""
    rows = TreatmentSession.objects.seen_by(user, roles.TREAT).select_related("patient__clinic", "plan__prescription")
    try:
        return rows.get(pk=request.POST.get("session", ""))
    except (TreatmentSession.DoesNotExist, ValidationError, ValueError):
        raise Http404 from None


def any_session(pk: str) -> list[TreatmentSession]:
    """The session of that number, whoever asks; none for what is no number of a session."""
    try:
        return list(TreatmentSession.objects.filter(pk=pk).select_related("patient"))
    except (ValidationError, ValueError):
        return []


def clinic_of(user: User) -> int:
    """Where the reader acts; whoever may look acts somewhere."""
    place = roles.place_of(user)
    return place.clinic.pk if place else 0


def foreign(user: User, telemetry: Message) -> bool:
    """Whether what is on the table is another clinic's."""
    bound = bound_in(telemetry)
    return bool(bound) and is_foreign(bound, clinic_of(user))


def right_session(do: str, session: TreatmentSession, now: Message) -> None:
    """An act from one patient's page never reaches another's session; a table at rest may be bound anew.

    Until the first telemetry nobody knows whose session is on the table, so nothing passes (stop has gone before).
    """
    if not now:
        raise BadInput("act", do, "an act once the table has said what is bound to it; wait a second, then ask again")
    bound = (now.get("bound") or {}).get("session")
    if bound is None or bound == str(session.pk) or (do == "bind" and now.get("phase") in AT_REST):
        return
    raise BadInput("session", str(session.pk), "the session that is bound to the table; open that one, or end it first")
