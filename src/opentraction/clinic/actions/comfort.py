"""A comfort score that is given after the session, when nobody asked in time."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.models import ComfortScore, TreatmentSession
from opentraction.quantities import BadInput

SCORES = range(11)


@transaction.atomic
def give_comfort(session: TreatmentSession, written: str, *, by: User) -> ComfortScore:
    """Keep the score of a session that has ended; while it runs the table records it. Raises BadInput."""
    roles.require(by, roles.TREAT)
    if written not in {str(score) for score in SCORES}:
        raise BadInput("score", written, "a whole number from 0 to 10")
    if not session.ending:
        raise BadInput("session", "still open", "a session that has ended; give the score on the treatment page")
    one = ComfortScore(session=session, score=int(written), by=by)
    one.save()
    record("give comfort score", session, by=by, score=one.score)
    return one
