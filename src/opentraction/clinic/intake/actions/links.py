"""The patient's own way in: a link that staff make, a birth date that opens it, and its end."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.intake.models import Intake, IntakeLink
from opentraction.clinic.tokens import LASTS, TRIES, new_token, token_hash
from opentraction.screening import LANGUAGES


@transaction.atomic
def make_link(intake: Intake, *, by: User, now: datetime) -> tuple[IntakeLink, str]:
    """A new link and its word, which nobody can find again afterwards; one that was open before is closed.

    Patients make their own, from the portal, for an intake that the clinic has begun.
    """
    place = roles.place_of(by)
    own = place is not None and place.patient == intake.patient_id
    roles.require(by, roles.PORTAL if own else roles.SCREEN, of=intake)
    for old in intake.links.filter(closed=None):
        old.closed = now
        old.save()
    token = new_token()
    link = IntakeLink(intake=intake, token_sha256=token_hash(token), made=now, made_by=by, expires=now + LASTS)
    link.save()
    record("make intake link", link, by=by, expires=link.expires.isoformat())
    return link, token


@transaction.atomic
def close_link(link: IntakeLink, *, by: User, now: datetime) -> None:
    """Close it by hand."""
    roles.require(by, roles.SCREEN, of=link)
    if link.closed is None:
        link.closed = now
        link.save()
        record("close intake link", link, by=by)


def link_of(token: str) -> IntakeLink | None:
    """The link that this word belongs to, open or not."""
    rows = IntakeLink.objects.select_related("intake__patient__clinic")
    return rows.filter(token_sha256=token_hash(token)).first()


@transaction.atomic
def open_link(link: IntakeLink, born: date | None, language: str, *, now: datetime) -> bool:
    """Whether the birth date is the patient's; a wrong one is counted, and the last one closes the link."""
    stored = IntakeLink.objects.select_for_update(of=("self",)).select_related("intake__patient").get(pk=link.pk)
    if not stored.is_open(now):
        return False
    right = born is not None and born == stored.intake.patient.birth_date
    if right:
        stored.opened, stored.tries = now, 0
        _speak(stored.intake, language)
    else:
        stored.tries += 1
        stored.closed = now if stored.tries >= TRIES else None
    stored.save()
    record("open intake link" if right else "wrong birth date", stored, by=None, tries=stored.tries)
    link.tries, link.closed = stored.tries, stored.closed
    return right


def _speak(intake: Intake, language: str) -> None:
    if language in LANGUAGES and language != intake.language:
        intake.language = language
        intake.save()


@transaction.atomic
def speak(intake: Intake, language: str) -> None:
    """The patient reads on in another language."""
    stored = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    _speak(stored, language)
    intake.language = stored.language


@transaction.atomic
def finish_own_part(link: IntakeLink, *, now: datetime) -> None:
    """The patient has come to the end; the link leads nowhere from here on."""
    intake = Intake.objects.select_for_update(of=("self",)).get(pk=link.intake_id)
    intake.patient_done = now
    intake.save()
    link.closed = now
    link.save()
    record("finish own part of intake", intake, by=None, told_by="patient")
