"""Who of the patients may sign in: staff invite, the patient sets a password of their own, staff may close it again.

A link and a birth date, which the front desk knows too, make a sign-in that sees the record and takes it home. So only
those who may look at the record anyway invite: they hand the link over. Closing is open to the desk.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.users import set_checked_password
from opentraction.clinic.in_turn import hold
from opentraction.clinic.models import Patient, PatientAccount
from opentraction.clinic.portal.models import Invitation
from opentraction.clinic.tokens import LASTS, TRIES, new_token, token_hash

LINKS_TOLD: Final = 10


@transaction.atomic
def invite(patient: Patient, *, by: User, now: datetime) -> tuple[Invitation, str]:
    """A new invitation and its word, which nobody can find again; one that was open before is closed.

    For somebody who has a sign-in already it leads to another password. Raises PermissionDenied for who may not look.
    """
    roles.require(by, roles.LOOK, of=patient)
    roles.require(by, roles.REGISTER, of=patient)
    hold(patient)
    _close_open(patient, now)
    token = new_token()
    row = Invitation(patient=patient, token_sha256=token_hash(token), made=now, made_by=by, expires=now + LASTS)
    row.save()
    record("invite to portal", row, by=by, expires=row.expires.isoformat())
    return row, token


def invitation_of(token: str) -> Invitation | None:
    """The invitation that this word belongs to, open or not."""
    return Invitation.objects.select_related("patient__clinic").filter(token_sha256=token_hash(token)).first()


@transaction.atomic
def join(invitation: Invitation, born: date | None, password: str, *, now: datetime) -> User | None:
    """The patient's sign-in with this password; None for a wrong birth date, which is counted. Raises BadInput.

    A password that cannot be used changes nothing, so that the same invitation may be tried again.
    """
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("patient__clinic")
    stored = rows.get(pk=invitation.pk)
    if not stored.is_open(now):
        return None
    patient = stored.patient
    if born != patient.birth_date:
        _wrong(stored, now)
        invitation.tries, invitation.closed = stored.tries, stored.closed
        return None
    account = PatientAccount.objects.select_related("user").filter(patient=patient).first()
    user = account.user if account else User(username=_free_name(patient))
    set_checked_password(user, password)
    user.is_active = True
    user.save()
    if account is None:
        PatientAccount.objects.create(user=user, patient=patient)
    roles.give(user, roles.PATIENT, patient.clinic, stored.made_by)
    stored.used = now
    stored.save()
    record("join portal" if account is None else "set password by invitation", stored, by=user)
    return user


@transaction.atomic
def close_access(patient: Patient, *, by: User, now: datetime) -> None:
    """No sign-in any more, and no open invitation. Pages that are open end with the next click."""
    roles.require(by, roles.REGISTER, of=patient)
    _close_open(patient, now)
    account = PatientAccount.objects.select_related("user").filter(patient=patient).first()
    if account is not None:
        roles.take(account.user, roles.PATIENT, patient.clinic, by)
        account.user.is_active = False
        account.user.save()
    record("close portal", patient, by=by)


def account_of(patient: Patient) -> PatientAccount | None:
    """The sign-in that is open; None where there is none."""
    rows = PatientAccount.objects.select_related("user")
    return rows.filter(patient=patient, user__is_active=True).first()


def open_invitation(patient: Patient, now: datetime) -> Invitation | None:
    """The invitation that still leads somewhere."""
    newest = Invitation.objects.filter(patient=patient).order_by("-id").first()
    return newest if newest is not None and newest.is_open(now) else None


def links_of(patient: Patient) -> list[Invitation]:
    """The latest links to a password, whoever made them: for the patient to see, and for staff."""
    return list(Invitation.objects.filter(patient=patient).select_related("made_by").order_by("-id")[:LINKS_TOLD])


def _close_open(patient: Patient, now: datetime) -> None:
    for old in Invitation.objects.filter(patient=patient, used=None, closed=None):
        old.closed = now
        old.save()


def _wrong(stored: Invitation, now: datetime) -> None:
    stored.tries += 1
    stored.closed = now if stored.tries >= TRIES else None
    stored.save()
    record("wrong birth date", stored, by=None, tries=stored.tries)


def _free_name(patient: Patient) -> str:
    """The pseudonym: it stands on the patient's papers, and says nobody's name."""
    names = [patient.pseudonym, *(f"{patient.pseudonym}-{n}" for n in range(2, 100))]
    return next(name for name in names if not User.objects.filter(username__iexact=name).exists())
