"""Locking a console and unlocking it, as the record of acts has it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.second_factor import check, has
from opentraction.clinic.actions.signing_in import Try, begin_try, forget_tries, in_words, note_bad_try
from opentraction.clinic.models import Seat
from opentraction.quantities import BadInput, State


@transaction.atomic
def lock(seat: Seat, now: datetime, *, idle: bool) -> None:
    """Close the seat's records. Once: asked by several pages it is one act."""
    if Seat.objects.filter(pk=seat.pk, locked_at=None).update(locked_at=now):
        record("lock console", seat.user, by=seat.user, idle=idle)
    seat.locked_at = now


def unlock(seat: Seat, word: str, one: Try, now: datetime) -> None:
    """Open them again, with the password or a code from the phone; counted like a sign-in. Raises BadInput."""
    wait = begin_try(one, now)
    if wait > timedelta(0):
        raise BadInput("password", State("tried too often"), f"another try in {in_words(wait)}")
    by_password = check_password(word, seat.user.password)
    if not by_password and not (has(seat.user) and check(seat.user, word, now)):
        note_bad_try(one)
        raise BadInput("password", State("not right"), "your own, as at signing in")
    forget_tries(one)
    _open(seat, seat.user, now, by_password)


@transaction.atomic
def _open(seat: Seat, user: User, now: datetime, by_password: bool) -> None:
    confirmed = {"confirmed_at": now} if by_password else {}
    Seat.objects.filter(pk=seat.pk).update(locked_at=None, last_input=now, **confirmed)
    record("unlock console", user, by=user)
