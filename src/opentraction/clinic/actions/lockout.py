"""A locked table, as the record of acts has it."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.session.lockout import LONGEST_REASON


@transaction.atomic
def note_reset_asked(why: str, reason: str, *, by: User) -> None:
    """Before the table is asked: whatever becomes of the answer, the asking is in the record."""
    roles.require(by, roles.PRESCRIBE)
    record("ask for reset of locked table", by, by=by, why=why, reason=reason[:LONGEST_REASON])


@transaction.atomic
def note_reset(why: str, reason: str, ok: bool, *, by: User) -> None:
    """A clinician asked to reset a locked table, what was found and done, and whether the table took it."""
    roles.require(by, roles.PRESCRIBE)
    record("reset locked table", by, by=by, why=why, reason=reason[:LONGEST_REASON], ok=ok)
