"""Break the glass: a clinician opens a record of another clinic in an emergency, with a reason, to read, for an hour.

The door is always there and always watched: the opening and every look are in the record of acts of the patient's
clinic, and its administrators are told on their pages until one has seen it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.models import AuditRow, Clinic, Emergency, Patient
from opentraction.clinic.models.audit import READ
from opentraction.clinic.models.emergency import LASTS
from opentraction.quantities import BadInput, State

SHORTEST, LONGEST = 10, 400
WHO: Final = "the pseudonym, or family name and birth date, of a patient of another clinic here"


def open_record(who: str, born: str, reason: str, *, by: User, now: datetime) -> Emergency:
    """Open one patient's record to `by` for an hour. Raises BadInput; a search that found nobody is recorded too."""
    roles.require(by, roles.EMERGENCY)
    place = roles.place_of(by)
    assert place is not None
    reason = " ".join(reason.split())
    if not SHORTEST <= len(reason) <= LONGEST or not reason.isprintable():
        raise BadInput("reason", reason[:60], f"what happened, in {SHORTEST} to {LONGEST} characters")
    patient = _find(who.strip(), born.strip(), place.clinic)
    if patient is None:
        _note_nobody(place.clinic, by)
        raise BadInput("patient", State("not found"), WHO)
    return _open(patient, place.clinic, reason, by, now)


@transaction.atomic
def _open(patient: Patient, where: Clinic, reason: str, by: User, now: datetime) -> Emergency:
    one = Emergency(user=by, patient=patient, of_clinic=where, reason=reason, at=now, until=now + LASTS)
    one.save()
    for clinic in (patient.clinic, where):
        until = one.until.isoformat(timespec="seconds")
        record("open in an emergency", patient, by=by, clinic=clinic, reason=reason, emergency=where.name, until=until)
    return one


@transaction.atomic
def note_seen(one: Emergency, *, by: User, now: datetime) -> None:
    """An administrator of the patient's clinic knows of it."""
    roles.require(by, roles.MANAGE, of=one)
    if one.seen_at is None:
        one.seen_by_administrator, one.seen_at = by, now
        one.save()
        record("see emergency", one, by=by)


def unseen(place: roles.Place) -> list[Emergency]:
    """What an administrator of this clinic has still to see, each with how often the record was looked at."""
    rows = Emergency.objects.filter(patient__clinic=place.clinic, seen_at=None)
    found = list(rows.select_related("user", "of_clinic", "patient"))
    for one in found:
        looks = AuditRow.objects.filter(act=READ, by=one.user, patient=one.patient, at__gte=one.at, at__lte=one.until)
        one.reads = looks.count()  # type: ignore[attr-defined]
    return found


def open_now(place: roles.Place, now: datetime) -> list[Emergency]:
    """What stands open to this user, to be said on every page."""
    if not place.opened:
        return []
    return list(Emergency.objects.filter(user=place.user, until__gt=now).select_related("patient"))


@transaction.atomic
def _note_nobody(where: Clinic, by: User) -> None:
    """Somebody searched; whom is not kept, for it may be anybody's name."""
    record("search in an emergency, nobody found", where, by=by)


def _find(who: str, born: str, where: Clinic) -> Patient | None:
    """One patient of another clinic; nobody where the words fit several."""
    others = Patient.objects.exclude(clinic=where)
    number = who.upper().removeprefix("P-")
    if number.isascii() and number.isdecimal() and len(number) < 10:
        return others.filter(number=int(number)).first()
    day = _day(born)
    if not who or "\0" in who or day is None:
        return None
    found = list(others.filter(family_name__iexact=who, birth_date=day)[:2])
    return found[0] if len(found) == 1 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
