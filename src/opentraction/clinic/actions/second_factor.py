"""The second step of signing in: a code from a phone (TOTP, RFC 6238, by django-otp), or a recovery code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.models import RecoveryCode
from opentraction.clinic.models.recovery_code import HOW_MANY, hash_of, new_code
from opentraction.quantities import BadInput, State


def has(user: User) -> bool:
    """Whether this user has one in use."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def required(user: User) -> bool:
    """Whether a clinic where this user works asks for one, for a role they have there."""
    rows = user.memberships.filter(active=True).select_related("clinic")
    return any(row.role in row.clinic.second_factor_for for row in rows)


def required_here(place: roles.Place) -> bool:
    """The same for the clinic where they act now; asked at every page, so without a look into the database."""
    return bool(place.roles & set(place.clinic.second_factor_for))


def waiting(user: User) -> TOTPDevice | None:
    """The one that is being set up."""
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return found


@transaction.atomic
def begin(user: User) -> TOTPDevice:
    """A new secret, not in use before a code from it was given."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    made: TOTPDevice = TOTPDevice.objects.create(user=user, name="phone", confirmed=False)
    return made


@transaction.atomic
def turn_on(user: User, code: str) -> list[str]:
    """The first code is right: in use from now on. The recovery codes, to be shown once. Raises BadInput."""
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(_digits(code)):
        raise BadInput("code", State("not right"), "the six digits that the phone shows now")
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save()
    record("turn on second factor", user, by=user)
    return _renew(user)


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Ten others; those from before open nothing any more."""
    if not has(user):
        raise BadInput("second factor", State("not in use"), "one that is turned on first")
    record("renew recovery codes", user, by=user)
    return _renew(user)


@transaction.atomic
def check(user: User, code: str, now: datetime) -> bool:
    """A code from the phone, each once, or a recovery code, each once."""
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is not None and device.verify_token(_digits(code)):
        return True
    spent = RecoveryCode.objects.filter(user=user, sha256=hash_of(code), used_at=None).update(used_at=now)
    if spent:
        left = RecoveryCode.objects.filter(user=user, used_at=None).count()
        record("use recovery code", user, by=user, left=left)
    return bool(spent)


@transaction.atomic
def turn_off(user: User, *, by: User | None, **detail: Any) -> None:
    """None any more: by the user, or reset by an administrator or whoever runs the machine."""
    TOTPDevice.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    record("turn off second factor" if by == user else "reset second factor", user, by=by, **detail)


def codes_left(user: User) -> int:
    """How many recovery codes still open."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def _renew(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = [new_code() for _ in range(HOW_MANY)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, sha256=hash_of(code)) for code in codes)
    return codes


def _digits(code: str) -> str:
    """Six digits, however they are spaced; anything else is no code of a phone."""
    plain = code.replace(" ", "")
    return plain if plain.isascii() and plain.isdecimal() and len(plain) == 6 else ""
