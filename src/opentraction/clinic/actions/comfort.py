"""A comfort score that is given after the session: nobody asked in time, or the answer was wrong."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.models import ComfortScore, TreatmentSession
from opentraction.clinic.scores import score_of
from opentraction.quantities import BadInput


@transaction.atomic
def give_comfort(session: TreatmentSession, written: str, *, by: User) -> ComfortScore:
    """Keep the score of a session that has ended; while it runs the table records it. Raises BadInput."""
    roles.require(by, roles.TREAT, of=session)
    score = score_of(written)
    if not session.ending:
        raise BadInput("session", "still open", "a session that has ended; give the score on the treatment page")
    one = ComfortScore(session=session, score=score, by=by)
    one.save()
    record("give comfort score", session, by=by, score=one.score)
    return one
