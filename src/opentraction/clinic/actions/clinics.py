"""Clinics of this installation: adding one, its settings, and in which of them a user acts."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.models import Clinic, Seat
from opentraction.clinic.models.clinic import LANGUAGES
from opentraction.quantities import BadInput

LONGEST_IDLE_MIN = 60
_LENGTHS = {"name": 120, "address": 400, "phone": 60, "email": 120, "web": 120, "registration": 120}


@transaction.atomic
def add_clinic(name: str, *, author: str) -> Clinic:
    """Another clinic of this installation, with nobody in it yet. Raises BadInput for a name that is taken or none."""
    _free_name(name, None)
    clinic = Clinic.objects.create(name=name)
    record("add clinic", clinic, by=None, author=author)
    return clinic


@transaction.atomic
def change_clinic(clinic: Clinic, values: dict[str, Any], *, by: User) -> Clinic:
    """The clinic's particulars and house rules. Raises BadInput; the audit row names the fields that changed."""
    roles.require(by, roles.MANAGE, of=clinic)
    _check(values, clinic)
    changed = {name: value for name, value in values.items() if getattr(clinic, name) != value}
    was = {name: getattr(clinic, name) for name in changed}
    for name, value in changed.items():
        setattr(clinic, name, value)
    clinic.save()
    record("change clinic", clinic, by=by, was=was, now=changed)
    return clinic


@transaction.atomic
def choose(seat: Seat | None, clinic: Clinic, *, by: User) -> None:
    """Act in this clinic from now on, at this browser."""
    if seat is None or not by.memberships.filter(clinic=clinic, active=True).exists():
        raise BadInput("clinic", clinic.name, "a clinic where you work")
    Seat.objects.filter(pk=seat.pk).update(clinic=clinic)
    record("choose clinic", clinic, by=by)


def find_clinic(name: str) -> Clinic:
    """The clinic of that name. Raises BadInput."""
    found = Clinic.objects.filter(name=name).first()
    if found is None:
        raise BadInput("clinic", name, "one of " + ", ".join(Clinic.objects.values_list("name", flat=True)))
    return found


def _free_name(name: str, but: Clinic | None) -> None:
    if not name.strip() or len(name) > _LENGTHS["name"] or not name.isprintable():
        raise BadInput("name", name, "1 to 120 letters")
    taken = Clinic.objects.filter(name__iexact=name)
    if (taken.exclude(pk=but.pk) if but else taken).exists():
        raise BadInput("name", name, "a name that no clinic here has yet")


def _check(values: dict[str, Any], clinic: Clinic) -> None:
    if "name" in values:
        _free_name(values["name"], clinic)
    for name, longest in _LENGTHS.items():
        text = str(values.get(name, ""))
        if len(text) > longest or "\0" in text:
            raise BadInput(name, text, f"at most {longest} characters")
    if values.get("email"):
        try:
            validate_email(values["email"])
        except ValidationError:
            raise BadInput("email", values["email"], "an address such as desk@clinic.example") from None
    _house_rules(values)


def _house_rules(values: dict[str, Any]) -> None:
    zone, minutes = values.get("time_zone", "UTC"), values.get("idle_min", 10)
    if zone not in available_timezones():
        raise BadInput("time zone", zone, "a zone such as Europe/Rome or America/New_York")
    if values.get("language", "en") not in dict(LANGUAGES):
        raise BadInput("language", values["language"], "one of " + ", ".join(dict(LANGUAGES)))
    if not isinstance(minutes, int) or not 1 <= minutes <= LONGEST_IDLE_MIN:
        raise BadInput("idle lock", minutes, f"a whole number of minutes from 1 to {LONGEST_IDLE_MIN}")
    strange = set(values.get("second_factor_for", [])) - set(roles.ROLES)
    if strange:
        raise BadInput("second factor", ", ".join(sorted(strange)), "roles: " + ", ".join(roles.ROLES))
