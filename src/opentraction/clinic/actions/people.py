"""People of one clinic, as its administrator keeps them: who works here as what.

An administrator reaches the people of their own clinic. Somebody who works in another one too keeps their password and
second factor: who could set these could act there. The command line can.
"""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.actions import second_factor, users
from opentraction.clinic.actions.audit import record
from opentraction.clinic.api.actions.keys import close_keys_of
from opentraction.clinic.models import Clinic
from opentraction.quantities import BadInput, State


def clinic_of(by: User) -> Clinic:
    """Where `by` is an administrator. Raises PermissionDenied."""
    roles.require(by, roles.MANAGE)
    place = roles.place_of(by)
    assert place is not None
    return place.clinic


def people_of(by: User) -> QuerySet[User]:
    """Everybody who works or worked in the clinic of `by`."""
    rows = User.objects.filter(memberships__clinic=clinic_of(by)).exclude(memberships__role=roles.PATIENT)
    return rows.distinct().order_by("username")


@transaction.atomic
def add_person(name: str, full_name: str, role: str, password: str, *, by: User) -> User:
    """A new user of this clinic. Raises BadInput."""
    where = clinic_of(by)
    user = users.add_user(name, role, password, by=by, clinic=where)
    _call(user, full_name)
    return user


@transaction.atomic
def change_roles(user: User, wanted: set[str], *, by: User) -> None:
    """Exactly these roles here, from now on. Raises BadInput."""
    where = _theirs(user, by)
    for role in wanted:
        users.check_role(role)
    held = set(user.memberships.filter(clinic=where, active=True).values_list("role", flat=True))
    if roles.ADMINISTRATOR in held - wanted:
        _one_administrator_stays(user, where)
    for role in sorted(wanted - held):
        users.give_role(user.username, role, where, by=by)
    for role in sorted(held - wanted - {roles.PATIENT}):
        users.take_role(user.username, role, where, by=by)


@transaction.atomic
def close(user: User, *, by: User) -> None:
    """No more acting here; who works nowhere else cannot sign in any more. What they signed and did stays theirs."""
    where = _theirs(user, by)
    _one_administrator_stays(user, where)
    if works_only_in(user, where):
        users.set_active(user.username, False, by=by)  # roles stay, for the day they come back
    else:
        change_roles(user, set(), by=by)


@transaction.atomic
def reopen(user: User, *, by: User) -> None:
    """May sign in again, with the roles that were left."""
    where = _theirs(user, by)
    _only_here(user, where)
    users.set_active(user.username, True, by=by)


@transaction.atomic
def reset_second_factor(user: User, *, by: User) -> None:
    """For who lost phone and codes; the password alone signs in until it is set up again."""
    _only_here(user, _theirs(user, by))
    second_factor.turn_off(user, by=by)


@transaction.atomic
def set_password(user: User, password: str, *, by: User) -> None:
    """For who forgot it, or lost it to somebody; every page this user has open ends, and every key. Raises BadInput."""
    _only_here(user, _theirs(user, by))
    users.set_checked_password(user, password)
    user.save()
    record("set password", user, by=by)
    close_keys_of(user, by=by, now=timezone.now())


@transaction.atomic
def rename(user: User, full_name: str, *, by: User) -> None:
    """The name that stands in letters and signatures from now on."""
    _theirs(user, by)
    was = user.get_full_name()
    _call(user, full_name)
    record("rename user", user, by=by, was=was, now=full_name)


def works_only_in(user: User, where: Clinic) -> bool:
    """Whether all the user's roles are in this clinic."""
    return not user.memberships.filter(active=True).exclude(clinic=where).exists()


def _theirs(user: User, by: User) -> Clinic:
    where = clinic_of(by)
    if not people_of(by).filter(pk=user.pk).exists():
        raise PermissionDenied("This person does not work here.")
    return where


def _only_here(user: User, where: Clinic) -> None:
    if not works_only_in(user, where):
        raise BadInput("person", user.username, "one who works here only; the command line can do this for others")


def _one_administrator_stays(user: User, where: Clinic) -> None:
    """A clinic that nobody can administer is locked for good."""
    others = where.memberships.filter(role=roles.ADMINISTRATOR, active=True, user__is_active=True).exclude(user=user)
    holds = where.memberships.filter(role=roles.ADMINISTRATOR, active=True, user=user).exists()
    if holds and not others.exists():
        raise BadInput("administrator", State("the last one"), "another administrator here first")


def _call(user: User, full_name: str) -> None:
    if len(full_name) > 140 or not (full_name.isprintable() or not full_name):
        raise BadInput("full name", full_name, "at most 140 letters on one line")
    user.first_name, _, user.last_name = full_name.strip().rpartition(" ")
    user.save(update_fields=["first_name", "last_name"])
