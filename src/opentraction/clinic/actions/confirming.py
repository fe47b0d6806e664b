"""Who signs gives the password again: a screen that was left open is no signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User

from opentraction.clinic.actions.signing_in import Try, begin_try, forget_tries, in_words, note_bad_try
from opentraction.quantities import BadInput, State

RECENT: Final = timedelta(minutes=2)


@dataclass(frozen=True)
class Confirmed:
    """That a user is who they say: when, and how (`models.signature.CONFIRMED`)."""

    user: int
    at: datetime
    how: str

    def holds(self, user: User, now: datetime) -> bool:
        """For this user, and not for longer than two minutes."""
        return self.user == user.pk and timedelta(0) <= now - self.at <= RECENT


def confirm(user: User, password: str, one: Try, now: datetime) -> Confirmed:
    """Check the password, as a try that is counted with those of signing in. Raises BadInput."""
    wait = begin_try(one, now)
    if wait > timedelta(0):
        raise BadInput("password", State("tried too often"), f"another try in {in_words(wait)}")
    if not check_password(password, user.password):
        note_bad_try(one)
        raise BadInput("password", State("not right"), "your own, as at signing in")
    forget_tries(one)
    return Confirmed(user.pk, now, "password")
